"""Forecasts for areas. The command `forecast` saves them as the ledger's report `forecasts`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import ConfigDict

from lifeevents.domain.forecast import AreaForecast
from serving.api.shapes.coverage import Reported
from serving.api.shapes.forecast_example import FORECASTS


class ForecastsView(Reported):
    """Every forecast, made from what was known at the end of `as_of`. `simulated`: of people who do not exist."""

    model_config = ConfigDict(json_schema_extra={"examples": [FORECASTS]})

    as_of: date
    simulated: bool
    forecasts: tuple[AreaForecast, ...]


def forecasts_of(report: Mapping[str, Any] | None) -> ForecastsView | None:
    """The saved report as a value; None before the first. Raises ValidationError when it has another shape."""
    return ForecastsView.model_validate(report) if report is not None else None
