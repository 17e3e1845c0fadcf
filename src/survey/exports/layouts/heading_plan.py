"""What there is to know about one layout."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from functools import lru_cache, partial

from survey.codebook import Edition, Family, Question
from survey.dataclass import dataclass
from survey.exports.export import KEYS, Export, Layout, Placement
from survey.exports.layouts.kept import kept

__all__ = ["Overlap", "Plan", "common_share", "joiner", "known_share", "nowhere"]

Headings = Callable[[Edition], tuple[str, ...]]
Checks = Callable[
    [Sequence[str], Sequence[Placement], Mapping[str, str]], tuple[Callable[[str], bool], ...]
]
Overlap = Callable[[Iterable[str], Iterable[str]], float]
Places = Callable[[Edition, Sequence[str]], tuple[Placement, ...]]


def common_share(expected: Iterable[str], present: Iterable[str]) -> float:
    """Return how much two sets of headings have in common: Jaccard (1901)'s index, 0 to 1.

    Examples
    --------
    >>> common_share(["SurveyID", "Org", "Email"], ["SurveyID", "Org"])
    0.6666666666666666
    """
    ours, theirs = set(expected), set(present)
    return len(ours & theirs) / len(ours | theirs) if ours | theirs else 0.0


def known_share(expected: Iterable[str], present: Iterable[str]) -> float:
    """Return the share of the expected headings that are there, whatever else is.

    Examples
    --------
    >>> known_share(["ResponseId", "Colour"], ["ResponseId", "Colour", "Weight", "Height"])
    1.0
    """
    ours = set(expected)
    return len(ours & set(present)) / len(ours) if ours else 0.0


@dataclass(frozen=True)
class Plan:
    """One layout: its headings, what they hold, and what is left to do once it is read.

    Attributes
    ----------
    layout
        The layout.
    headings
        Headings that a file of an edition has. Calling the plan gives them, too.
    place
        Where a file with certain headings holds the answers to each question.
    family
        Whose editions can come in this layout.
    keys
        Role -> heading, for an edition.
    enough
        The least share of headings that must be common for a file to be recognized.
    overlap
        How the share is measured.
    fold
        For headings that stand for others: one column of several -> the heading of them all.
    delimiters
        What may stand between cells; the first is what the system itself writes.
    headline
        Headings from the heading lines, where it takes more than one line or more than reading.
    whole
        Whether a heading that is absent means that answers are missing.
    names_edition
        Whether the headings tell the edition; a list of companies is the same in all.
    exporter
        Whether the survey system's exporter wrote it, with its known damage: records that are
        longer than the heading line, and the last survey without its deployments.
    ordered
        Whether columns come in the order of the form, so that one out of place is worth a word.
    bare_commas
        Where cells may hold commas that nothing protects: what makes, of headings, placements
        and keys, a check for each column.
    line_feeds
        Whether cells may hold line feeds, as the exporter never writes them.
    finish
        What is left to do after reading: bring cells into the form that parsing expects.
    """

    layout: Layout
    headings: Headings
    place: Places
    family: Family = Family.SURVEY_BUILDER
    keys: Callable[[Edition], Mapping[str, str]] = field(default=lambda edition: KEYS)
    enough: float = 0.5
    overlap: Overlap = field(default=common_share)
    fold: Callable[[Edition], Mapping[str, str]] = field(default=lambda edition: {})
    delimiters: tuple[str, ...] = (",", ";", "\t", "|")
    headline: Callable[[Edition, Sequence[tuple[str, ...]]], tuple[str, ...]] = field(
        default=lambda edition, rows: rows[0]
    )
    whole: bool = True
    names_edition: bool = True
    exporter: bool = False
    ordered: bool = False
    bare_commas: Checks | None = None
    line_feeds: bool = False
    finish: Callable[[Export], Export] = field(default=lambda export: export)

    def __post_init__(self) -> None:
        """Ask once what there is to know of an edition."""
        for name in ("headings", "keys", "fold", "known", "own"):
            object.__setattr__(self, name, kept(getattr(self, name)))
        object.__setattr__(self, "place", _placed(self.place))

    def known(self, edition: Edition) -> tuple[str, ...]:
        """Return the headings of a file of ``edition``, and those that stand for others."""
        return (*self.headings(edition), *self.fold(edition))

    def own(self, edition: Edition) -> frozenset[str]:
        """Return the headings of a file of ``edition``, whatever their order."""
        return frozenset(self.headings(edition))

    def __call__(self, edition: Edition) -> tuple[str, ...]:
        """Return the headings of a file of ``edition``."""
        return self.headings(edition)


def _placed(place: Places) -> Places:
    """Ask once where a file of an edition with the same headings has its answers."""
    known = kept(lambda edition: lru_cache(maxsize=16)(partial(place, edition)))
    return lambda edition, headings: known(edition)(tuple(headings))


def joiner(question: Question) -> str:
    """Return what joins the answers to ``question`` in one cell once it is read."""
    texts = (text for choice in question.choices for text in (choice.value, choice.label))
    return "\x1f" if any("|" in text for text in texts) else "|"


def nowhere(edition: Edition, headings: Sequence[str]) -> tuple[Placement, ...]:
    """Return no placement: the layout holds no answers to a question."""
    return ()
