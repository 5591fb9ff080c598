"""Charts as inline SVG: matplotlib draws, the page's own colours and font apply, and every chart has its words.

Colours are drawn as marks and become CSS variables, so that a chart follows the page into the dark. Ids carry the
chart's own, so that many charts live in one document.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from html import escape
from io import StringIO

import matplotlib
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK, SOFT, LINE, SHEET, DETECTOR, FLOOR = (f"#01010{n}" for n in range(1, 7))
_VARIABLES = {INK: "ink", SOFT: "soft", LINE: "line", SHEET: "sheet", DETECTOR: "detector", FLOOR: "floor"}
_STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "lifeevents",
    "font.size": 9.5,
    "axes.edgecolor": LINE,
    "axes.labelcolor": SOFT,
    "axes.titlecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "text.color": INK,
    "text.parse_math": False,
    "lines.linewidth": 1.8,
}


def chart(id: str, title: str, words: str, draw: Callable[[Axes], None], *, size: tuple[float, float]) -> Markup:
    """One chart. `words`: what a reader who cannot see it should know; `size` in inches, at 72 units each."""
    with _style():
        figure = Figure(figsize=size, layout="constrained")
        draw(figure.add_subplot())
        out = StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    return Markup(_inline(out.getvalue(), id, title, words))  # noqa: S704 - matplotlib escaped its texts, we ours


@contextmanager
def _style() -> Iterator[None]:
    with matplotlib.rc_context(_STYLE):
        yield


def _inline(svg: str, id: str, title: str, words: str) -> str:
    """The SVG element alone, in the page's colours, with ids of its own and a title and a description."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = re.sub(r'\bid="([^"]+)"', rf'id="{id}-\1"', body)
    body = re.sub(r"url\(#([^)]+)\)", rf"url(#{id}-\1)", body)
    body = re.sub(r'xlink:href="#([^"]+)"', rf'href="#{id}-\1"', body)
    body = re.sub(r"font: ([\d.]+px)[^;\"]*", r"font-size: \1", body)
    for mark, variable in _VARIABLES.items():
        body = body.replace(mark, f"var(--{variable})")
    box = re.search(r'viewBox="[^"]+"', body)
    assert box is not None
    head = (
        f'<svg role="img" {box.group()} aria-labelledby="{id}-title" aria-describedby="{id}-words">'
        f'<title id="{id}-title">{escape(title)}</title><desc id="{id}-words">{escape(words)}</desc>'
    )
    return re.sub(r"<svg[^>]*>", head, body, count=1, flags=re.DOTALL)


def share_axes(axes: Axes, x: str, y: str) -> None:
    """Both axes are shares from 0 to 1."""
    axes.set(xlabel=x, ylabel=y, xlim=(0, 1), ylim=(0, 1.02))
    axes.xaxis.set_major_formatter(_percent)
    axes.yaxis.set_major_formatter(_percent)


def legend(axes: Axes, place: str = "best") -> None:
    """A legend without a box."""
    axes.legend(frameon=False, loc=place, fontsize=8.5, handlelength=1.8)


def _percent(value: float, _place: object = None) -> str:
    return f"{100 * value:.2g}%" if value < 0.1 else f"{100 * value:.0f}%"


def percent_ticks(axes: Axes, ticks: Iterable[float]) -> None:
    """The same ticks in percent on both axes."""
    marks = list(ticks)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks(marks, [_percent(mark) for mark in marks])
        axis.set_ticks([], minor=True)
