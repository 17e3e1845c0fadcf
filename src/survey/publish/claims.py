"""The sentences that a survey is quoted for, each from a published table or not at all.

"45 million cores", "12 % of clouds came online this year", "recent releases are gaining
traction": every such sentence is a function that reads protected tables and returns a
:class:`Claim` with the number, its interval, its base and what must be said with it. Where the
table is missing or its number withheld, the claim says that it cannot be made, and why. No number
comes from anywhere but the tables, so that a claim is never more precise than the publication.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Final

from survey.checked import checked
from survey.codebook import OPENSTACK
from survey.disclosure import Publication
from survey.errors import PublishError
from survey.estimates.notes import OF_THOSE_THAT_ANSWERED
from survey.estimates.table import Estimates, Status
from survey.estimates.unconfirmed import said_unconfirmed
from survey.files import write_file
from survey.publish.chart_json import plain
from survey.publish.evidence import (
    CannotSayError,
    Claim,
    Evidence,
    Row,
    base_text,
    entry_of,
    largest_base,
    made,
    number,
    shown,
    withheld,
)
from survey.publish.format import compact, percent, points, value_text
from survey.publish.placing import refuse_place
from survey.publish.rows import records_of
from survey.publish.words import intervals_words, merged

__all__ = ["Claim", "claims_of", "write_claims"]


_BY_STAGE: Final = "compute_cores_total_by_stage"
_OF_SURVEY: Final = "of the {units} in the survey"
_PRODUCTION: Final = "Production / Full Operational Use"


@checked(PublishError)
def claims_of(publication: Publication) -> tuple[Claim, ...]:
    """Return every claim, in reading order, those that cannot be made included.

    A survey with words of its own need not ask what these claims are about: of it, only claims
    that can be made are returned.

    Parameters
    ----------
    publication
        Protected tables, from :func:`survey.protect`.

    Examples
    --------
    >>> from survey.disclosure import protect
    >>> nothing = protect([], title="OpenStack User Survey", edition="2024")
    >>> print(claims_of(nothing)[1])
    Total cores: cannot be said, since the publication has no table 'compute_cores_total'.
    """
    found = (_claim(name, make, publication) for name, make in _CLAIMS.items())
    ours = publication.vocabulary == OPENSTACK
    return tuple(claim for claim in found if claim.said or ours)


def _claim(name: str, make: Callable[[Evidence], Claim], publication: Publication) -> Claim:
    try:
        claim, fill = make(Evidence(publication)), publication.vocabulary.fill
        said, base = fill(claim.text), fill(claim.base)
        notes = _unconfirmed(publication, claim)
        caveat = " ".join(filter(None, [*notes, fill(claim.caveat)]))
        return replace(claim, text=said, base=base, caveat=caveat)
    except CannotSayError as reason:
        words = name.replace("_", " ").capitalize()
        return Claim(name, f"{words}: cannot be said, since {reason}.", said=False)


def _unconfirmed(publication: Publication, claim: Claim) -> tuple[str, ...]:
    """Return the notes that the claim's table rests on questions that nobody has confirmed."""
    table = publication.tables.get(claim.table)
    return said_unconfirmed(table.notes) if table is not None and claim.said else ()


def _production_cores(source: Evidence) -> Claim:
    table, row = source.row(_BY_STAGE, deployment_stage=_PRODUCTION)
    low, high = number(row.get("low")), number(row.get("high"))
    limits = f" ({compact(low)} to {compact(high)})" if low and high else ""
    text = (
        f"{{Units}} in production that took part in the {source.edition} survey run about "
        f"{value_text(table, row['value'])}{limits}."
    )
    caveat = f"{OF_THOSE_THAT_ANSWERED} {_over_models(row)}{_not_as_published(table)}"
    caveat += "Each {unit} counts once."
    return made("production_cores", text, table, row, caveat)


def _over_models(row: Row) -> str:
    """Say the range over models where it is wider than the interval."""
    least, most = number(row.get("models_low")), number(row.get("models_high"))
    low, high = number(row.get("low")), number(row.get("high"))
    if least is None or most is None or low is None or high is None:
        return ""
    if least >= low and most <= high:
        return ""
    return f"Other models of the bands give {compact(least)} to {compact(most)}. "


def _not_as_published(table: Estimates) -> str:
    """Repeat the notes on figures published earlier."""
    said = [note for note in table.notes if note.startswith(("Published earlier", "These totals"))]
    return "".join(f"{note} " for note in said)


def _total_cores(source: Evidence) -> Claim:
    table, row = source.row("compute_cores_total")
    caveat = (
        f"A model of what lies inside the bands, over the {{units}} that answered. "
        f"{OF_THOSE_THAT_ANSWERED}"
    )
    bound, top = number(row.get("lower_bound")), number(row.get("open_top_share"))
    if bound is not None:
        caveat += f" Certain: at least {compact(bound)}."
    if top:
        caveat += f" {percent(top)} of it rests on the band without an upper edge."
    text = (
        f"The {{units}} in the {source.edition} survey run about {value_text(table, row['value'])}."
    )
    return made("total_cores", text, table, row, caveat)


