"""The demo's own check: what a portal, a citizen and an official would ask for, over HTTP."""

import re
from collections.abc import Callable
from functools import partial

import httpx

from serving.cli.console import console


def check_over_http(address: str) -> bool:
    """Ask the served product; print each check, and return whether all passed."""
    with httpx.Client(base_url=address, timeout=20, headers={"Origin": address}) as client:
        subject = _example(client)
        checks: list[tuple[str, Callable[[], bool]]] = [
            ("the service is ready", lambda: client.get("/health/ready").status_code == 200),
            ("the start page links to people who were told something", lambda: subject is not None),
            *(
                (f"a citizen's page shows a message and an offer, in {name}", partial(_page, client, subject, language))
                for language, name in _languages(client).items()
            ),
            ("the API gives the offers and the inbox", lambda: _api(client, subject)),
            ("an answer is recorded, and can be taken back", lambda: _answer(client, subject)),
            ("another person's offer looks like none", lambda: _stranger(client, subject)),
            ("both catalogues are covered by the 50% page", lambda: _coverage(client)),
            (
                "a birth is reported, held while it settles, sent when the clock moves, and corrected",
                lambda: _story(client),
            ),
            ("OpenAPI describes every route", lambda: len(client.get("/openapi.json").json()["paths"]) >= 9),
        ]
        results = [_run(name, check) for name, check in checks]
    console.print()
    return all(results)


def _run(name: str, check: Callable[[], bool]) -> bool:
    try:
        passed, why = check(), ""
    except (httpx.HTTPError, KeyError, ValueError, IndexError) as problem:
        passed, why = False, f" ({type(problem).__name__}: {problem})"
    console.print(f"{'[green]✓[/]' if passed else '[red]✗[/]'} {name}{why}")
    return passed


def _languages(client: httpx.Client) -> dict[str, str]:
    """The languages that the start page can be switched to, with their names."""
    return dict(re.findall(r'hreflang="(\w+)"[^>]*>([^<]+)<', client.get("/").text))


def _example(client: httpx.Client) -> str | None:
    found = re.search(r'href="/citizen/([^"?]+)', client.get("/").text)
    return found.group(1) if found else None


def _page(client: httpx.Client, subject: str | None, language: str) -> bool:
    page = client.get(f"/citizen/{subject}", params={"lang": language})
    return page.status_code == 200 and f'lang="{language}"' in page.text and "/answers" in page.text


def _api(client: httpx.Client, subject: str | None) -> bool:
    offers = client.get(f"/v1/subjects/{subject}/recommendations").json()["items"]
    inbox = client.get(f"/v1/subjects/{subject}/inbox").json()["items"]
    return bool(offers) and bool(inbox)


def _answer(client: httpx.Client, subject: str | None) -> bool:
    route = f"/v1/subjects/{subject}/recommendations"
    offer = client.get(route).json()["items"][-1]["id"]
    said = client.post(f"{route}/{offer}/answers", json={"kind": "not_for_me"}).json()
    back = client.post(f"{route}/{offer}/answers", json={"kind": "taken_back"}).json()
    return said["answer"] == "not_for_me" and back["state"] == "open"


def _stranger(client: httpx.Client, subject: str | None) -> bool:
    offer = client.get(f"/v1/subjects/{subject}/recommendations").json()["items"][0]["id"]
    answer = client.post(f"/v1/subjects/somebody-else/recommendations/{offer}/answers", json={"kind": "done"})
    return answer.status_code == 404 and answer.headers["content-type"].startswith("application/problem+json")


def _story(client: httpx.Client) -> bool:
    english, steps = {"lang": "en"}, (("begin", {"script": "birth"}), ("clock", {"to": "due"}), ("annul", {}))
    said = ("Settling", "passed every stop rule", "Correction of an earlier message")
    pages = [client.post(f"/story/{step}", params=english, data=form, follow_redirects=True) for step, form in steps]
    return all(page.status_code == 200 and words in page.text for page, words in zip(pages, said, strict=True))


def _coverage(client: httpx.Client) -> bool:
    catalogues = client.get("/v1/coverage").json()["catalogues"]
    page = client.get("/coverage")
    return {c["services"] for c in catalogues} == {27, 116} and page.status_code == 200
