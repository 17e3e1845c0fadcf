"""Reports and what every output of them must say: of tables made by hand, and of exact ones."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from survey.disclosure import Policy, Profile, Publication, protect
from survey.estimates import compare, mean, median, nps, sensitivity, share, total
from survey.estimates.table import Estimates
from survey.publish import write_report
from survey.publish.rows import records_of
from tests.disclosure.surveys import invented
from tests.publish import chart_builders as build
from tests.publish import workbook_builders as make

FIGURES = ("value", "low", "high", "count", "base")
SHARES = ("deployment_stage", "compute_cores", "hypervisors")
TEN_DIGITS = 1e-9
Record = Mapping[str, Any]
Read = tuple[str, float | None]  # the text of a cell, and its number if it is marked as one


@dataclass(frozen=True)
class Report:
    """A written report, and name -> rows that every output must have."""

    folder: Path
    publication: Publication
    expected: Mapping[str, list[dict[str, Any]]]

    def json(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text("utf-8"))

    def blocks(self) -> Iterator[dict[str, Any]]:
        """Yield every block with all its views, those that are loaded on demand included."""
        for path in sorted(self.folder.glob("blocks/*.json")):
            if path.stem == "index":
                continue
            record = json.loads(path.read_text("utf-8"))
            apart = [handed_over(self.folder, name) for name in sorted({*record["apart"].values()})]
            yield {
                **record,
                "views": [*record["views"], *(view for some in apart for view in some)],
            }

    def rows_for(self, view: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the rows that a view must have: all, or those of the editions it names."""
        rows = self.expected[view["table_name"]]
        kind, *named = view["name"].split("-")
        if kind == "now" and "edition" not in {c["key"] for c in view["table"]["columns"]}:
            named = [self.publication.edition]
        elif kind not in ("edition", "compare"):
            return rows
        return [row for row in rows if row.get("edition", named[0]) in named]


def handed_over(folder: Path, name: str) -> Any:
    """Return what a script of data hands to the page."""
    text = (folder / "data" / f"{name}.js").read_text("utf-8")
    given, _, value = text.removeprefix("survey.give(").removesuffix(");\n").partition(", ")
    assert json.loads(given) == name
    return json.loads(value)


def published(folder: Path) -> Report:
    """Write tables with every status, made by hand."""
    made = make.publication(*build.everything().tables.values(), limits(), provenance=make.INVENTED)
    write_report(made, folder / "reports")
    expected = {name: records_of(table) for name, table in made.telling().tables.items()}
    return Report(folder / "reports" / made.edition, made, expected)


def limits() -> Estimates:
    """Return shares of a small group, of which limits alone may be shown."""
    rows = [make.share_row("Some", 0.6, 24.0), make.share_row("Few", 0.1, 24.0, "below"),
            make.share_row("Nearly all", 0.9, 24.0, "above"),
            make.share_row("New", 0.1, 24.0, "not available")]  # fmt: skip
    rows[1]["high"], rows[2]["low"] = 0.17, 0.83
    return make.table("limits", rows, several=True, title="Limits")


def internal(folder: Path) -> Report:
    """Write exact tables; what is expected are the numbers of the estimates themselves."""
    answers = invented(60, 2, ("2018", "2019"))
    now = answers.in_edition("2019")
    cores = median(now, "compute_cores")
    tables = [
        *(share(now, concept).named(concept, "sizes") for concept in SHARES),
        share(answers, "hypervisors", by="edition").named("hypervisors_by_edition", "sizes"),
        share(now, "compute_cores", by="deployment_stage").named("cores_by_stage", "sizes"),
        cores.named("compute_cores_median", "sizes"),
        total(now, "compute_cores", replicates=100).named("compute_cores_total", "sizes"),
        nps(answers, by="edition").named("nps_by_edition", "people"),
        mean(answers, "likelihood_to_recommend", "edition").named("mean_score", "people"),
        compare(answers, "deployment_stage", "2018", "2019").named("stage_change", "sizes"),
        sensitivity(now, cores).named("compute_cores_median_depends_on", "sizes"),
    ]  # fmt: skip
    policy = Policy(profile=Profile.INTERNAL)
    made = protect(tables, policy, title="Survey", edition="2019", answers=answers)
    write_report(made, folder / "reports-internal")
    kept = {table.name: _exact(table) for table in tables}
    return Report(folder / "reports-internal" / "2019", made, kept)


def _exact(table: Estimates) -> list[dict[str, Any]]:
    """Return the rows of an estimate as its frame has them.

    A count stands beside a value alone, a base where something was asked.
    """
    rows = table.frame.to_dict("records")
    found = [{str(name): _cell(value) for name, value in row.items()} for row in rows]
    for row in found:
        if row["value"] is None:
            row["count"] = None
        if row["status"] in ("not offered", "not available"):
            row["base"] = None
    return found


def _cell(value: Any) -> Any:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return str(value) if isinstance(value, str) else value


def same(found: Any, wanted: Any) -> bool:
    """Whether a cell read back holds a number, or a text, or nothing, as it should.

    No limit is infinite in a table and missing in JSON, which has no infinite numbers.
    """
    if isinstance(wanted, float) and math.isinf(wanted):
        return found in (None, wanted)
    if wanted is None or isinstance(wanted, str | bool):
        return bool(found == wanted)
    return found is not None and math.isclose(float(found), float(wanted), rel_tol=TEN_DIGITS)


class Tables(HTMLParser):
    """The tables of a page: id of their block -> rows of cells; and the cards of a start page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: dict[str, list[list[Read]]] = {}
        self.cards: list[dict[str, str]] = []
        self._block, self._cell, self._number, self._part = "", False, None, ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._block = given.get("data-block") or self._block
        if tag == "tr" and self._block:
            self.rows.setdefault(self._block, []).append([])
        if tag in ("td", "th") and self._block:
            self.rows[self._block][-1].append(("", None))
            self._cell = True
        if tag == "data" and self._cell:
            self._number = float(given["value"] or "nan")
        if tag == "a" and "#q=" in (given.get("href") or ""):
            self.cards.append({"block": (given["href"] or "").partition("#q=")[2]})
        self._part = given.get("class") or "" if tag == "span" else ""

    def handle_data(self, data: str) -> None:
        if self._cell:
            text, _ = self.rows[self._block][-1][-1]
            self.rows[self._block][-1][-1] = (text + data, self._number)
        elif self._part and self.cards:
            self.cards[-1][self._part] = self.cards[-1].get(self._part, "") + data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell, self._number = False, None
        if tag == "article":
            self._block = ""
        self._part = ""
