"""Write the dashboard: a page, its style sheets and scripts, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from plotly.offline import get_plotlyjs

from survey.checked import checked
from survey.disclosure.publication import Publication
from survey.errors import Problem, PublishError
from survey.files import faults_as, write_file
from survey.publish.dashboard.page import colour_sheet, page
from survey.publish.narrative import Headline, headlines
from survey.publish.publisher import Publisher

__all__ = ["write_dashboard"]

_ASSETS = ("dashboard.css", "dashboard.js")


@checked(PublishError)
def write_dashboard(
    publication: Publication,
    folder: str | Path,
    cards: Sequence[Headline] | None = None,
    *,
    publisher: Publisher | None = None,
) -> tuple[Path, ...]:
    """Write ``index.html`` and its ``assets`` to a folder; the page works offline from there.

    Nothing is written unless all of it could be made. The same publication gives the same bytes.

    Parameters
    ----------
    publication
        Tables that passed disclosure control, from :func:`survey.protect`.
    folder
        Where to write, such as ``reports/2024``; made if it is not there.
    cards
        Headlines to begin with; by default those of the publication.
    publisher
        What the foot of the page says about who publishes.

    Returns
    -------
    tuple
        The files written, the page first.

    Raises
    ------
    PublishError
        If the publication has no tables or a file cannot be written.

    Examples
    --------
    >>> write_dashboard(publication, "reports/2024")  # doctest: +SKIP
    """
    if not publication.tables:
        problem = Problem("publication", "no tables", "at least one", "protect some tables first")
        raise PublishError("The dashboard cannot be written", [problem])
    shown = headlines(publication) if cards is None else cards
    contents = _contents(publication, shown, publisher or Publisher())
    return _written(Path(folder), contents)


def _contents(
    publication: Publication, cards: Sequence[Headline], publisher: Publisher
) -> dict[str, bytes]:
    """Return the bytes of every file."""
    assets = files("survey.publish.dashboard").joinpath("assets")
    found = {
        "index.html": page(publication, cards, publisher),
        "assets/colours.css": colour_sheet(),
        **{f"assets/{name}": assets.joinpath(name).read_text("utf-8") for name in _ASSETS},
        "assets/plotly.min.js": get_plotlyjs(),
    }
    return {name: text.encode("utf-8") for name, text in found.items()}


def _written(root: Path, contents: dict[str, bytes]) -> tuple[Path, ...]:
    paths = tuple(root / name for name in contents)
    with faults_as(PublishError, "The dashboard cannot be written", root, "a folder to write to"):
        for path, content in zip(paths, contents.values(), strict=True):
            write_file(path, content)
    return paths