def _core_growth(source: Evidence) -> Claim:
    table, row = source.row("compute_cores_total_change")
    before = str(dict(table.spec.options)["earlier"])
    old, new = _both(source, "compute_cores_total", before, row)
    ratio = new / old - 1
    direction = "more" if ratio >= 0 else "fewer"
    clear = row["verdict"] == "clear change"
    text = (
        f"The {{units}} in the {source.edition} survey run {percent(abs(ratio))} {direction} "
        f"cores than those in the {before} survey did: {compact(new)} after {compact(old)}."
        if clear
        else f"The cores of the {{units}} in the survey went from {compact(old)} in {before} to "
        f"{compact(new)} in {source.edition}; the difference is within sampling error."
    )
    caveat = "" if clear else "By the test of no change this could be noise. "
    caveat += "Other {units} answered each time; this is not the growth of the same {units}."
    return made("core_growth", text, table, row, caveat)


def _both(source: Evidence, name: str, before: str, row: Row) -> tuple[float, float]:
    """Return the numbers of both editions behind a change, as the table of totals prints them."""
    try:
        old, new = (number(source.row(name, e)[1]["value"]) for e in (before, source.edition))
    except CannotSayError:
        old, new = number(row.get("earlier")), number(row.get("later"))
    if not old or new is None:
        raise CannotSayError("the numbers of both editions are not published")
    return old, new


def _median_cores(source: Evidence) -> Claim:
    table, row = source.row("compute_cores_median")
    text = f"The median {{unit}} runs about {value_text(table, row['value'])}."
    band = str(row.get("band") or "")
    return made("median_cores", text, table, row, f"It lies in the band {band!r}." if band else "")


def _growth_across_sizes(source: Evidence) -> Claim:
    table, clear = source.changes("compute_cores_change")
    changed = ", ".join(f"{row['answer']} ({points(row['value'])})" for row in clear)
    text = (
        f"The mix of {{unit}} sizes changed: {changed}."
        if clear
        else f"No size of {{unit}}{shown(table)} became clearly more or less frequent."
    )
    caveat = "Whether {units} of every size grew cannot be read from shares, which add up to 100 %."
    return Claim(
        "growth_across_sizes",
        text,
        True,
        base=largest_base(table),
        caveat=f"{withheld(table)}{caveat}",
        table=table.name,
    )


def _where_growth_comes_from(source: Evidence) -> Claim:
    table, row = source.row("core_growth", answer="total")
    before = str(dict(table.spec.options)["earlier"])
    parts = [
        f"{_signed(part['value'])} from organizations that {part['answer']}"
        for part in records_of(table)
        if part["answer"] != "total" and number(part["value"]) is not None
    ]
    text = (
        f"Compared with {before}, the cores of those who answered changed by "
        f"{_signed(row['value'])}: {', '.join(parts)}."
    )
    caveat = (
        "Who entered or left the survey need not have begun or ended with {subject}; growth "
        "inside a band cannot be seen."
    )
    return made("where_growth_comes_from", text, table, row, caveat)


def _signed(value: float) -> str:
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else ""
    return f"{sign}{compact(abs(value))}"


def _small_teams(source: Evidence) -> Claim:
    table, row = source.row("small_teams_of_large_clouds")
    size, people = (
        next(iter(dict(dict(table.spec.options)[name]).values()))
        for name in ("among_at_least", "at_most")
    )
    text = (
        f"{percent(row['value'])} of the {{units}} of {size:,.12g} or more cores are operated by "
        f"at most {people:g} people."
    )
    return made("small_teams", text, table, row, "What people think of it was not asked.")


def _production(source: Evidence) -> Claim:
    if "deployment_stage" in source.publication.tables:
        table, row = source.row("deployment_stage", answer=_PRODUCTION)
        text = f"{percent(row['value'])} {_OF_SURVEY} are in production."
        return made("production", text, table, row)
    table, row = source.row("deployment_stage_change", answer=_PRODUCTION)
    share = number(row.get("later"))
    if share is None:
        raise CannotSayError("the share of this edition is not published")
    return Claim(
        "production",
        f"{percent(share)} {_OF_SURVEY} are in production.",
        True,
        share,
        base=base_text(table, row),
        table=table.name,
    )


def _new_clouds(source: Evidence) -> Claim:
    if "new_clouds" in source.publication.tables:
        table, row = source.row("new_clouds")
        text = f"{percent(row['value'])} {_OF_SURVEY} came online {row['answer']}."
        low, high = number(row.get("lower_bound")), number(row.get("upper_bound"))
        caveat = "The survey asks for the year alone; the value spreads a year evenly."
        if low is not None and high is not None:
            caveat += f" Certain among those who answered: {percent(low)} to {percent(high)}."
        return made("new_clouds", text, table, row, caveat)
    table, row = source.row("deployment_year", answer=source.edition)
    text = f"{percent(row['value'])} {_OF_SURVEY} came online in {source.edition}."
    return made(
        "new_clouds",
        text,
        table,
        row,
        "Answers name the year alone; nothing finer can be said of months.",
    )


