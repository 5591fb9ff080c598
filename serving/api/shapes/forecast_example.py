"""What forecasts for areas look like: two cells that make up a country."""

from typing import Any


def _number(mean: float, low_95: int, low_80: int, high_80: int, high_95: int) -> dict[str, Any]:
    return {"mean": mean, "low_80": low_80, "high_80": high_80, "low_95": low_95, "high_95": high_95}


_QUARTER = _number(53.2, 38, 43, 63, 70)

FORECASTS: dict[str, Any] = {
    "as_of": "2026-11-03",
    "simulated": True,
    "forecasts": [
        {
            "id": "births",
            "title": {"vi": "Trẻ được sinh ra", "en": "Births"},
            "about": {"vi": "Số trẻ được sinh ra.", "en": "Children born to women who live in the area."},
            "areas": ["province", "urban"],
            "least": 10,
            "quarters": [
                {"after": "2026-11-03", "until": "2027-02-03"},
                {"after": "2027-02-03", "until": "2027-05-03"},
                {"after": "2027-05-03", "until": "2027-08-03"},
                {"after": "2027-08-03", "until": "2027-11-03"},
            ],
            "learned_from": {"after": "2018-11-03", "until": "2026-11-03"},
            "country": {
                "codes": [],
                "merged": [],
                "people": 1177,
                "year": _number(212.8, 175, 188, 238, 252),
                "quarters": [_QUARTER] * 4,
            },
            "cells": [
                {
                    "codes": ["79", "true"],
                    "merged": [],
                    "people": 745,
                    "year": _number(138.4, 109, 120, 157, 168),
                    "quarters": [],
                },
                {
                    "codes": [],
                    "merged": ["12", "20"],
                    "people": 432,
                    "year": _number(74.4, 53, 61, 88, 96),
                    "quarters": [],
                },
            ],
        }
    ],
}
