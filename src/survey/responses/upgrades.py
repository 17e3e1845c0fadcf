"""The same cloud in two editions, and from which release to which it went."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.checked import checked
from survey.codebook.release_questions import (
    BACK,
    BEFORE,
    MOVES,
    PATH,
    RELEASES,
    SAME,
    STEP,
    STEPS,
    path_between,
    with_release_questions,
)
from survey.codebook.releases import TRUNK, Calendar
from survey.errors import Problem, ResponsesError, did_you_mean
from survey.responses.presence import Presence
from survey.responses.release_facts import release_facts
from survey.responses.responses import Responses
from survey.responses.same_cloud import cloud_pairs, clouds_in

__all__ = ["matched_clouds"]


@checked(ResponsesError)
def matched_clouds(answers: Responses, earlier: str, later: str) -> Responses:
    """Return the later edition's answers of clouds that are described in both editions.

    Inside an organization a cloud is the same where it alone has a label both times, or where
    it is the only cloud that the organization described, both times. Of a cloud that
    colleagues described twice one description stands for it. Clouds that cannot be told apart,
    that named no release, and copies of earlier answers are left out.

    Further concepts say what the same cloud ran before: ``newest_release_before``,
    ``upgrade_step`` (how many releases it went further), ``upgrade_path`` (from which release
    to which) and, once there were SLURP releases, ``slurp_upgrade``.

    Raises
    ------
    ResponsesError
        If an edition is not among the answers, or they are not in order.

    Examples
    --------
    >>> moved = matched_clouds(answers, "2023", "2024")  # doctest: +SKIP
    >>> survey.share(moved, "upgrade_path", top=10)  # doctest: +SKIP
    >>> survey.share(moved, "newest_release", by="newest_release_before")  # doctest: +SKIP
    """
    _check(answers, earlier, later)
    facts = release_facts(answers)
    frame = facts.deployments
    if "newest_release" not in frame:
        return facts.where(pd.Series(False, index=frame.index), unit="deployment").in_edition(later)
    old, new = cloud_pairs(clouds_in(facts, earlier), clouds_in(facts, later))
    before = frame["newest_release"].astype(object).iloc[old].to_numpy()
    told = pd.notna(before) & frame["newest_release"].notna().to_numpy()[new]
    order = np.argsort(new[told])
    wanted = pd.Series(np.isin(np.arange(len(frame)), new[told]), index=frame.index)
    told_both = facts.where(wanted, unit="deployment", label="clouds described both times")
    chosen = told_both.in_edition(later)
    moved = _with_upgrades(chosen, before[told][order])
    return replace(moved, presence=_presence(facts, earlier, later))


def _presence(facts: Responses, earlier: str, later: str) -> Presence:
    """What was run before is not available unless both editions' files say what was run."""
    if facts.available(RELEASES, earlier) and facts.available(RELEASES, later):
        return facts.presence
    lost = dict.fromkeys((BEFORE, STEP, PATH, MOVES.concept), ())
    known = {**facts.presence.absent.get(later, {}), **lost}
    return replace(facts.presence, absent={**facts.presence.absent, later: known})


def _check(answers: Responses, earlier: str, later: str) -> None:
    known = answers.editions
    problems = [
        Problem(
            "matched_clouds()", repr(name), f"one of {', '.join(known)}", did_you_mean(name, known)
        )
        for name in (earlier, later)
        if name not in known
    ]
    if not problems and known.index(earlier) >= known.index(later):
        got = f"{earlier!r} and {later!r}"
        problems.append(Problem("matched_clouds()", got, "two editions, the older one first"))
    if problems:
        raise ResponsesError("Cannot follow clouds from edition to edition", problems)


def _with_upgrades(chosen: Responses, before: npt.NDArray[np.object_]) -> Responses:
    frame = chosen.deployments
    if "newest_release" not in frame:
        return chosen
    book = with_release_questions(chosen.codebook)
    edition = book.edition(chosen.editions[-1])
    now = frame["newest_release"].astype(object).to_numpy()
    pairs = list(zip(before, now, strict=True))
    calendar = book.calendar
    steps = [_step(calendar, *pair) for pair in pairs]
    moves = list(zip(steps, pairs, strict=True))
    told = {
        BEFORE: before,
        STEP: [STEPS[min(max(step + 1, 0), len(STEPS) - 1)] for step in steps],
        PATH: [_path(step, *pair) for step, pair in moves],
        MOVES.concept: [_move(calendar, step, *pair) for step, pair in moves],
    }
    labels = {name: edition.by_concept[name].labels for name in told if name in edition.by_concept}
    labels[BEFORE] = (*calendar.names, TRUNK)
    columns: dict[str, Any] = {
        name: pd.Categorical(np.array(told[name], dtype=object), list(listed), ordered=True)
        for name, listed in labels.items()
    }
    return replace(chosen, deployments=frame.assign(**columns), codebook=book)


def _step(calendar: Calendar, before: str, now: str) -> int:
    order = (*calendar.names, TRUNK)
    return order.index(now) - order.index(before)


def _path(step: int, before: str, now: str) -> str:
    return SAME if step == 0 else BACK if step < 0 else path_between(before, now)


def _move(calendar: Calendar, step: int, before: str, now: str) -> str:
    if step <= 0:
        return MOVES.none
    could_skip = all((found := calendar.find(each)) and found.slurp for each in (before, now))
    return MOVES.slurp if could_skip else MOVES.other
