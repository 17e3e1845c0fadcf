"""Random changes of a questionnaire: the sheet that it gives, and the codebook by hand.

Every change edits the export's cells and the edition's questions together, so that the edition
is what somebody who knows the new questionnaire would write.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from survey.codebook import Band, Choice, Edition, Kind, Missing, Question, Unit, damaged
from survey.codebook.releases import shipped_calendar
from tests.new_edition.sheet import Sheet

FIXED = {"SurveyID", "CreatedByID", "Email", "Created", "LastEdited", "Language", "DeploymentID"}


@dataclass
class Form:
    """An export, its questionnaire, and which concepts were changed."""

    sheet: Sheet
    edition: Edition
    touched: dict[str, str] = field(default_factory=dict)
    new_answers: bool = True  # whether people may answer otherwise than in the original

    def question(self, concept: str) -> Question:
        return self.edition.by_concept[concept]

    def put(self, question: Question, what: str) -> None:
        known = question.concept in self.edition.by_concept
        questions = (
            tuple(question if q.concept == question.concept else q for q in self.edition.questions)
            if known
            else (*self.edition.questions, question)
        )
        self.edition = replace(self.edition, questions=questions)
        self.touched[question.concept] = what

    def remove(self, concept: str, what: str) -> None:
        kept = tuple(q for q in self.edition.questions if q.concept != concept)
        self.edition = replace(self.edition, questions=kept)
        self.touched[concept] = what

    def columns(self, question: Question) -> list[str]:
        if question.kind is not Kind.MATRIX:
            return [question.heading]
        return [each for each in question.matrix_headings if each in self.sheet.headings]

    def cells(self, question: Question) -> set[str]:
        """Return the filled cells of a question."""
        columns = self.columns(question)
        return {cell for heading in columns for cell in self.sheet.column(heading) if cell}

    def given(self, question: Question) -> dict[str, int]:
        """Return how often each listed value was given."""
        times: dict[str, int] = {}
        for heading in self.columns(question):
            for cell in self.sheet.column(heading):
                for text in cell.split("|"):
                    times[text] = times.get(text, 0) + 1
        return {c.value: times.get(damaged(c.value), 0) for c in question.choices}


Change = Callable[[Form, random.Random], bool]
PREFIXES = ("Your", "Total", "Current", "Primary", "Cloud")
SUFFIXES = ("2026", "Shanghai", "V2", "Now", "List")
SYNONYMS = {
    "Compute": "Cpu", "Cores": "CoreCount", "Nodes": "Hypervisor Hosts", "Org": "Company",
    "Size": "Scale", "Releases": "Versions", "Current": "Running", "Deployment": "Cloud",
    "Tools": "Tooling", "Used": "InUse", "Operating": "Os", "Systems": "Platforms",
    "Drivers": "Backends", "Num": "NumberOf", "Users": "Customers", "Team": "Crew",
    "Stage": "Phase", "Industry": "Sector", "Features": "Capabilities",
}  # fmt: skip


def pick(form: Form, rng: random.Random, fits: Callable[[Question], bool]) -> Question | None:
    """Return a question that no change has touched yet."""
    left = [
        q
        for q in form.edition.questions
        if q.concept not in form.touched
        and q.heading not in FIXED
        and any(heading in form.sheet.headings for heading in form.columns(q))
        and fits(q)
    ]
    return rng.choice(left) if left else None


def listed(question: Question) -> bool:
    return question.kind in (Kind.SINGLE, Kind.MULTIPLE, Kind.RANKING)


def other_words(name: str, rng: random.Random) -> str:
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)
    way = rng.randrange(5)
    if way == 0:
        return rng.choice(PREFIXES) + name
    if way == 1:
        return name.removesuffix("Sydney") + rng.choice(SUFFIXES)
    if way == 2:
        return "_".join(part.lower() for part in parts)
    if way == 3 and any(part in SYNONYMS for part in parts):
        return "".join(SYNONYMS.get(part, part) for part in parts)
    return " ".join(parts).capitalize()


def rename_heading(form: Form, rng: random.Random) -> bool:
    question = pick(form, rng, lambda q: q.kind is not Kind.TEXT and q.heading != "Organization")
    if question is None:
        return False
    heading = other_words(question.heading, rng)
    if heading in form.sheet.headings or heading == question.heading:
        return False
    for old in form.columns(question):
        form.sheet.rename(old, heading + old[len(question.heading) :])
    form.put(replace(question, heading=heading), "heading renamed")
    return True


def rename_choice(form: Form, rng: random.Random) -> bool:
    question = pick(form, rng, lambda q: listed(q) and not q.banded)
    if question is None or question.concept in ("releases_in_use", "deployment_year"):
        return False
    used = [c for c in question.choices if form.given(question)[c.value] and not c.missing]
    if not used:
        return False
    choice = rng.choice(used)
    words = choice.value.split()
    text = rng.choice(
        [f"{choice.value} (any)", choice.value.upper(), f"Using {choice.value}",
         " ".join([*words[1:], words[0]]) if len(words) > 1 else f"{choice.value} platform"]
    )  # fmt: skip
    if text in question.label_of:
        return False
    old, new = damaged(choice.value), damaged(text)
    form.sheet.change_answers(question.heading, lambda each: new if each == old else each)
    choices = tuple(replace(c, value=text) if c is choice else c for c in question.choices)
    form.put(replace(question, choices=choices), "choice renamed")
    return True


def remove_choice(form: Form, rng: random.Random) -> bool:
    question = pick(form, rng, lambda q: listed(q) and not q.banded and len(q.choices) > 3)
    if question is None:
        return False
    used = [c for c in question.choices if form.given(question)[c.value]]
    if not used:
        return False
    choice = rng.choice(used)
    old = damaged(choice.value)
    form.sheet.change_answers(question.heading, lambda each: "" if each == old else each)
    choices = tuple(c for c in question.choices if c is not choice)
    form.put(replace(question, choices=choices), "choice removed")
    return True


def add_choice(form: Form, rng: random.Random) -> bool:
    question = pick(form, rng, lambda q: listed(q) and not q.banded)
    if question is None:
        return False
    text = rng.choice(["Mainframe", "Something else, new", "Quantum", "Wasm runtime"])
    used = [c for c in question.choices if form.given(question)[c.value] > 5]
    if not used or question.concept in ("releases_in_use", "deployment_year"):
        return False
    old = damaged(rng.choice(used).value)
    form.sheet.change_answers(
        question.heading,
        lambda each: damaged(text) if each == old and rng.random() < 0.4 else each,
    )
    place = len(question.choices) - sum(
        c.missing is not None or c.label in question.other_labels for c in question.choices
    )
    choices = (*question.choices[:place], Choice(text, text), *question.choices[place:])
    form.put(replace(question, choices=choices), "choice added")
    return True


def merge_choices(form: Form, rng: random.Random) -> bool:
    question = pick(form, rng, lambda q: listed(q) and not q.banded and len(q.choices) > 3)
    if question is None or question.concept in ("releases_in_use", "deployment_year"):
        return False
    used = [c for c in question.choices if form.given(question)[c.value] and not c.missing]
    if len(used) < 2:
        return False
    one, other = rng.sample(used, 2)
    text = rng.choice([f"{one.value} / {other.value}", one.value])
    olds = {damaged(one.value), damaged(other.value)}
    form.sheet.change_answers(question.heading, lambda e: damaged(text) if e in olds else e)
    made = Choice(
        text, one.label if text == one.value else text, renamed_from=(one.label, other.label)
    )
    choices = tuple(made if c is one else c for c in question.choices if c is not other)
    form.put(replace(question, choices=choices), "choices merged")
    return True


def split_choice(form: Form, rng: random.Random) -> bool:
    question = pick(form, rng, lambda q: listed(q) and not q.banded)
    if question is None or question.concept in ("releases_in_use", "deployment_year"):
        return False
    used = [c for c in question.choices if form.given(question)[c.value] > 3 and not c.missing]
    if not used:
        return False
    choice = rng.choice(used)
    texts = [f"{choice.value} (small)", f"{choice.value} (large)"]
    old = damaged(choice.value)
    form.sheet.change_answers(
        question.heading, lambda e: damaged(rng.choice(texts)) if e == old else e
    )
    parts = [Choice(text, text, renamed_from=(choice.label,)) for text in texts]
    choices = [each for c in question.choices for each in (parts if c is choice else [c])]
    form.put(replace(question, choices=tuple(choices)), "choice split")
    return True


def worded(band: Band, noun: str, rng: random.Random, way: int) -> str:
    low, high = f"{band.low:,.0f}", "" if band.high is None else f"{band.high:,.0f}"
    if band.high is None:
        return [f"{low} or more {noun}", f"{low}+ {noun}", f"{low} {noun} or more"][way]
    if band.low == band.high:
        return f"{low} {noun}"
    return [f"{low} to {high} {noun}", f"{low}-{high} {noun}", f"{low} – {high} {noun}"][way]


def other_bands(form: Form, rng: random.Random) -> bool:
    """Split or merge whole bands, so that every answer has its place in the new scheme."""
    question = pick(
        form, rng,
        lambda q: q.banded and q.measure not in ("TB", "percent") and q.kind is Kind.SINGLE
        and _follow(q),
    )  # fmt: skip
    if question is None:
        return False
    noun, way = question.measure, rng.randrange(3)
    bands = [c for c in question.choices if c.band]
    places: dict[str, list[Band]] = {}
    new: list[Band] = []
    at = 0
    while at < len(bands):
        band = bands[at].band
        assert band is not None
        if at + 1 < len(bands) and rng.random() < 0.3:
            last = bands[at + 1].band
            assert last is not None
            joined = Band(band.low, last.high)
            places[bands[at].value] = places[bands[at + 1].value] = [joined]
            new.append(joined)
            at += 2
            continue
        if band.high is not None and band.high > band.low + 3 and rng.random() < 0.4:
            middle = int((band.low + band.high) // 2)
            parts = [Band(band.low, middle), Band(middle + 1, band.high)]
        else:
            parts = [band]
        places[bands[at].value] = parts
        new += parts
        at += 1
    text_of = {each: worded(each, noun, rng, way) for each in new}
    target = {damaged(old): parts for old, parts in places.items()}
    form.sheet.change(
        question.heading,
        lambda e: damaged(text_of[rng.choice(target[e])]) if e in target else e,
    )
    olds = {c.band: c for c in bands}
    made = [
        replace(olds[each], value=text_of[each])
        if each in olds
        else Choice(text_of[each], text_of[each], each)
        for each in new
    ]
    rest = [c for c in question.choices if not c.band]
    form.put(replace(question, choices=(*made, *rest)), "other bands")
    return True


def _follow(question: Question) -> bool:
    bands = list(question.bands.values())
    return all(a.high is not None and a.high + 1 == b.low for a, b in pairwise(bands))


def versioned_releases(form: Form, rng: random.Random) -> bool:
    """Name releases with their versions, and let some clouds run newer ones."""
    question = form.edition.by_concept.get("releases_in_use")
    if question is None or "releases_in_use" in form.touched:
        return False
    calendar = shipped_calendar()
    way = rng.randrange(3)

    def text(series: str) -> str:
        known = calendar.find(series)
        if known is None or not known.version:
            return series
        return [known.name, f"{series} ({known.version})", known.version][way]

    newer = ["Epoxy", "Flamingo", "Gazpacho"]
    names = {damaged(c.value): c.label for c in question.choices}

    def renewed(each: str) -> str:
        series = names.get(each, each)
        if form.new_answers and series in ("Caracal", "Bobcat") and rng.random() < 0.6:
            series = rng.choice(newer)
        return text(series)

    form.sheet.change_answers(question.heading, renewed)
    listed_now = dict.fromkeys(["Trunk", *reversed(newer), *question.labels])
    choices = tuple(Choice(text(label), label) for label in listed_now)
    form.put(replace(question, choices=choices), "releases with versions")
    return True


def drop_question(form: Form, rng: random.Random) -> bool:
    needed = {"organization_name", "releases_in_use", "compute_cores", "primary_country"}
    question = pick(form, rng, lambda q: q.kind.closed and q.concept not in needed)
    if question is None:
        return False
    for heading in form.columns(question):
        form.sheet.drop(heading)
    form.remove(question.concept, "dropped")
    return True


def several_now(form: Form, rng: random.Random) -> bool:
    question = pick(
        form, rng, lambda q: q.kind is Kind.SINGLE and not q.banded and len(q.choices) > 2
    )
    if question is None:
        return False
    values = [damaged(c.value) for c in question.choices if not c.missing]

    def more(cell: str) -> str:
        added = rng.choice(values)
        return f"{cell}|{added}" if rng.random() < 0.3 and added != cell else cell

    form.sheet.change(question.heading, more)
    series = f"{question.concept}_2026"
    form.put(replace(question, kind=Kind.MULTIPLE, series=series), "several answers")
    return True


def one_now(form: Form, rng: random.Random) -> bool:
    question = pick(form, rng, lambda q: q.kind is Kind.MULTIPLE and q.concept != "releases_in_use")
    if question is None:
        return False
    form.sheet.change(question.heading, lambda cell: cell.split("|")[0])
    series = f"{question.concept}_2026"
    form.put(replace(question, kind=Kind.SINGLE, series=series), "one answer")
    return True


def move_column(form: Form, rng: random.Random) -> bool:
    question = pick(form, rng, lambda q: q.unit is Unit.DEPLOYMENT and q.kind is not Kind.MATRIX)
    if question is None:
        return False
    first = form.sheet.headings.index("DeploymentID") + 1
    form.sheet.move(question.heading, rng.randrange(first, len(form.sheet.headings) - 1))
    form.touched[question.concept] = "column moved"
    return True


NEW = (
    (
        "GpuServers", Kind.SINGLE, "servers",
        ["0 servers", "1 to 9 servers", "10 to 99 servers", "100 or more servers"],
    ),
    (
        "UpgradeConfidence", Kind.SINGLE, "",
        ["Not at all", "Slightly", "Moderately", "Very", "Extremely"],
    ),
    (
        "AcceleratorTypes", Kind.MULTIPLE, "",
        ["FPGA", "Graphics card", "SmartNIC, DPU", "Tensor unit"],
    ),
    (
        "SupportContract", Kind.SINGLE, "",
        ["Yes, with a distributor", "Yes, with a consultant", "No", "I don't know."],
    ),
    ("AiWorkloadShare", Kind.SINGLE, "percent", ["0%", "1-25%", "26-50%", "51-100%"]),
)  # fmt: skip


def new_question(form: Form, rng: random.Random) -> bool:
    left = [each for each in NEW if each[0] not in form.sheet.headings]
    if not left:
        return False
    heading, kind, measure, texts = rng.choice(left)
    cells = _invented(form.sheet, kind, texts, rng)
    first = form.sheet.headings.index("DeploymentID") + 1
    place = rng.randrange(first + 1, len(form.sheet.headings))
    while " - " in form.sheet.headings[place] or " - " in form.sheet.headings[place - 1]:
        place = rng.randrange(first + 1, len(form.sheet.headings))
    form.sheet.insert(place, heading, cells)
    concept = re.sub(r"(?<!^)(?=[A-Z])", "_", heading).lower()
    choices = tuple(_choice(text, measure) for text in texts)
    form.put(
        Question(
            concept,
            heading,
            heading,
            kind,
            Unit.DEPLOYMENT,
            choices,
            series=concept,
            measure=measure,
        ),
        "new question",
    )
    return True


def _choice(text: str, measure: str) -> Choice:
    if text.startswith("I don't know"):
        return Choice(text, text, missing=Missing.UNKNOWN)
    numbers = [float(each) for each in re.findall(r"\d+", text)] if measure else []
    if not numbers:
        return Choice(text, text)
    high = None if "more" in text else numbers[-1]
    return Choice(text, text, Band(numbers[0], high))


def _invented(sheet: Sheet, kind: Kind, texts: Sequence[str], rng: random.Random) -> list[str]:
    has = [bool(cell) for cell in sheet.column("DeploymentID")]
    cells = []
    for own in has:
        if not own or rng.random() < 0.25:
            cells.append("")
        elif kind is Kind.MULTIPLE:
            cells.append("|".join(damaged(t) for t in texts if rng.random() < 0.5))
        else:
            cells.append(damaged(rng.choice(texts)))
    return cells
