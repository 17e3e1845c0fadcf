"""Read coding frames: TOML in, a Frame out, every mistake in one error.

::

    [frame]
    name = "wishes"
    questions = ["further_enhancement"]
    decided = 2025-09-01
    by = "the survey's authors"

    [[codes]]
    label = "Upgrades"                      # what tables show
    synonyms = ["upgradeability"]           # the whole answer
    words = ["upgrad*", "rolling update"]   # anywhere in it; * is any ending
    note = "not: the skip-level release cadence"

    [[proposals]]                           # written by 'survey frame propose'
    decision = "undecided"                  # accepted, rejected
    label = "Documentation"
    words = ["docs", "documentation"]
    organizations = 12
    answers = 14
    score = 0.08
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from survey.checked import checked
from survey.codebook.fields import Fields
from survey.errors import Problem, ResponsesError, did_you_mean
from survey.files import faults_as, printable, read_file, toml_of
from survey.provenance import digest_of
from survey.responses.coding.frame import RESERVED, Code, Decision, Frame, Proposal
from survey.responses.coding.phrases import phrase_problem
from survey.responses.coding.wording import PERSONAL, joined

__all__ = ["parse_frame", "read_coding_frame"]

_MOST = 1 << 24  # bytes: no person wrote more
_TABLES = ("frame", "codes", "proposals")
_FRAME_KEYS = ("name", "questions", "decided", "by", "note")
_CODE_KEYS = (
    "label", "synonyms", "words", "questions", "since", "until", "note", "decided",
)  # fmt: skip
_PROPOSAL_KEYS = (
    "decision", "label", "synonyms", "words", "question",
    "score", "organizations", "answers", "editions", "evidence",
)  # fmt: skip


@checked(ResponsesError)
def read_coding_frame(path: Path | str) -> Frame:
    """Return the coding frame in a TOML file.

    Parameters
    ----------
    path
        The file; its layout is in the documentation page on coding frames.

    Raises
    ------
    ResponsesError
        If the file cannot be read or is wrong; the error lists every mistake.

    Examples
    --------
    >>> frame = read_coding_frame("frames/wishes.toml")  # doctest: +SKIP
    >>> frame.labels("further_enhancement", "2024")  # doctest: +SKIP
    ('Upgrades', 'Documentation')
    """
    name = printable(Path(path).name)
    with faults_as(ResponsesError, f"{name} cannot be read", Path(path), "a TOML file"):
        return parse_frame(name, read_file(Path(path), most=_MOST))


def parse_frame(name: str, content: bytes) -> Frame:
    """Return the coding frame in the content of a TOML file."""
    problems: list[Problem] = []
    document = toml_of(name, content, problems)
    if document is None:
        raise ResponsesError(f"{name} cannot be read", problems)
    top = Fields(name, document, problems)
    top.only(_TABLES)
    frame = _frame(name, top, problems)
    frame = Frame(**{**vars(frame), "digest": digest_of(content)})
    problems += _contradictions(name, frame)
    if problems:
        raise ResponsesError(f"{name} cannot be used", dict.fromkeys(problems))
    return frame


def _frame(name: str, top: Fields, problems: list[Problem]) -> Frame:
    head = Fields(f"{name}, [frame]", top.table("frame"), problems)
    head.only(_FRAME_KEYS)
    for key, example in (("name", 'name = "wishes"'), ("questions", 'questions = ["..."]')):
        if key not in head:
            head.wrong(f"no {key}", example)
    return Frame(
        head.text("name"),
        head.texts("questions"),
        tuple(_codes(name, top, problems)),
        tuple(_proposals(name, top, problems)),
        head.day("decided"),
        head.text("by"),
        head.text("note"),
    )


def _entries(name: str, key: str, top: Fields, problems: list[Problem]) -> Iterator[Fields]:
    for number, entry in enumerate(top.items(key), start=1):
        label = entry.get("label") if isinstance(entry, dict) else None
        said = f" ({label})" if isinstance(label, str) and not PERSONAL.search(label) else ""
        yield Fields(f"{name}, [[{key}]] {number}{said}", entry, problems)


def _codes(name: str, top: Fields, problems: list[Problem]) -> Iterator[Code]:
    for fields in _entries(name, "codes", top, problems):
        fields.only(_CODE_KEYS)
        label, synonyms, words = _names(fields)
        since, until = fields.text("since"), fields.text("until")
        if since and until and until < since:
            fields.wrong(f"since = {since!r}, until = {until!r}", "since no later than until")
        yield Code(
            label,
            synonyms,
            words,
            fields.texts("questions"),
            since,
            until,
            fields.text("note"),
            fields.day("decided"),
        )


def _proposals(name: str, top: Fields, problems: list[Problem]) -> Iterator[Proposal]:
    for fields in _entries(name, "proposals", top, problems):
        fields.only(_PROPOSAL_KEYS)
        label, synonyms, words = _names(fields)
        yield Proposal(
            label,
            synonyms,
            words,
            fields.text("question"),
            fields.member("decision", Decision) or Decision.UNDECIDED,
            fields.number("score") or 0.0,
            int(fields.number("organizations") or 0),
            int(fields.number("answers") or 0),
            fields.texts("editions"),
            fields.text("evidence"),
        )


def _names(fields: Fields) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return label, synonyms and words, and report those that cannot be used."""
    label, synonyms, words = fields.text("label"), fields.texts("synonyms"), fields.texts("words")
    if not joined(label):
        fields.wrong(f"label = {label!r}", "a label with letters or digits")
    if label in RESERVED:
        fields.wrong(f"label = {label!r}", "a label of its own", "every coded question has that")
    for text in (label, *synonyms, *words):
        if PERSONAL.search(text):
            hint = "a frame is kept where others read it"
            fields.wrong("an address or a number of a person", "words for a thing", hint)
    for text in synonyms:
        if not joined(text):
            fields.wrong(f"the synonym {text!r}", "letters or digits")
    for text in words:
        if better := phrase_problem(text):
            fields.wrong(f"the words {text!r}", better)
    return label, synonyms, words


def _contradictions(name: str, frame: Frame) -> Iterator[Problem]:
    """Yield labels used twice, and texts that would mean two codes."""
    yield from _repeated_labels(name, frame.codes)
    yield from _unknown_questions(name, frame)
    for question in frame.questions:
        meant: dict[str, dict[str, str]] = defaultdict(dict)
        for code in frame.all_codes:
            if not code.questions or question in code.questions:
                for text in (code.label, *code.synonyms):
                    meant[joined(text)][code.label] = text
        for labels in meant.values():
            if len(labels) > 1:
                text = next(iter(labels.values()))
                codes = " and ".join(repr(label) for label in labels)
                yield Problem(name, f"{text!r} for {codes}", "each text for one code")


def _repeated_labels(name: str, codes: Sequence[Code]) -> Iterator[Problem]:
    times = Counter((code.label, code.questions, code.since) for code in codes)
    for (label, _, _), count in times.items():
        if count > 1:
            yield Problem(name, f"the label {label!r} {count} times", "each label once")


def _unknown_questions(name: str, frame: Frame) -> Iterator[Problem]:
    named: Iterable[tuple[str, str]] = [
        *((code.label, question) for code in frame.codes for question in code.questions),
        *((each.label, each.question) for each in frame.proposals if each.question),
    ]
    for label, question in named:
        if question not in frame.questions:
            yield Problem(
                f"{name}, {label!r}",
                f"the question {question!r}",
                f"one of the frame's: {', '.join(frame.questions)}",
                did_you_mean(question, frame.questions),
            )
