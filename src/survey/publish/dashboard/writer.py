"""Write the dashboard: a page, a style sheet, a script and Plotly, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from plotly.offline import get_plotlyjs

from survey.disclosure import Publication
from survey.publish.dashboard.page import page
from survey.publish.narrative import Headline, headlines

__all__ = ["write_dashboard"]

_ASSETS = ("dashboard.css", "dashboard.js")


def write_dashboard(
    publication: Publication, folder: str | Path, cards: Sequence[Headline] | None = None
) -> tuple[Path, ...]:
    """Write ``index.html`` and its ``assets`` and return the files.

    Parameters
    ----------
    publication
        Protected tables; nothing else reaches the page.
    folder
        Where to write; made if it is not there.
    cards
        Headlines to show first; by default those of the publication.
    """
    root = Path(folder)
    assets = root / "assets"
    assets.mkdir(parents=True, exist_ok=True)
    shown = headlines(publication) if cards is None else cards
    contents = {
        root / "index.html": page(publication, shown),
        assets / "plotly.min.js": get_plotlyjs(),
        **{
            assets / name: files("survey.publish.dashboard")
            .joinpath("assets", name)
            .read_text(encoding="utf-8")
            for name in _ASSETS
        },
    }
    for path, text in contents.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    return tuple(contents)
