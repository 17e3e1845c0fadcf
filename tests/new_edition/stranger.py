"""2026 exports as somebody else would invent them, and the codebook that they would write.

Nothing here is shared with :mod:`tests.new_edition.changes` but the sheet: headings are codes,
sentences or other words; whole schemes of bands are new and answers are given anew in them; new
questions are of every kind, about people and about clouds; releases go beyond the calendar; columns
stand in another order.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from survey.codebook import Band, Choice, Kind, Missing, Question, Unit, damaged
from survey.codebook.releases import Release
from tests.new_edition.changes import FIXED, Form

BEYOND = (
    Release("Jubilee", "2027.2", date(2027, 9, 29), slurp=False),
    Release("Kestrel", "2028.1", date(2028, 4, 5), slurp=True),
)
WORDS = {
    "compute_cores": ("PhysicalCpuTotal", "Q31_cores", "How many cores do your servers have"),
    "compute_nodes": ("Hypervisors_total", "Q30_nodes", "ServersRunningNova"),
    "compute_instances": ("VirtualMachines", "Q32_instances", "VMsRunning"),
    "team_size": ("PeopleOperating", "FTE_operators", "Q12"),
    "releases_in_use": ("OpenStackVersions", "Q20_release", "WhichReleases"),
    "deployment_stage": ("Maturity", "Q19_stage", "CloudLifecycle"),
    "deployment_type": ("CloudModel", "Q22_type", "PublicOrPrivate"),
    "industry": ("Sector", "Q05_industry", "LineOfBusiness"),
    "organization_size": ("Headcount", "EmployeesWorldwide", "Q06"),
    "workloads": ("UseCases", "Q25_workloads", "ApplicationsRun"),
    "hypervisors": ("Virtualization", "Q40_hypervisors", "Q40"),
    "operating_system": ("HostOS", "Q41_os", "LinuxDistribution"),
    "deployment_tools": ("Installer", "Q42_tools", "DeployedWith"),
    "network_drivers": ("NeutronBackends", "Q43_network", "NetworkPlugins"),
    "block_storage_drivers": ("CinderBackends", "Q44_block", "VolumeDrivers"),
    "likelihood_to_recommend": ("NPS", "Q09_recommend", "WouldRecommend"),
    "cloud_users": ("TenantsTotal", "Q33_users", "Q33"),
    "block_storage": ("CinderCapacity", "Q34_block_tb", "VolumeCapacity"),
    "primary_country": ("HeadquartersCountry", "Q03_country", "HQ"),
    "projects_used": ("ServicesDeployed", "Q50_projects", "Projects"),
    "business_drivers": ("WhyOpenStack", "Q07_drivers", "Motivation"),
    "upgrade_policy": ("UpgradePath", "Q60_upgrade", "HowDoYouUpgrade"),
}
Act = Callable[[Form, random.Random], bool]


def free(form: Form, rng: random.Random, fits: Callable[[Question], bool]) -> Question | None:
    """Return a question that nothing was done to, and that the file has."""
    left = [
        q
        for q in form.edition.questions
        if q.concept not in form.touched
        and q.heading not in FIXED
        and form.columns(q)
        and all(heading in form.sheet.headings for heading in form.columns(q))
        and fits(q)
    ]
    return rng.choice(left) if left else None


def rename(form: Form, rng: random.Random) -> bool:
    question = free(form, rng, lambda q: q.concept in WORDS)
    if question is None:
        return False
    heading = rng.choice(WORDS[question.concept])
    for old in form.columns(question):
        form.sheet.rename(old, heading + old[len(question.heading) :])
    form.put(replace(question, heading=heading), "renamed")
    return True


def drop(form: Form, rng: random.Random) -> bool:
    question = free(form, rng, lambda q: q.kind.closed and q.concept != "releases_in_use")
    if question is None:
        return False
    for heading in form.columns(question):
        form.sheet.drop(heading)
    form.remove(question.concept, "dropped")
    for other in form.edition.questions:
        if other.write_in_of == question.concept:
            form.put(replace(other, write_in_of=""), "its question was dropped")
        kept = tuple(c for c in other.shown_if if c.concept != question.concept)
        if kept != other.shown_if:
            form.put(replace(other, shown_if=kept), "its condition was dropped")
    return True


def translate(form: Form, rng: random.Random) -> bool:
    """Say the answers of a short question in other words that share nothing with the old ones."""
    question = free(
        form,
        rng,
        lambda q: q.kind is Kind.SINGLE and not q.banded and 2 < len(q.choices) < 7
        and not any(c.value.isdigit() for c in q.choices),
    )  # fmt: skip
    if question is None:
        return False
    names = ("Erste Antwort", "Zweite", "Die dritte", "Vierte, selten", "Fuenfte", "Sechste")
    texts = dict(zip((c.value for c in question.choices), names, strict=False))
    target = {damaged(old): damaged(new) for old, new in texts.items()}
    form.sheet.change(question.heading, lambda cell: target.get(cell, cell))
    given = form.cells(question)
    choices = tuple(
        replace(c, value=texts[c.value], label=texts[c.value], missing=None)
        for c in question.choices
        if damaged(texts[c.value]) in given
    )
    form.put(replace(question, choices=choices), "translated")
    return True


SCHEMES = (
    (0, 9, 49, 249, 999, 9_999, 99_999, 499_999),
    (0, 99, 499, 1_999, 19_999, 199_999),
    (0, 4, 19, 74, 299, 4_999, 49_999, 249_999, 1_999_999),
    (0, 50, 200, 1_000, 5_000, 25_000, 100_000),
)


def scheme(form: Form, rng: random.Random) -> bool:
    """Give the answers of a banded question anew, in bands with other edges."""
    question = free(
        form, rng, lambda q: q.banded and q.kind is Kind.SINGLE
        and q.measure in ("cores", "nodes", "instances", "users", "people", "employees"),
    )  # fmt: skip
    if question is None:
        return False
    small = question.measure == "people"
    edges = (0, 1, 3, 8, 15, 40) if small else rng.choice(SCHEMES)
    zero = any(band.high == 0 for band in question.bands.values())
    bands = [Band(0, 0)] if zero else []
    bands += [Band(a + 1, b) for a, b in pairwise(edges)]
    bands.append(Band(edges[-1] + 1, None))
    way = rng.randrange(4)
    text_of = {band: _worded(band, question.measure, way) for band in bands}
    old = {damaged(c.value): c.band for c in question.choices if c.band}

    def anew(cell: str) -> str:
        band = old.get(cell)
        return cell if band is None else damaged(text_of[_band_of(_number(band, rng), bands)])

    form.sheet.change(question.heading, anew)
    choices = [Choice(text_of[band], text_of[band], band) for band in bands]
    rest = [c for c in question.choices if not c.band]
    form.put(replace(question, choices=(*choices, *rest)), "another scheme")
    return True


def _number(band: Band, rng: random.Random) -> int:
    if band.high == 0:
        return 0
    low, high = max(band.low, 1), band.high or band.low * 4
    return round(math.exp(rng.uniform(math.log(low), math.log(max(high, low)))))


def _band_of(number: int, bands: Sequence[Band]) -> Band:
    return next(band for band in bands if band.contains(number))


def _worded(band: Band, noun: str, way: int) -> str:
    low, high = f"{band.low:,.0f}", "" if band.high is None else f"{band.high:,.0f}"
    if band.high == 0:
        return "None" if way == 0 else f"0 {noun}"
    if band.high is None:
        before = f"{band.low - 1:,.0f}"
        return (f"More than {before} {noun}", f"{low}+", f"{low} or more", f"≥ {low} {noun}")[way]
    if band.low == band.high:
        return f"{low} {noun}"
    return (f"{low} to {high} {noun}", f"{low}-{high}", f"{low} – {high}",
            f"between {low} and {high} {noun}")[way]  # fmt: skip


def versions(form: Form, rng: random.Random) -> bool:
    """Let clouds run releases that no calendar knows, named with or without a version."""
    question = form.edition.by_concept["releases_in_use"]
    if "releases_in_use" in form.touched:
        return False
    way = rng.randrange(3)
    newer = {each.series: (each.name, each.series, f"{each.series} ({each.version})")[way]
             for each in BEYOND}  # fmt: skip
    form.sheet.change_answers(
        question.heading,
        lambda e: rng.choice(list(newer.values()))
        if e in ("Caracal", "Bobcat", "Antelope") and rng.random() < 0.7 else e,
    )  # fmt: skip
    added = tuple(Choice(text, series) for series, text in reversed(newer.items()))
    form.put(replace(question, choices=(*added, *question.choices)), "releases beyond")
    return True


SEVERAL = ["Time, money", "People", "Hardware supply", "Regulation (EU)", "None of these"]
NEW: tuple[tuple[str, Kind, list[str], str], ...] = (
    ("AcceleratorMemory", Kind.SINGLE,
     ["Up to 10 TB", "11-100 TB", "101 TB - 1 PB", "More than 1 PB"], "TB"),
    ("SpotShare", Kind.SINGLE, ["0%", "1 - 10%", "11 - 50%", "51 - 100%"], "percent"),
    ("Regret", Kind.SINGLE, ["Never", "Rarely", "Sometimes", "Often", "Always"], "scale"),
    ("ConfidentialVms", Kind.SINGLE, ["Yes", "No", "Planned", "Don't know"], ""),
    ("Obstacles", Kind.MULTIPLE, SEVERAL, ""),
    ("EdgeCountries", Kind.COUNTRY, ["Germany", "Japan", "Brazil", "Kenya", "Viet Nam"], ""),
    ("MayQuote", Kind.CHECKBOX, ["1"], ""),
    ("EaseOfUpgrade", Kind.SINGLE, [str(n) for n in range(1, 8)], "scale"),
    ("AnythingElse", Kind.TEXT, [], ""),
    ("GpuCards", Kind.SINGLE, ["None", "1-8", "9-64", "65-512", "513+"], "number"),
    ("LastUpgrade", Kind.SINGLE, ["Less than 6 months ago", "6 to 12 months ago",
     "1 to 2 years ago", "More than 2 years ago"], "words"),
    ("Certification", Kind.SINGLE, ["COA", "CKA", "ISO 27001", "SOC 2", "Other"], ""),
)  # fmt: skip


def ask(form: Form, rng: random.Random) -> bool:
    """Ask a new question, of people or of clouds."""
    left = [each for each in NEW if each[0] not in form.sheet.headings]
    if not left:
        return False
    heading, kind, texts, sort = rng.choice(left)
    headings = form.sheet.headings
    border = headings.index("DeploymentID")
    unit = rng.choice([Unit.RESPONDENT, Unit.DEPLOYMENT])
    place = rng.randrange(7, border) if unit is Unit.RESPONDENT else rng.randrange(
        border + 1, len(headings)
    )  # fmt: skip
    while any(" - " in headings[at] for at in (place - 1, min(place, len(headings) - 1))):
        place -= 1
    form.sheet.insert(place, heading, _cells(form, kind, texts, unit, rng))
    form.put(_question(heading, kind, texts, sort, unit), "new")
    return True


def _cells(
    form: Form, kind: Kind, texts: Sequence[str], unit: Unit, rng: random.Random
) -> list[str]:
    known: dict[str, str] = {}
    cells = []
    ids = form.sheet.column("SurveyID" if unit is Unit.RESPONDENT else "DeploymentID")
    for number, own in enumerate(ids):
        if own and own not in known:
            known[own] = "" if rng.random() < 0.3 else _answer(kind, texts, number, rng)
        cells.append(known.get(own, ""))
    return cells


def _answer(kind: Kind, texts: Sequence[str], number: int, rng: random.Random) -> str:
    if kind is Kind.TEXT:
        return f"We would like {rng.choice(['more', 'less'])} of number {number}- really"
    if kind is Kind.MULTIPLE:
        return "|".join(damaged(text) for text in texts if rng.random() < 0.4)
    return damaged(rng.choice(list(texts)))


def _question(heading: str, kind: Kind, texts: Sequence[str], sort: str, unit: Unit) -> Question:
    concept = re.sub(r"(?<!^)(?=[A-Z])", "_", heading).lower()
    listed = kind in (Kind.SINGLE, Kind.MULTIPLE)
    banded = sort not in ("", "scale", "words")
    bands = _bands(texts, sort) if banded else [None] * len(texts)
    if sort == "words":
        bands, sort = [Band(0, 6), Band(6, 12), Band(12, 24), Band(24, None)], "months"
    choices = [
        Choice(text, text, band, Missing.UNKNOWN if text == "Don't know" else None)
        for text, band in zip(texts, bands, strict=True)
    ]
    return Question(
        concept,
        heading,
        heading,
        kind,
        unit,
        tuple(choices) if listed else (),
        series=concept,
        measure="" if sort == "scale" else sort,
        ordinal=sort == "scale",
    )


def _bands(texts: Sequence[str], sort: str) -> list[Band | None]:
    if sort == "TB":
        return [Band(0, 10), Band(11, 100), Band(101, 1000), Band(1000, None)]
    if sort == "percent":
        return [Band(0, 0), Band(1, 10), Band(11, 50), Band(51, 100)]
    return [Band(0, 0), Band(1, 8), Band(9, 64), Band(65, 512), Band(513, None)]


def matrix(form: Form, rng: random.Random) -> bool:
    """Ask a new question with a row for each of several things."""
    if "AiMaturity - Training" in form.sheet.headings:
        return False
    rows, texts = ["Training", "Inference", "Data, cleaned"], ["No", "Pilot", "In production"]
    for row in rows:
        cells = _cells(form, Kind.SINGLE, texts, Unit.DEPLOYMENT, rng)
        form.sheet.insert(len(form.sheet.headings), f"AiMaturity - {damaged(row)}", cells)
    question = Question(
        "ai_maturity", "AiMaturity", "AiMaturity", Kind.MATRIX, Unit.DEPLOYMENT,
        tuple(Choice(t, t) for t in texts), tuple(Choice(r, r) for r in rows), series="ai_maturity",
    )  # fmt: skip
    form.put(question, "new matrix")
    return True


def shuffle(form: Form, rng: random.Random) -> bool:
    """Put the columns of the clouds into another order; those of a matrix stay together."""
    first = form.sheet.headings.index("DeploymentID") + 1
    blocks: dict[str, list[str]] = {}
    for heading in form.sheet.headings[first:]:
        blocks.setdefault(heading.split(" - ")[0], []).append(heading)
    order = list(blocks.values())
    rng.shuffle(order)
    wanted = [*form.sheet.headings[:first], *(heading for block in order for heading in block)]
    places = [form.sheet.headings.index(heading) for heading in wanted]
    form.sheet.headings[:] = wanted
    for row in form.sheet.rows:
        row[:] = [row[place] for place in places]
    return True


ACTS: dict[str, Act] = {
    "rename": rename, "scheme": scheme, "ask": ask, "drop": drop, "versions": versions,
    "translate": translate, "matrix": matrix,
}  # fmt: skip
PLAN = ("scheme", "scheme", "rename", "rename", "rename", "rename", "ask", "ask", "ask", "ask",
        "drop", "drop", "versions")  # fmt: skip


def invent(form: Form, rng: random.Random) -> list[str]:
    """Make a 2026 questionnaire of last year's; return what was done."""
    plan = [*PLAN, *rng.sample(["translate", "matrix", "rename", "ask"], 2)]
    done = [name for name in plan if ACTS[name](form, rng)]
    if rng.random() < 0.5:
        shuffle(form, rng)
        done.append("shuffle")
    return done
