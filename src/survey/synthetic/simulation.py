"""Invented editions of the survey: the exporter's files, and the truth behind them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from survey.checked import checked
from survey.codebook import Codebook, Edition, read_codebook
from survey.dataclass import dataclass
from survey.errors import Problem, SurveyError
from survey.files import faults_as, write_among_others
from survey.synthetic import exporter, truth
from survey.synthetic.accidents import with_accidents
from survey.synthetic.answering import Answering
from survey.synthetic.answers import TrueAnswers, TrueRespondent
from survey.synthetic.fieldwork import FIRST_YEAR, Fieldwork
from survey.synthetic.saving import saved

__all__ = ["INVENTED", "Simulation", "simulate"]

_MOST = 1_000_000

INVENTED = """\
The survey files beside this note are invented. A program made them up: no person, no
organization and no cloud in them exists, and no number describes anyone. All e-mail addresses
end in ".example", which no real address does. The folder "truth" holds the answers that the
files were made from, before the exporter's faults were applied.
"""


@dataclass(frozen=True)
class Simulation:
    """One invented edition.

    Attributes
    ----------
    by_heading, flat, by_company
        The exporter's three files.
    truth_respondents, truth_deployments
        The true answers, what the exporter destroyed of them and why.
    answers
        The same as objects, as the exporter takes them.
    """

    edition: str
    seed: int
    by_heading: bytes
    flat: bytes
    by_company: bytes
    truth_respondents: truth.Document
    truth_deployments: truth.Document
    answers: TrueAnswers

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """File name -> content, named as the exporter names them."""
        day = _exported_on(self.answers.edition)
        return {
            f"Survey_{day}120000.csv": self.by_heading,
            f"Survey_Flat_{day}120100.csv": self.flat,
            f"Survey_by_companies{day}120200.csv": self.by_company,
        }

    @checked(SurveyError)
    def write(self, folder: Path | str) -> tuple[Path, ...]:
        """Write the three files, the truth and a note that all is invented; return the paths.

        The truth goes to ``truth/<edition>/``, with the question classes that a scorer needs.
        Files that are there already are replaced only if this wrote them and nobody changed
        them since.

        Raises
        ------
        SurveyError
            If one of the names is another file's, or nothing can be written.
        """
        root = Path(folder)
        documents = {
            "truth_respondents.json": self.truth_respondents,
            "truth_deployments.json": self.truth_deployments,
            "schema.json": truth.schema(self.answers),
        }
        contents: dict[str, bytes] = dict(self.files)
        contents["INVENTED.txt"] = INVENTED.encode("utf-8")
        for name, document in documents.items():
            text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
            contents[f"truth/{self.edition}/{name}"] = text.encode("utf-8")
        with faults_as(SurveyError, "The invented files cannot be written", root):
            write_among_others(root, contents, error=SurveyError)
        return tuple(root / name for name in contents)


@checked(SurveyError)
def simulate(
    edition: str, *, respondents: int = 350, seed: int = 7, codebook: Codebook | None = None
) -> Simulation:
    """Return an invented edition in the exporter's own format, with the truth beside it.

    The same seed stands for the same organizations in every edition: they persist, grow,
    leave, are renamed and taken over. Distributions follow what was published where anything
    was; ``survey.synthetic.sources`` says where.

    Parameters
    ----------
    edition
        Which edition's questionnaire is answered, ``"2024"``.
    respondents
        How many surveys the export holds.
    seed
        Any whole number from 0; the same arguments give the same bytes.
    codebook
        The codebook, if not the shipped one.

    Raises
    ------
    CodebookError
        If there is no such edition.
    SurveyError
        If the edition is older than the exporter, or a number is out of range.

    Examples
    --------
    >>> invented = simulate("2024", respondents=12, seed=7)
    >>> len(invented.truth_respondents["respondents"])
    12
    >>> invented.by_heading[:20]
    b'SurveyID,CreatedByID'
    """
    known = codebook or read_codebook()
    asked = known.edition(edition)
    _check(asked, respondents, seed)
    answers = _answers(known, asked, respondents, seed)
    stored = saved(answers)
    return Simulation(
        edition=answers.edition.name,
        seed=seed,
        by_heading=exporter.by_heading(stored),
        flat=exporter.flat(stored),
        by_company=exporter.by_company(stored),
        truth_respondents=truth.truth_of_respondents(answers),
        truth_deployments=truth.truth_of_deployments(answers),
        answers=answers,
    )


def _check(edition: Edition, respondents: int, seed: int) -> None:
    """Raise if an edition cannot be made with these arguments."""
    problems = []
    if not _modelled(edition):
        hint = "earlier ones were exported by another program, which is not modelled"
        expected = f"an edition from {FIRST_YEAR} on"
        problems.append(Problem("simulate", f"edition {edition.name}", expected, hint))
    if not 1 <= respondents <= _MOST:
        problems.append(
            Problem("simulate", f"respondents = {respondents}", f"1 to {_MOST:,} of them")
        )
    if seed < 0:
        problems.append(Problem("simulate", f"seed = {seed}", "a whole number from 0"))
    if problems:
        raise SurveyError(f"Cannot simulate edition {edition.name}", problems)


def _answers(codebook: Codebook, edition: Edition, respondents: int, seed: int) -> TrueAnswers:
    plans = Fieldwork(codebook, seed, respondents).plans(edition.name)
    answering = Answering(codebook, seed)
    people = _with_duplicates([answering.respondent(plan) for plan in plans])
    orphans = {plan.number: answering.orphans(plan) for plan in plans if plan.source}
    people = with_accidents(edition, people, orphans)
    return TrueAnswers(edition, people, _creation_order(codebook, edition))


def _with_duplicates(people: list[TrueRespondent]) -> tuple[TrueRespondent, ...]:
    """Return the surveys with a flag on clouds that someone else has described before."""
    seen: set[str] = set()
    flagged = []
    for each in people:
        clouds = tuple(
            replace(cloud, flags=(*cloud.flags, "duplicate_by_colleague"))
            if cloud.cloud in seen
            else cloud
            for cloud in each.deployments
        )
        if not (each.test or each.member_deleted):
            seen.update(cloud.cloud for cloud in clouds)
        flagged.append(replace(each, deployments=clouds))
    return tuple(flagged)


def _creation_order(codebook: Codebook, edition: Edition) -> dict[str, tuple[str, ...]]:
    """Return the order in which options were created: those of earlier editions come first."""
    order = {}
    earlier = [each for each in codebook if _modelled(each) and each.name <= edition.name]
    for question in edition.questions:
        asked = [
            e.by_concept[question.concept] for e in earlier if question.concept in e.by_concept
        ]
        present = {choice.value for choice in question.rows or question.choices}
        listed = [choice.value for each in asked for choice in each.rows or each.choices]
        order[question.heading] = tuple(dict.fromkeys(v for v in listed if v in present))
    return order


def _modelled(edition: Edition) -> bool:
    return not edition.name.isdigit() or int(edition.name) >= FIRST_YEAR


def _exported_on(edition: Edition) -> str:
    """Return the day in a file name: the end of the edition's August."""
    return f"{edition.name}0831"
