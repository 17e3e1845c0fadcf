"""protect: the one way from estimates to a publication."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from survey.admission import Admission
from survey.checked import checked
from survey.codebook import OPENSTACK, Codebook, read_codebook
from survey.codebook.geography import REGIONS
from survey.codebook.release_questions import with_release_questions
from survey.collector import collecting_less
from survey.disclosure.cuts import classes_of
from survey.disclosure.ledger.column_names import selection_name
from survey.disclosure.ledger.ledger_column import ENOUGH
from survey.disclosure.ledger.new_columns import whose
from survey.disclosure.ledger.register import Register
from survey.disclosure.policy import INTERNAL, Policy, Profile
from survey.disclosure.public import public_table
from survey.disclosure.publication import Publication, sealing
from survey.disclosure.refusals import refuse_final, refuse_unknown_corrections
from survey.disclosure.release_plan import planned
from survey.disclosure.unperturbed import exact_table, table_above_threshold
from survey.errors import DisclosureError, Problem, did_you_mean
from survey.estimates.design.places import REGION_OF
from survey.estimates.table import Estimates
from survey.provenance import Provenance
from survey.responses import Responses

__all__ = ["protect"]


@checked(DisclosureError)
def protect(
    tables: Iterable[Estimates],
    policy: Policy | None = None,
    *,
    title: str,
    edition: str,
    answers: Responses | None = None,
    codebook: Codebook | None = None,
    labels: Iterable[str] = (),
    register: Register | None = None,
) -> Publication:
    """Return tables that may be published.

    Every number is computed again, by the statistic's own function, from counts that carry a
    small random adjustment. The same records carry the same adjustment in whatever table they
    are counted. Small groups are joined with others as the codebook declares, or withheld
    whole; what is withheld is missing, never 0. A statistic that cannot be computed from
    perturbed counts is left out: the release plan of the publication says so.

    Parameters
    ----------
    tables
        Every table of the publication, as verbs and topics returned them.
    policy
        The rules; ``Policy()`` by default.
    title, edition
        What the publication is called, and the edition it is about.
    answers
        The answers behind the tables. When given, names of organizations and free texts are
        looked for in every text, and their records are compared with those that were published
        (else those behind the tables): what is new waits while few of an edition differ.
    codebook
        Lists the labels that may stand in a table; the codebook of ``answers``, or the one
        that comes with the package, by default.
    labels
        Labels that are not in the codebook and no write-ins either.
    register
        What was published before, which is reprinted, and whether this publication is final;
        by default nothing was, and it is a draft. What is final is written by no writer before
        :func:`survey.disclosure.note_in_ledger` noted it.

    Returns
    -------
    Publication
        Copies of the tables; the estimates that were given are not changed.

    Raises
    ------
    DisclosureError
        If a table is about, or grouped by, persons, organizations or free text, if a label is
        not known, if a text holds an e-mail address or the name of an organization, if two
        tables have the same name, or if the records behind a table have no keys. The error
        lists everything that is wrong with the tables' words. If it is to be final and its counts
        are exact and complete, or exact although perturbed ones were published, or the ledger
        names no key; if a question is to be corrected that
        no table is about.

    Notes
    -----
    Cell-key perturbation: Fraser and Wooton (2005), Thompson, Broadfoot and Elazar (2013);
    :mod:`survey.disclosure.perturbation.noise` has the chances.

    References
    ----------
    Hundepool, A. et al. (2012). *Statistical Disclosure Control*. Wiley, section 5.4.

    Examples
    --------
    >>> protect([], title="OpenStack User Survey", edition="2019")
    <Publication 'OpenStack User Survey', edition 2019: 0 tables, 0 rows, 0 withheld>
    """
    rules = policy or Policy()
    given = tuple(tables)
    book = with_release_questions(codebook or (answers.codebook if answers else _shipped()))
    Admission(book, frozenset(labels), answers).check(given, title, edition)
    _refuse_unknown(rules, book)
    if rules.profile is Profile.INTERNAL:
        title = f"{INTERNAL}: {title}"
    own = register or Register()
    if own.final:
        editions = {edition, *(each for table in given for each in table.editions)}
        refuse_final(rules, own.ledger, editions | set(answers.editions if answers else ()))
    refuse_unknown_corrections(own.corrections, own.ledger, given)
    if rules.profile is Profile.PROTECTED:
        _compare(own, given, rules, answers)
    with collecting_less():
        made_of = {place: _public(given[place], rules, own) for place in _first_to_last(given)}
    public = {name: made_of[place] for place, name in enumerate(_names(given))}
    plan = tuple(
        planned(name, table, made, classes_of(table, rules) if made is not None else {})
        for (name, made), table in zip(public.items(), given, strict=True)
    )
    with sealing():
        return Publication(
            title,
            edition,
            {name: replace(made, name=name) for name, made in public.items() if made is not None},
            rules,
            _told(Provenance().merge(*(table.provenance for table in given))).then("protected"),
            plan=plan,
            vocabulary=book.editions[edition].vocabulary if edition in book.editions else OPENSTACK,
            final=own.final,
            noted=own.note(edition),
        )


def _compare(
    register: Register, tables: Sequence[Estimates], rules: Policy, answers: Responses | None
) -> None:
    """Note whose the records are, and how many differ from those that were published.

    New columns wait while few do. A ledger that lists no records is older than they are: then what
    waits of its columns says it, once all of them were looked at. So it is for groups in which
    variables stand, since few may have changed there.
    """
    designs = [table.design for table in tables if table.design is not None]
    wholes = [design.answers.whole or design.answers for design in designs]
    everybody = wholes if answers is None else [answers, *wholes]
    register.neighbours.learn(everybody)
    if not (register.final or register.ledger.columns):
        return
    bodies = [answers] if answers is not None else []
    given = {*answers.editions} if answers is not None else set()
    for body in wholes:
        if more := [edition for edition in body.editions if edition not in given]:
            bodies.append(body.in_edition(*more))
    register.compare({(id(b.respondents), id(b.deployments)): b for b in bodies}.values())
    published = register.ledger.columns
    small = {n: each for n, each in published.items() if rules.units <= each.largest < ENOUGH}
    register.neighbours.lead_published(small, register.corrections, rules.units)
    older = register.unlisted or not register.ledger.units
    every = published and (register.corrections or older)
    groups = register.groups_of_variables((t.spec.concept, t.spec.by) for t in tables)
    if every or (published and groups):
        trial = Register(register.ledger, register.corrections, register.final)
        trial.neighbours.units = register.neighbours.units
        for place in _first_to_last(tables):
            if every or frozenset(tables[place].spec.by) - {"edition"} in groups:
                _public(tables[place], rules, trial)
        register.count_changes(trial.waiting)
        register.pending = frozenset(each for each in map(whose, trial.waiting) if each[2])
        register.lead_with(trial.used)
        register.neighbours.lead_uncorrected(published, trial.used, register.corrections)


def _told(provenance: Provenance) -> Provenance:
    """Leave size and digest of confidential files out: guesses could be tested against them."""
    sources = tuple(
        each if each.invented else replace(each, size=0, sha256="") for each in provenance.sources
    )
    return replace(provenance, sources=sources)


def _first_to_last(tables: Sequence[Estimates]) -> list[int]:
    """Return the order in which tables are protected: a whole before its groups, then selections.

    Of columns of nearly the same units the first one is drawn. It is not the order of the
    publication, which somebody may change.
    """

    def wholes_first(place: int) -> tuple[Any, ...]:
        spec, design = tables[place].spec, tables[place].design
        who = selection_name(design.answers) if design is not None else ""
        return who, len({*spec.by} - {"edition"}), spec.by, spec.concept, repr(spec.options)

    return sorted(range(len(tables)), key=wholes_first)


def _public(table: Estimates, policy: Policy, register: Register) -> Estimates | None:
    """Return a table as its profile publishes it; nothing where it does not."""
    if policy.profile is Profile.INTERNAL:
        return exact_table(table)
    if policy.profile is Profile.THRESHOLD:
        return table_above_threshold(table, policy)
    return public_table(table, policy, register)


@cache
def _shipped() -> Codebook:
    return read_codebook()


def _refuse_unknown(policy: Policy, book: Codebook) -> None:
    """Refuse classes of answers that no questionnaire has: they would join nothing."""
    problems = []
    for concept in dict(policy.classes):
        known = {
            label
            for edition in book
            if concept in edition.by_concept
            for label in edition.by_concept[concept].labels
        }
        known |= set(REGIONS) if concept in REGION_OF else set()
        problems += [
            Problem(
                f"[policy.classes.{concept}]",
                repr(answer),
                "an answer of the question",
                did_you_mean(answer, known),
            )
            for answer in policy.class_of(concept)
            if answer not in known
        ]
    if problems:
        raise DisclosureError("The disclosure policy cannot be used", problems)


def _names(tables: Sequence[Estimates]) -> list[str]:
    """Return the names of the tables; one without gets its number."""
    return [table.name or f"table_{number}" for number, table in enumerate(tables, start=1)]
