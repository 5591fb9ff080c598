"""The curl commands of docs/live.md, sent as they stand there; the text before each says what it answers."""

import re
import shlex
from pathlib import Path

from fastapi.testclient import TestClient

from tests.serving.api.test_api_events import KEY, client, ledger

__all__ = ["client", "ledger"]
DOC = (Path(__file__).parents[3] / "docs" / "live.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"Answers (\d+):\n\n((?: {4}.*\n| *\n)+?)(?=\S|\n {4}\{)", DOC)


def test_each_command_answers_as_the_page_says(client: TestClient) -> None:
    assert [status for status, _ in COMMANDS] == ["202", "200", "207"]
    for status, command in COMMANDS:
        program, url, *options = shlex.split(command.replace("\\\n", " ").replace("$KEY", KEY))
        given = list(zip(options[::2], options[1::2], strict=True))
        assert program == "curl"
        headers = dict(value.split(": ", 1) for option, value in given if option == "-H")
        (body,) = [value for option, value in given if option == "-d"]
        answer = client.post(url.removeprefix("http://127.0.0.1:8000"), content=body, headers=headers)
        assert answer.status_code == int(status), answer.text
    first, second = answer.json()["verdicts"]
    assert (first["verdict"], second["verdict"]) == ("accepted", "refused")
    assert second["detail"].replace('"', '\\"') in DOC
