"""New variables in a re-issue: what they tell of the one record that changed.

    python -m tests.attacker.new_variables --issues 40 --seed 1

A record is deleted, added or changed, and everything is published again with the ledger and with a
variable for each answer of four questions: those who gave it, and the others. Its count stands
beside that of the answer itself, which is printed again as it was. The same units have the same
noise, so that a count which is another one says that the record, in one of the issues, gave the
answer; with records that are not compared (``--uncompared``) it is seen how often.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from survey.codebook import Unit
from survey.disclosure import Ledger, Publication, Register, protect
from survey.estimates import share
from survey.responses import Responses
from tests.attacker.reissue import EDITIONS, pair_of_issues, with_rare_countries
from tests.disclosure.surveys import invented

__all__ = ["Told", "Uncompared", "attack_with_variables"]

QUESTIONS = ("deployment_stage", "compute_cores", "deployment_type", "industry")


class Uncompared(Register):
    """Draws new columns from today's answers, as before records were compared."""

    def compare(self, bodies: Iterable[Responses]) -> None:
        """Compare nothing."""

    @property
    def unlisted(self) -> frozenset[str]:
        """Ask no column either."""
        return frozenset()


@dataclass
class Told:
    """How many variables were published, were shown, and had another count than their answer."""

    variables: int = 0
    shown: int = 0
    other: int = 0


def attack_with_variables(issues: int, seed: int, kind: type[Register] = Register) -> Told:
    """Attack some re-issues of one survey of 150 respondents and two editions."""
    found, drawn = Told(), np.random.default_rng(seed)
    whole = with_rare_countries(invented(150, seed, EDITIONS))
    for number in range(issues):
        unit = (Unit.DEPLOYMENT, Unit.RESPONDENT)[number % 2]
        what = ("deleted", "added", "changed")[number % 3]
        frame = whole.frame(unit)
        record = int(drawn.choice(np.flatnonzero(frame["edition"] == EDITIONS[-1])))
        before, after = pair_of_issues(whole, unit, record, what, drawn)
        register = kind(Ledger("key"), final=True)
        first = _published(before, before, register, {})
        variables = {
            f"v{place}_{number}": (concept, label)
            for place, concept in enumerate(QUESTIONS)
            for number, label in enumerate(after.question(concept).labels)
        }
        wider = after
        for name, (concept, label) in variables.items():
            wider = wider.derive(name, {"Yes": [label]}, of=concept)
        again = kind(register.entries("key"), final=True)
        second = _published(after, wider, again, variables)
        for name, (concept, label) in variables.items():
            count, known = _count(second, name, "Yes"), _count(first, concept, label)
            found.variables += 1
            found.shown += count is not None
            found.other += count is not None and count != known
    return found


def _published(
    answers: Responses,
    wider: Responses,
    register: Register,
    variables: dict[str, tuple[str, str]],
) -> Publication:
    tables = [share(answers, concept, by="edition").named(concept, "t") for concept in QUESTIONS]
    tables += [share(wider, name, by="edition").named(name, "t") for name in variables]
    return protect(tables, title="T", edition=EDITIONS[-1], answers=wider, register=register)


def _count(publication: Publication, name: str, answer: str) -> int | None:
    """Return the printed count of an answer in the last edition."""
    frame = publication[name].frame
    own = frame[(frame["edition"] == EDITIONS[-1]) & (frame["answer"] == answer)]
    counts = own["count"].dropna().tolist()
    return int(counts[0]) if counts else None


def main() -> None:
    """Attack as many re-issues as asked, and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--issues", type=int, default=40)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--uncompared", action="store_true")
    options = asked.parse_args()
    kind = Uncompared if options.uncompared else Register
    for name, value in vars(attack_with_variables(options.issues, options.seed, kind)).items():
        print(f"{name:>20} {value:>8,}")


if __name__ == "__main__":
    main()
