"""What every report is made with: its templates and look, and writing it whole or not at all."""

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from lifeevents.domain.errors import LifeEventsError

_TEMPLATES = Path(__file__).parent / "templates"


def checked(path: Path, option: str = "--html") -> Path:
    """The path, if a report can be written there: asked before the work, not after it.

    Raises LifeEventsError where its folder is missing or it is a folder itself.
    """
    if path.is_dir():
        raise LifeEventsError(f"{path} is a folder; name the file to write: {option} {path / 'report.html'}")
    if not path.parent.is_dir():
        raise LifeEventsError(
            f"{path}: there is no folder {path.parent} to write it to. Make it, or name another path."
        )
    return path


def rendered(template: str, filters: dict[str, Callable[..., Any]], **content: Any) -> str:
    """A template as HTML, with the reports' stylesheet as `css`. An unknown name in it is an error."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(filters)
    css = Markup((_TEMPLATES / "report.css").read_text())  # noqa: S704 - our own stylesheet
    return environment.get_template(template).render(css=css, **content)


def written(path: Path, content: str | bytes) -> None:
    """Write a report, whole or not at all."""
    data = content.encode() if isinstance(content, str) else content
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        fresh = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            fresh.chmod(0o644)
            fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
