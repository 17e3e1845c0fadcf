"""What a reader must know of a table, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import pairwise

from survey.codebook import Family, Unit, Vocabulary, joined_choices
from survey.estimates.design.arguments import Asked, source_of, unit_of
from survey.estimates.design.left_out import LeftOut, Why
from survey.estimates.design.sample import Sample
from survey.estimates.design.weights import Weights
from survey.estimates.exact_note import ExactNote
from survey.estimates.file_notes import absent_notes, answer_notes, routing_notes
from survey.estimates.tabulation.counting import Counted
from survey.estimates.tidy import Base
from survey.provenance import POOLED
from survey.responses import Responses

__all__ = [
    "OF_THOSE_THAT_ANSWERED",
    "PARTS_NEED_NOT_ADD_UP",
    "RANDOM_DRAW",
    "SELF_SELECTED",
    "TOTALS_APART",
    "base_words",
    "bounds_hold",
    "edition_before",
    "left_out_notes",
    "notes_on",
    "sample_notes",
    "weights_note",
]

SELF_SELECTED = "Respondents are self-selected."
RANDOM_DRAW = f"{SELF_SELECTED} Intervals treat them as a random sample."
OF_THOSE_THAT_ANSWERED = (
    "The interval is about those that answered: what the bands of their answers hide."
)
"""What the interval of a total tells; it is not that of another sample."""
TOTALS_APART = (
    "Those of totals do not: they are about those that answered, and tell what the bands of their "
    "answers hide. Those of changes of totals do."
)
"""What goes behind ``RANDOM_DRAW`` where totals stand beside other numbers."""
PARTS_NEED_NOT_ADD_UP = (
    "Percentages are rounded one by one, so the parts of a whole need not add up to 100 %."
)


def notes_on(counted: Counted, asked: Asked, concept: str, cluster: str | None) -> Iterator[str]:
    """Yield what must be said about a table of shares."""
    yield RANDOM_DRAW
    words = counted.sample.answers.vocabulary
    sample, source = counted.sample, source_of(counted.sample.answers, concept)
    who = _base, asked.unit, asked.base, source
    yield from _once(sample, who, lambda: (_base(sample, asked, source),))
    if counted.indicator.several:
        yield f"{_one(asked.unit, words)} can give several answers: shares do not add up to 100 %."
    if asked.unit is Unit.ORGANIZATION:
        rows = words.noun(asked.rows, 2)
        yield f"An organization counts in every answer that any of its {rows} gave."
    of_unit = _per_deployment, asked.unit, source
    yield from _once(sample, of_unit, lambda: _per_deployment(sample, asked, source))
    for name in counted.grouping.stacked:
        yield f"{_one(asked.unit, words)} counts in every group of '{name}' that it chose."
    if asked.base is Base.ASKED:
        yield from routing_notes(sample, source)
    yield from _once(sample, (absent_notes, source), lambda: absent_notes(sample, source))
    yield from answer_notes(
        counted.indicator.unlisted, counted.indicator.written, words.noun(asked.rows, 2)
    )
    if counted.indicator.recut:
        yield from _recut_notes(counted)
    if _not_offered(counted):
        yield "Where an edition did not offer an answer there is no share, rather than 0 %."
    elif not counted.indicator.offered_alike:
        yield "An answer that not every edition offered is counted in the editions that did."
    about = sample_notes, asked.unit, cluster
    yield from _once(sample, about, lambda: sample_notes(sample, asked, cluster))
    yield from _once(sample, (_on_the_question, source), lambda: _on_the_question(sample, source))


def _once(
    sample: Sample, about: tuple[Hashable, ...], notes: Callable[[], Iterable[str]]
) -> tuple[str, ...]:
    """Return notes that every table of a sample, or of a question in it, repeats."""
    if about not in sample.said:
        sample.said[about] = tuple(notes())
    return sample.said[about]


def _recut_notes(counted: Counted) -> Iterator[str]:
    """Say where bands lie partly inside a net, so that nobody can tell how many belong to it."""
    for name, places in counted.indicator.recut.items():
        if name in counted.indicator.answers:
            editions = _listed(counted.sample.editions[place] for place in sorted(places))
            yield f"{name!r} is not comparable in {editions}: bands there lie partly inside it."


def _per_deployment(sample: Sample, asked: Asked, concept: str) -> Iterator[str]:
    """Say that what a respondent answered once counts for each of the deployments."""
    if asked.unit is not Unit.DEPLOYMENT:
        return
    if unit_of(sample.answers, (concept,)) is Unit.RESPONDENT:
        words = sample.answers.vocabulary
        yield words.fill(
            "An answer of a {respondent} counts once for each {record} that it describes."
        )


def _not_offered(counted: Counted) -> bool:
    """Whether a cell was not offered, for no other reason."""
    if not counted.not_offered.any():
        return False
    return bool((counted.not_offered & ~counted.not_available & ~counted.not_comparable).any())


def sample_notes(sample: Sample, asked: Asked, cluster: str | None) -> Iterator[str]:
    """Yield what must be said about the rows behind any statistic."""
    if cluster == "organization" and _nobody_is_of_one(sample):
        yield sample.answers.vocabulary.fill(
            "Organizations are not asked for: intervals take {respondents} as independent."
        )
    elif cluster is not None and asked.unit is not Unit.ORGANIZATION:
        yield (
            f"{_several(asked.unit, sample.answers.vocabulary)} of one {cluster} are not "
            "independent; intervals allow for it."
        )
    yield from _strata_notes(sample)
    yield from selection_notes(sample)
    yield from left_out_notes(sample)
    assumed = [name for name in sample.editions if sample.answers.codebook.edition(name).assumed]
    if assumed:
        yield f"The questionnaire of {_listed(assumed)} is not public; its choices are assumed."


def _strata_notes(sample: Sample) -> Iterator[str]:
    """Yield how clusters were chosen, as the design says; public intervals do not know it."""
    strata = sample.strata
    if strata is None:
        return
    if len(strata.clusters) > 1:
        yield ExactNote(f"Intervals take clusters as chosen within {len(strata.clusters)} strata.")
    if strata.sampled.all():
        many = strata.clusters.sum()
        part = 100 * many / (strata.clusters / strata.sampled).sum()
        yield ExactNote(
            f"Finite population: the {many:,.0f} clusters of the whole sample are {part:.0f} % "
            "of all, which shortens intervals."
        )


def _nobody_is_of_one(sample: Sample) -> bool:
    """Whether no organization is asked for or otherwise known: every row stands alone."""
    asking = (sample.answers.codebook.edition(name).questions for name in sample.editions)
    asked = any(question.kind.names_organization for each in asking for question in each)
    return not asked and sample.clusters == len(sample) > 0


def selection_notes(sample: Sample) -> Iterator[str]:
    """Yield what the answers were selected by, and whom a filter on deployments leaves in."""
    answers = sample.answers
    if not answers.selected:
        return
    chosen = "; ".join(answers.selected)
    yield f"Selected: {chosen}."
    if answers.frame(sample.unit).empty:
        yield "The selection holds no record."
    yield "Intervals allow for the selection being a part of all answers, of a size left to chance."
    if sample.unit is Unit.RESPONDENT and answers.whole is not None:
        fewer = len(answers.deployments) < len(answers.whole.deployments)
        if fewer and len(answers.respondents) == len(answers.whole.respondents):
            yield answers.vocabulary.fill(
                "The selection is of {records}; this table is of all {respondents}."
            )


def left_out_notes(sample: Sample) -> Iterator[str]:
    """Yield what is left out of a sample, or counts although by default it does not."""
    for count, why in ((sample.left_out, Why.COPIES), (sample.repeated, Why.SAME_CLOUD)):
        if count:
            names = tuple(sample.answers.vocabulary.noun(sample.unit, n) for n in (1, 2))
            yield LeftOut(count, sample.unit, sample.editions, why, names=names)
    before = edition_before(sample.answers)
    if before and not sample.copies:
        edition = sample.answers.provenance.codebook[0]
        alone = (
            f"{edition} was read alone: records that were carried over from an earlier edition and "
            "never edited are not known, and count."
        )
        yield ExactNote(f"{alone} Read {before} with it to leave them out.", alone)
    if sample.copies:
        yield "Records carried over from an earlier edition and never edited count."


def edition_before(answers: Responses) -> str:
    """Return the edition before, where it was not read with the only one that there is."""
    provenance, known = answers.provenance, list(answers.codebook.editions)
    read = provenance.codebook
    alone = len(read) == 1 and read[0] in known and POOLED not in provenance.steps
    if alone and answers.codebook.edition(read[0]).layout.family is Family.TABLE:
        return ""  # another survey, whose forms are not known to come filled in
    return known[known.index(read[0]) - 1] if alone and known.index(read[0]) else ""


def weights_note(weights: Weights | str | None) -> Iterator[str]:
    """Yield that a table is weighted, and which of its columns are not."""
    if weights is not None:
        by = f"column {weights!r}" if isinstance(weights, str) else weights.method
        yield ExactNote(
            f"Weighted ({by}): values and their limits and bounds are of weighted answers; counts "
            "and bases are of unweighted ones.",
            "All answers of a group have the mean of its weights: shares and medians within a "
            "group are not weighted.",
        )


def bounds_hold(weights: object, unit: Unit, who: str = "those who answered") -> str:
    """Return for whom the edges of bands bound a number.

    Examples
    --------
    >>> bounds_hold(None, Unit.DEPLOYMENT)
    'are certain for those who answered'
    >>> bounds_hold("weight", Unit.DEPLOYMENT)
    'hold with these weights alone, not for those who answered'
    """
    if weights is not None:
        return f"hold with these weights alone, not for {who}"
    if unit is Unit.ORGANIZATION:
        return f"hold with one voice for each organization, not for {who}"
    return f"are certain for {who}"


def base_words(asked: Asked, words: Vocabulary) -> str:
    """Return who is in the base of a table."""
    units = words.noun(asked.unit, 2)
    if asked.base is Base.ALL:
        return f"all {units}, whether they answered or not"
    if asked.base is Base.ASKED:
        return f"{units} of editions that asked the question, whether they answered or not"
    return f"{units} that answered the question"


def _base(sample: Sample, asked: Asked, source: str) -> str:
    words = sample.answers.vocabulary
    asking = (
        sample.answers.codebook.edition(name).by_concept.get(source) for name in sample.editions
    )
    can_decline = any(question is not None and question.missing_labels for question in asking)
    if asked.base is Base.ANSWERED and can_decline:
        return (
            f'Base: {base_words(asked, words)}; those who declined or answered "don\'t know" are '
            "excluded."
        )
    return f"Base: {base_words(asked, words)}."


def _on_the_question(sample: Sample, source: str) -> Iterator[str]:
    said = dict.fromkeys(
        sample.answers.codebook.edition(name).by_concept[source].note
        for name in sample.editions
        if source in sample.answers.codebook.edition(name).by_concept
    )
    yield from (note for note in said if note)
    yield from _on_joined_answers(sample, source)


def _on_joined_answers(sample: Sample, source: str) -> Iterator[str]:
    """Say which answers were merged or split, so that only all of them together compare."""
    asked = [
        (name, sample.answers.codebook.edition(name).by_concept[source])
        for name in sample.editions
        if source in sample.answers.codebook.edition(name).by_concept
    ]
    for (before, old), (after, new) in pairwise(asked):
        for olds, news in joined_choices(old, new):
            yield (
                f"Between {before} and {after} {_listed(olds)} became {_listed(news)}: compare "
                "them as one, with a net of all of them (nets= in Python)."
            )


def _one(unit: Unit, words: Vocabulary) -> str:
    noun = words.noun(unit)
    return f"{'An' if noun[:1].lower() in 'aeiou' else 'A'} {noun}"


def _several(unit: Unit, words: Vocabulary) -> str:
    noun = words.noun(unit, 2)
    return noun[:1].upper() + noun[1:]


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
