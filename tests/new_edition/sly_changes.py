"""Changes that leave headings and answers as they were, or give no hint in their words."""

from __future__ import annotations

import random
from dataclasses import replace

from survey.codebook import Choice, Kind, Question, damaged
from tests.new_edition.changes import Form, listed, pick

_COMMON = 0.2  # of the answers: what few gave cannot be seen to be exchanged
_ENOUGH = 100


def synonym_choice(form: Form, rng: random.Random) -> bool:
    """Call a choice by words that have nothing in common with the former ones."""
    question = pick(form, rng, lambda q: listed(q) and not q.banded)
    if question is None or question.concept in ("releases_in_use", "deployment_year"):
        return False
    used = [c for c in question.choices if form.given(question)[c.value] and not c.missing]
    if not used:
        return False
    choice = rng.choice(used)
    text = rng.choice(["Blue whale", "Type 7", "Zeta (community edition)", "As it comes"])
    old, new = damaged(choice.value), damaged(text)
    form.sheet.change_answers(question.heading, lambda each: new if each == old else each)
    choices = tuple(replace(c, value=text) if c is choice else c for c in question.choices)
    form.put(replace(question, choices=choices), "choice with other words")
    return True


def swap_labels(form: Form, rng: random.Random) -> bool:
    """Exchange two common answers: the export has each under the other's text."""
    question = pick(form, rng, lambda q: listed(q) and not q.banded and len(_common(form, q)) > 1)
    if question is None or question.concept in ("releases_in_use", "deployment_year"):
        return False
    one, other = rng.sample(_common(form, question), 2)
    texts = {damaged(one.value): damaged(other.value), damaged(other.value): damaged(one.value)}
    form.sheet.change_answers(question.heading, lambda each: texts.get(each, each))
    values = {one: other.value, other: one.value}
    choices = tuple(replace(c, value=values.get(c, c.value)) for c in question.choices)
    form.put(replace(question, choices=choices), "labels exchanged")
    return True


def _common(form: Form, question: Question) -> list[Choice]:
    """Return the choices that so many gave that those who are back tell them apart."""
    given = form.given(question)
    answered = sum(bool(cell) for cell in form.sheet.column(question.heading))
    least = max(_COMMON * answered, 0.1 * _ENOUGH)
    alike = answered >= _ENOUGH
    return [c for c in question.choices if alike and given[c.value] >= least and not c.missing]


def swap_columns(form: Form, rng: random.Random) -> bool:
    """Exchange the answers under two headings."""
    one = pick(form, rng, lambda q: q.kind is Kind.SINGLE and _well_answered(form, q))
    if one is None:
        return False
    other = pick(
        form, rng,
        lambda q: q.kind is Kind.SINGLE and q.unit is one.unit and q is not one
        and q.banded == one.banded and _well_answered(form, q),
    )  # fmt: skip
    if other is None:
        return False
    form.sheet.rename(one.heading, "between the two")
    form.sheet.rename(other.heading, one.heading)
    form.sheet.rename("between the two", other.heading)
    form.put(replace(one, heading=other.heading), "columns exchanged")
    form.put(replace(other, heading=one.heading), "columns exchanged")
    return True


def _well_answered(form: Form, question: Question) -> bool:
    return sum(bool(cell) for cell in form.sheet.column(question.heading)) >= _ENOUGH


def other_unit(form: Form, rng: random.Random) -> bool:
    """Count something else in bands of the same words: racks where it was nodes."""
    question = pick(
        form, rng, lambda q: q.banded and q.kind is Kind.SINGLE and _well_answered(form, q)
    )
    if question is None:
        return False
    texts = [damaged(c.value) for c in question.choices if c.band]
    step = rng.choice([2, 3])
    lower = {text: texts[max(0, place - step)] for place, text in enumerate(texts)}
    form.sheet.change(question.heading, lambda cell: lower.get(cell, cell))
    series = f"{question.concept}_2026"
    form.put(replace(question, series=series, measure="racks"), "another unit")
    return True


def drop_row(form: Form, rng: random.Random) -> bool:
    """Take one row out of a matrix."""
    question = pick(form, rng, lambda q: q.kind is Kind.MATRIX and len(form.columns(q)) > 2)
    if question is None:
        return False
    heading = rng.choice(form.columns(question))
    rows = tuple(
        row
        for row, own in zip(question.rows, question.matrix_headings, strict=True)
        if own != heading
    )
    form.sheet.drop(heading)
    form.put(replace(question, rows=rows), "row dropped")
    return True


def split_question(form: Form, rng: random.Random) -> bool:
    """Ask half of the choices in a question of its own."""
    question = pick(form, rng, lambda q: q.kind is Kind.MULTIPLE and len(q.choices) > 4)
    if question is None or question.concept == "releases_in_use":
        return False
    moved = question.choices[len(question.choices) // 2 :]
    texts = {damaged(choice.value) for choice in moved}
    place = form.sheet.headings.index(question.heading) + 1
    cells = [
        "|".join(text for text in cell.split("|") if text in texts)
        for cell in form.sheet.column(question.heading)
    ]
    heading = f"{question.heading}More"
    form.sheet.insert(place, heading, cells)
    form.sheet.change_answers(question.heading, lambda each: "" if each in texts else each)
    kept = tuple(choice for choice in question.choices if choice not in moved)
    form.put(replace(question, choices=kept), "split in two")
    own = f"{question.concept}_more"
    new = replace(question, concept=own, series=own, heading=heading, choices=moved, topic="")
    form.put(new, "split in two")
    return True
