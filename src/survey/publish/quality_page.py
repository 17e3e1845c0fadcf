"""The quality page as one HTML file: for whoever cleans the data, not for publication.

It holds no script and loads nothing; it looks like the dashboard and prints well. What may stand
on it is decided where its sections are made (:mod:`survey.responses.quality`).
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from survey.checked import checked
from survey.errors import PublishError
from survey.files import faults_as, refuse_other_page, signed, write_file
from survey.publish.dashboard.page_frame import colour_sheet
from survey.publish.html import HTML, element, joined
from survey.publish.quality_bars import bars_of
from survey.publish.report_folders import refuse_among_published
from survey.responses import Quality
from survey.responses.quality import Section

__all__ = ["quality_page", "refuse_quality_page", "write_quality_page"]

_SECURITY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_NUMBERS = frozenset({"deployment", "colleagues", "number", "as_number", "line"})
_BARS = "completeness"
_MESSAGE = "The quality page cannot be written"


@checked(PublishError)
def write_quality_page(page: Quality, path: str | Path) -> Path:
    """Write the quality page as one HTML file that loads nothing; return its path.

    Raises
    ------
    PublishError
        If the file cannot be written, or one is there that is no page as it was written.

    Examples
    --------
    >>> write_quality_page(quality(answers, exports), "quality.html")  # doctest: +SKIP
    """
    target = Path(path)
    refuse_quality_page(target)
    with faults_as(PublishError, _MESSAGE, target, "a file to write to"):
        return write_file(target, signed(quality_page(page)))


@checked(PublishError)
def refuse_quality_page(path: str | Path) -> None:
    """Refuse, before anything is read, to replace what is not an earlier page.

    Raises
    ------
    PublishError
        If a file has the name that is no page as it was written, or a final publication stands
        there.

    Examples
    --------
    >>> refuse_quality_page("quality.html")
    """
    with faults_as(PublishError, _MESSAGE, Path(path), "a file to write to"):
        refuse_other_page(Path(path), error=PublishError, message=_MESSAGE)
    refuse_among_published(path)


@checked(PublishError)
def quality_page(page: Quality) -> str:
    """Return the quality page as HTML; the same answers give the same bytes."""
    body = element(
        "body",
        element("a", "Skip to the sections", class_="skip", href="#main"),
        _header(page),
        element(
            "div",
            _contents(page),
            element("main", _glance(page), *map(_section, page), id="main", tabindex=-1),
            class_="columns",
        ),
        element("footer", element("p", "For those who clean the data. This page loads nothing.")),
    )
    return f"<!doctype html>\n{element('html', _head(page), body, lang='en')}\n"


def _title(page: Quality) -> str:
    editions = page.editions
    span = f"{editions[0]} to {editions[-1]}" if len(editions) > 2 else " and ".join(editions)
    return f"Quality of the answers {span}".strip()


def _head(page: Quality) -> HTML:
    assets = files("survey.publish")
    styles = (
        colour_sheet(),
        assets.joinpath("assets/base.css").read_text("utf-8"),
        assets.joinpath("assets/page.css").read_text("utf-8"),
        assets.joinpath("assets/quality.css").read_text("utf-8"),
    )
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_SECURITY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", _title(page)),
        element("style", HTML("\n".join(styles))),
    )


def _header(page: Quality) -> HTML:
    findings = page.findings
    what = "finding" if findings == 1 else "findings"
    verdict = (
        f"{findings:,} {what} for a person to look at."
        if findings
        else "Nothing that a person must look at."
    )
    invented = element(
        "p",
        element("strong", "Invented data."),
        " These answers were made up to try the toolkit. They describe nobody and nothing.",
        class_="banner",
        role="note",
    )
    return element(
        "header",
        element(
            "div",
            element("p", "Quality report", class_="kicker"),
            element("h1", _title(page)),
            element("p", f"{verdict} Nothing personal stands on this page.", class_="standfirst"),
            class_="masthead",
        ),
        invented if page.invented else "",
    )


def _contents(page: Quality) -> HTML:
    items = [
        element("li", element("a", section.title, href=f"#{section.name}")) for section in page
    ]
    return element(
        "nav",
        element("details", element("summary", "Contents"), element("ol", *items), open=True),
        aria_label="Contents",
        class_="plain",
    )


def _glance(page: Quality) -> HTML:
    cards = [
        element(
            "li",
            element(
                "a",
                element("span", section.glance[0].capitalize(), class_="label"),
                element("span", f"{section.glance[1]:,}", class_="value"),
                href=f"#{section.name}",
            ),
        )
        for section in page
        if section.glance
    ]
    return element(
        "section",
        element("h2", "At a glance", id="glance"),
        element("ul", *cards, class_="cards"),
        aria_labelledby="glance",
    )


def _section(section: Section) -> HTML:
    content = bars_of(section) if section.name == _BARS else _tables(section)
    return element(
        "section",
        element("h2", section.title, id=section.name),
        *(element("p", sentence, class_="says") for sentence in section.says),
        content,
        _copied(section.text),
        class_="method quality",
        aria_labelledby=section.name,
    )


def _copied(text: str) -> HTML | str:
    """Return lines to copy."""
    if not text:
        return ""
    return element(
        "details",
        element("summary", "Lines for the codebook"),
        element("pre", element("code", text), tabindex=0),
        class_="data",
        open=True,
    )


def _tables(section: Section) -> HTML | str:
    """Return the table: as a whole, or in brief with all rows folded away."""
    whole, brief = section.table, section.shown
    if whole.empty:
        return ""
    if len(brief) == len(whole):
        return _rows(whole, section.title)
    fold = element(
        "details",
        element("summary", f"All {len(whole):,} rows"),
        _rows(whole, f"{section.title}, in full"),
        class_="data",
    )
    return joined(_rows(brief, section.title), fold)


def _rows(frame: pd.DataFrame, title: str) -> HTML:
    names = [str(name) for name in frame.columns]
    numeric = {name: _is_number(frame[name]) for name in names}
    head = [
        element(
            "th", name.replace("_", " "), scope="col", class_="number" if numeric[name] else None
        )
        for name in names
    ]
    body = [element("tr", *_cells(row, numeric)) for row in frame.to_dict("records")]
    table = element("table", element("thead", element("tr", *head)), element("tbody", *body))
    return element("div", table, class_="scroll", tabindex=0, role="region", aria_label=title)


def _is_number(column: pd.Series[Any]) -> bool:
    kinds = pd.api.types
    return kinds.is_numeric_dtype(column) and not kinds.is_bool_dtype(column)


def _cells(row: dict[Any, Any], numeric: dict[str, bool]) -> Iterator[HTML]:
    for name, value in row.items():
        yield element(
            "td", _text(str(name), value), class_="number" if numeric[str(name)] else None
        )


def _text(name: str, value: Any) -> HTML | str:
    """Return a value as a person reads it."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return ""
    if pd.api.types.is_bool(value):
        return ("no", "yes")[bool(value)]
    if name in ("share", "agreement"):
        return f"{value:.0%}".replace("%", "\N{NO-BREAK SPACE}%")
    if name == "do" and str(value).startswith("survey "):
        return element("code", str(value))
    return str(value) if isinstance(value, str) or name in _NUMBERS else _number(value)


def _number(value: float) -> str:
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"
