"""Which columns belong together: the questions of a file of which nothing is known."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from survey.dataclass import dataclass
from survey.exports.drafting.guessed_kinds import Guess, guess_one, guess_several, is_other
from survey.exports.drafting.raw_columns import Column, Table
from survey.exports.spelling import folded

__all__ = ["Draft", "Part", "questions_of", "roles_of"]

# What the tools add to the answers, by their own headings.
_ROLES = {
    "respondent": ("respondent", "respondent id", "responseid", "response id", "id", "_recordid",
                   "record_id", "_id", "#"),
    "created": ("timestamp", "start date", "startdate", "submitdate", "date submitted",
                "recordeddate", "end date", "enddate", "_submission_time", "zeitstempel"),
    "language": ("userlanguage", "startlanguage", "user language", "language of response"),
}  # fmt: skip
_ADDED = frozenset(
    {
        *("collector id", "end date", "enddate", "ip address", "ipaddress", "email address"),
        *("email", "first name", "last name", "custom data 1", "custom data", "status"),
        *("progress", "duration (in seconds)", "finished", "recordeddate", "recipientlastname"),
        *("recipientfirstname", "recipientemail", "externalreference", "externaldatareference"),
        *("locationlatitude", "locationlongitude", "distributionchannel", "lastpage", "seed"),
        *("startdate", "datestamp", "refurl", "token", "ipaddr", "interviewtime", "submitdate"),
        *("start date", "userlanguage", "username", "_uuid", "_id", "_index", "start", "end"),
        *("_submission_time", "network id", "tags", "email address *"),
    }
)
_TIMING = re.compile(r".*(time|Time|_First Click|_Last Click|_Page Submit|_Click Count)$")
_FORMS = (
    re.compile(r"(?P<over>.+?)\s*\[(?P<under>[^\[\]]+(?:\[[^\]]*\])?[^\[\]]*)\]\s*\.?", re.DOTALL),
    re.compile(r"(?P<over>\w+?)___?(?P<under>\d+|[a-z]\w*)"),
    re.compile(r"(?P<over>Q?[\w.]+?)_(?P<under>\d+(?:_TEXT)?|TEXT|other|Other)"),
    re.compile(r"(?P<over>.+?)\s*[:/|]\s*(?P<under>[^:/|]+)"),
    re.compile(r"(?P<over>.+?) [-–] (?P<under>.+)", re.DOTALL),
    re.compile(r"(?P<over>.+?)\.(?P<under>\d+)"),
)


@dataclass(frozen=True)
class Part:
    """A choice or row with a column of its own."""

    value: str
    column: str


@dataclass(frozen=True)
class Draft:
    """A question as it is drafted: what it is called, its columns, and what was guessed."""

    heading: str
    title: str
    guess: Guess
    parts: tuple[Part, ...] = ()
    other: str = ""
    place: int = 0


def roles_of(table: Table) -> dict[str, str]:
    """Return what the tool adds: role -> heading."""
    by_name = {folded(column.heading): column for column in table.columns}
    roles = {}
    for role, names in _ROLES.items():
        found = next((by_name[name] for name in names if name in by_name), None)
        if found is not None and (role != "respondent" or _tells_records_apart(found, table)):
            roles[role] = found.heading
    return roles


def _tells_records_apart(column: Column, table: Table) -> bool:
    return len(column.texts) == column.filled >= 0.9 * table.size


def questions_of(table: Table) -> tuple[Draft, ...]:
    """Return the questions of a file in the order of their columns."""
    taken = set(roles_of(table).values())
    columns = [
        column
        for column in table.columns
        if column.heading.strip() and column.heading not in taken and not _is_added(column)
    ]
    drafts = [draft for group in _groups(columns) for draft in _drafts(group)]
    return tuple(sorted(drafts, key=lambda draft: draft.place))


def _is_added(column: Column) -> bool:
    name = folded(column.heading)
    return name in _ADDED or bool(_TIMING.fullmatch(column.heading) and " " not in column.heading)


@dataclass(frozen=True)
class _Group:
    over: str
    columns: tuple[Column, ...]
    under: tuple[str, ...]


def _groups(columns: Sequence[Column]) -> Iterator[_Group]:
    """Yield columns whose headings begin alike, and every other column alone."""
    found: dict[str, list[tuple[Column, str]]] = defaultdict(list)
    for column in columns:
        over, under = _divided(column, columns)
        found[over].append((column, under))
    for over, some in found.items():
        yield _Group(over, tuple(column for column, _ in some), tuple(under for _, under in some))


def _divided(column: Column, columns: Sequence[Column]) -> tuple[str, str]:
    """Return the question of a heading, and the choice or row in it, if others share it."""
    if column.under:
        return column.over, column.under
    if any(column.over == each.over and each.under for each in columns):
        return column.over, ""
    if any(_is_part_of(each, column) for each in columns):
        return column.heading, ""
    for form in _FORMS:
        found = form.fullmatch(column.heading.strip())
        if found is None:
            continue
        over = found["over"].strip()
        alike = [
            each
            for each in columns
            if (other := form.fullmatch(each.heading.strip())) and other["over"].strip() == over
        ]
        if len(alike) > 1 or any(each.heading.strip() == over for each in columns):
            return over, found["under"].strip()
    return column.heading, ""


def _is_part_of(part: Column, whole: Column) -> bool:
    over = whole.heading.strip()
    return part is not whole and any(
        (found := form.fullmatch(part.heading.strip())) is not None
        and found["over"].strip() == over
        for form in _FORMS
    )


def _drafts(group: _Group) -> Iterator[Draft]:
    if len(group.columns) == 1:
        column = group.columns[0]
        yield Draft(column.heading, _title(column.over), guess_one(column), place=column.place)
        return
    whole = [c for c, under in zip(group.columns, group.under, strict=True) if not under]
    named = [(c, u) for c, u in zip(group.columns, group.under, strict=True) if u]
    others = [(c, u) for c, u in named if _is_write_in(c, u)]
    rest = [pair for pair in named if pair not in others]
    if len(whole) == 1 and not rest:
        yield _with_write_in(whole[0], others[0][0])
        return
    guess = guess_several([column for column, _ in rest])
    if guess is None or whole:
        yield from (
            Draft(
                c.heading, _title(c.over if not u else f"{c.over} {u}"), guess_one(c), place=c.place
            )
            for c, u in zip(group.columns, group.under, strict=True)
        )
        return
    first = group.columns[0]
    title = _title(_common(rest) or (group.over if first.over == first.heading else first.over))
    parts = tuple(Part(_value(column, under, title), column.heading) for column, under in rest)
    other = others[0][0].heading if others and guess.kind.multiple_choice else ""
    yield Draft(group.over, title, guess, parts, other, first.place)


def _is_write_in(column: Column, under: str) -> bool:
    """Whether a column holds what was written beside "Other"."""
    if under.upper().endswith("TEXT"):
        return True
    name = column.under or column.heading
    free = len(column.texts) > 1 or not column.texts or folded(next(iter(column.texts))) not in (
        folded(under), "other", "yes", "1", "no"
    )  # fmt: skip
    return is_other(under or name) and free


def _with_write_in(whole: Column, other: Column) -> Draft:
    guess = guess_one(whole)
    return Draft(whole.heading, _title(whole.over), guess, (), other.heading, whole.place)


def _common(named: Sequence[tuple[Column, str]]) -> str:
    """Return what the questions above columns of one question have in common (Qualtrics)."""
    texts = [column.over for column, _ in named]
    if len(set(texts)) < 2 or any(column.over == column.heading for column, _ in named):
        return ""
    start = texts[0]
    for text in texts[1:]:
        while not text.startswith(start):
            start = start[:-1]
    return re.sub(r"\s*[-–:]?\s*(Selected Choice)?\s*[-–:]?\s*$", "", start)


def _value(column: Column, under: str, title: str) -> str:
    """Return the text of a choice: what a ticked cell says, or what the heading says."""
    texts = list(column.texts)
    named = len(texts) == 1 and len(texts[0]) > 3 and not texts[0].isdigit()
    if named and folded(texts[0]) not in ("yes", "true", "checked", "selected"):
        return texts[0]
    if column.over != column.heading and title and column.over.startswith(title):
        rest = column.over[len(title) :].strip(" -–:")
        return re.sub(r"^Selected Choice\s*[-–]\s*", "", rest) or under
    return under


def _title(text: str) -> str:
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text)).strip()
    return re.sub(r"\s*[-–]\s*Selected Choice$", "", plain)