def _most_used_release(source: Evidence) -> Claim:
    table = source.table("releases_in_use")
    known = [record for record in records_of(table) if record["value"] is not None]
    if not known:
        raise CannotSayError("no share may be shown")
    row = max(known, key=lambda record: record["value"])
    name, share = row["answer"], percent(row["value"])
    least = number(row.get("low"))
    others = [each for each in known if each is not row]
    close = [str(r["answer"]) for r in others if (number(r.get("high")) or 0) >= (least or 1)]
    text = f"{name} runs in more {{units}} than any other release: {share}."
    caveat = "A {unit} can run several releases."
    if close:
        second = max(others, key=lambda record: record["value"])
        behind = f"{second['answer']} in {percent(second['value'])}"
        text = f"No release clearly leads: {name} runs in {share} of {{units}}, {behind}."
        caveat += f" Its interval overlaps that of {', '.join(close)}: the order is not certain."
    return made("most_used_release", text, table, row, caveat)


def _release_traction(source: Evidence) -> Claim:
    table, clear = source.changes("releases_in_use_change")
    gained = ", ".join(f"{r['answer']} ({points(r['value'])})" for r in clear if r["value"] > 0)
    lost = ", ".join(f"{r['answer']} ({points(r['value'])})" for r in clear if r["value"] < 0)
    text = (f"{gained} gained" if gained else f"No release{shown(table)} clearly gained") + (
        f"; {lost} lost." if lost else "; none clearly lost."
    )
    new = table.frame["answer"][table.frame["status"].astype(str) == Status.NOT_OFFERED]
    caveat = f"Not offered in both editions: {', '.join(new.astype(str))}." if len(new) else ""
    return Claim(
        "release_traction",
        text,
        True,
        base=largest_base(table),
        caveat=withheld(table) + caveat,
        table=table.name,
    )


def _team_size(source: Evidence) -> Claim:
    table, row = source.row("team_size_median")
    text = f"The median {{unit}} is operated by about {value_text(table, row['value'])}."
    return made("team_size", text, table, row)


def _teams_over_years(source: Evidence) -> Claim:
    table, row = source.row("team_size_median_change")
    before = str(dict(table.spec.options)["earlier"])
    old, new = _both(source, "team_size_median", before, row)
    clear = row["verdict"] == "clear change"
    change = "smaller" if new < old else "larger"
    text = (
        f"Teams are {change} than in {before}: {value_text(table, new)} after {compact(old)} in "
        "the median."
        if clear
        else f"Median team size went from {compact(old)} in {before} to {value_text(table, new)}; "
        "the difference is within sampling error."
    )
    return made("teams_over_years", text, table, row)


def _recommendation(source: Evidence) -> Claim:
    table, row = source.row("nps_by_edition")
    return made(
        "recommendation",
        f"The net promoter score is {value_text(table, row['value'])}.",
        table,
        row,
    )


_CLAIMS: Final[Mapping[str, Callable[[Evidence], Claim]]] = {
    "production_cores": _production_cores,
    "total_cores": _total_cores,
    "core_growth": _core_growth,
    "median_cores": _median_cores,
    "growth_across_sizes": _growth_across_sizes,
    "where_growth_comes_from": _where_growth_comes_from,
    "production": _production,
    "new_clouds": _new_clouds,
    "most_used_release": _most_used_release,
    "release_traction": _release_traction,
    "team_size": _team_size,
    "teams_over_years": _teams_over_years,
    "small_teams": _small_teams,
    "recommendation": _recommendation,
}


@checked(PublishError)
def write_claims(publication: Publication, folder: str | Path) -> tuple[Path, ...]:
    """Write ``claims.md`` for people and ``claims.json`` for programs; return both."""
    refuse_place(publication, folder)
    found = claims_of(publication)
    root = Path(folder)
    text, data = root / "claims.md", root / "claims.json"
    write_file(text, _markdown(publication, found))
    document = {
        "title": publication.title,
        "edition": publication.edition,
        "invented": publication.provenance.invented,
        "status": publication.status,
        "left_out": list(publication.left_out),
        "claims": [asdict(claim) for claim in found],
    }
    write_file(data, json.dumps(plain(document), ensure_ascii=False, indent=1) + "\n")
    return text, data


def _markdown(publication: Publication, found: tuple[Claim, ...]) -> str:
    lines = [f"# {publication.title}, edition {publication.edition}: what can be said", ""]
    if publication.stamp:
        lines += [f"**{publication.stamp}**", ""]
    if publication.provenance.invented:
        nothing = publication.vocabulary.fill("Nothing here is about real {units}.")
        lines += [f"**Invented data.** {nothing}", ""]
    lines += [
        intervals_words(publication.tables.values()),
        "",
        " ".join(merged(publication.left_out)),
        "",
    ]
    lines += [line for claim in found if claim.said for line in entry_of(claim)]
    if open_ones := [line for claim in found if not claim.said for line in entry_of(claim)]:
        lines += ["", "## What cannot be said", "", *open_ones]
    return "\n".join(lines) + "\n"
