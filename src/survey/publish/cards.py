"""Cards of a report's quotes as pictures: PNG where kaleido is installed, SVG everywhere."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, TypeAlias

from survey.checked import checked
from survey.errors import Problem, PublishError
from survey.files import faults_as, read_file, status_of, write_file
from survey.publish.dashboard.quotes_page import CARD_HEIGHT, CARD_WIDTH
from survey.publish.report_folders import FINAL, refuse_among_published

__all__ = ["HOW_TO_GET_PNG", "Draw", "can_draw", "write_cards"]

Draw: TypeAlias = Callable[[str], bytes]
"""A card as SVG -> the same as PNG."""

HOW_TO_GET_PNG: Final = (
    "The cards are SVG. For PNG: pip install 'openstack-survey[images]', or save them from "
    "quotes.html."
)
_MESSAGE: Final = "The cards cannot be written"
_SHARP: Final = 2  # pixels for each of the card's own


def can_draw() -> bool:
    """Return whether cards can be drawn as PNG: whether the extra ``images`` is installed."""
    return find_spec("kaleido") is not None


@checked(PublishError)
def write_cards(
    report: str | Path, folder: str | Path, *, draw: Draw | None = None
) -> tuple[Path, ...]:
    """Write the cards of a report's quotes to a folder of their own.

    Parameters
    ----------
    report
        The folder of an edition, such as ``reports/2024``; :func:`survey.write_report` wrote it.
    folder
        Where to write, outside of the report, whose files are listed with their digests.
    draw
        Makes PNG of SVG; by default kaleido does, where the extra ``images`` is installed.

    Returns
    -------
    tuple
        One file for each quote: PNG, or SVG where nothing draws.

    Raises
    ------
    PublishError
        If there is no report, the folder lies inside it or cannot be written, the cards cannot be
        drawn, or the report is not final and the folder is one of final ones.

    Examples
    --------
    >>> import survey as sv  # doctest: +SKIP
    >>> sv.publish.write_cards("reports/2024", "cards")  # doctest: +SKIP
    """
    source, target = Path(report), Path(folder)
    _refuse(source, target)
    draw = draw or (_by_kaleido if can_draw() else None)
    with faults_as(PublishError, _MESSAGE, target, "a folder to write to"):
        cards = {path.stem: read_file(path) for path in sorted(source.glob("quotes/*.svg"))}
        if draw is None:
            return tuple(write_file(target / f"{name}.svg", svg) for name, svg in cards.items())
        drawn = {name: draw(svg.decode("utf-8")) for name, svg in cards.items()}
        return tuple(write_file(target / f"{name}.png", png) for name, png in drawn.items())


def _refuse(source: Path, target: Path) -> None:
    """Refuse what is no report, and a folder inside of one."""
    if not (source / "claims.json").is_file():
        problem = Problem(source.name, "no claims.json", "the folder of an edition's report")
        raise PublishError(_MESSAGE, [problem])
    if target.resolve().is_relative_to(source.resolve()):
        problem = Problem(target.name, "a folder inside the report", "a folder of its own",
                          "a report with other files than its own is not replaced")  # fmt: skip
        raise PublishError(_MESSAGE, [problem])
    if status_of(source) != FINAL:
        refuse_among_published(target / "cards")


def _by_kaleido(svg: str) -> bytes:
    """Draw a card as the one picture of an empty figure: kaleido draws figures alone."""
    import plotly.io

    try:
        return bytes(plotly.io.to_image(
            _figure_of(svg), format="png", width=CARD_WIDTH, height=CARD_HEIGHT, scale=_SHARP,
            validate=False,
        ))  # fmt: skip
    except (ImportError, ValueError, RuntimeError) as error:
        hint = "kaleido_get_chrome installs the browser that it draws with"
        problem = Problem("png", type(error).__name__, "kaleido with a browser", hint)
        raise PublishError(_MESSAGE, [problem]) from None


def _figure_of(svg: str) -> dict[str, Any]:
    address = f"data:image/svg+xml;base64,{b64encode(svg.encode('utf-8')).decode('ascii')}"
    picture = {"source": address, "xref": "paper", "yref": "paper", "x": 0, "y": 1, "sizex": 1,
               "sizey": 1, "sizing": "stretch", "layer": "above"}  # fmt: skip
    nowhere = {"visible": False, "range": [0, 1]}
    return {
        "data": [],
        "layout": {
            "margin": dict.fromkeys("ltrb", 0),
            "xaxis": nowhere,
            "yaxis": nowhere,
            "images": [picture],
        },
    }
