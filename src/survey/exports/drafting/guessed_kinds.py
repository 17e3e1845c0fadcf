"""What kind of question the cells of a column, or of several, answer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from itertools import pairwise

from survey.codebook import FileLayout, Kind
from survey.codebook.geography import find_country
from survey.dataclass import dataclass
from survey.exports.drafting.raw_columns import Column
from survey.exports.layouts.numbers import Numbers, whole
from survey.exports.spelling import folded

__all__ = ["Guess", "guess_one", "guess_several", "is_other"]

_SEPARATORS = (";", "|", "\n", ", ", ",")
_FEW = 0.08  # of the answers, that must be lists for a multiple response
_MOST_CHOICES, _MOST_LEVELS = 60, 12
_PERSON = re.compile(r"e-?mail|\bname\b|phone|twitter|handle|contact you|\bip\b", re.IGNORECASE)
_EMPLOYER = re.compile(
    r"(name|which|what) .*(company|organi[sz]ation|employer|institution)|"
    r"^(company|organi[sz]ation|employer|institution)\b.{0,12}$",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\bother\b|something else|-oth-", re.IGNORECASE)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_YES = frozenset(map(folded, FileLayout().checked))
_NO = frozenset(map(folded, FileLayout().unchecked))


@dataclass(frozen=True)
class Guess:
    """What a question is, as far as its answers show it.

    Attributes
    ----------
    kind
        How it is answered.
    choices
        Texts of the choices, most frequent first.
    why
        What speaks for it, for the person who corrects the draft.
    separator
        What joins several answers in one cell.
    write_ins
        Whether texts stand among the answers that are no choices.
    personal
        Whether the answers identify a person.
    multiple
        Whether rows of a matrix have several answers.
    numbers
        The answers as numbers, where these are asked.
    """

    kind: Kind
    choices: tuple[str, ...] = ()
    why: str = ""
    separator: str = ""
    write_ins: bool = False
    personal: bool = False
    multiple: bool = False
    numbers: tuple[float, ...] = field(default=())


def is_other(text: str) -> bool:
    """Whether a heading or choice names what is not listed."""
    return bool(_OTHER.search(text)) and len(text) < 60


def guess_one(column: Column) -> Guess:
    """Return what kind of question one column answers."""
    if not column.filled:
        return Guess(Kind.TEXT, why="nobody answered")
    for guess in (_addresses, _country, _numbers, _list, _checkbox, _closed):
        if (found := guess(column)) is not None:
            return found
    texts, filled, wording = column.texts, column.filled, f"{column.over} {column.under}"
    if _EMPLOYER.search(wording) and len(texts) > filled / 4:
        return Guess(Kind.ORGANIZATION, why="names of organizations")
    personal = bool(_PERSON.search(wording)) and len(texts) > filled / 2
    return Guess(Kind.TEXT, why=f"{len(texts)} texts in {filled} answers", personal=personal)


def _addresses(column: Column) -> Guess | None:
    found = _share(column.texts, lambda text: bool(_ADDRESS.search(text))) > 0.5
    return Guess(Kind.TEXT, why="addresses", personal=True) if found else None


def _country(column: Column) -> Guess | None:
    found = _share(column.texts, lambda text: find_country(text) is not None) > 0.7
    return Guess(Kind.COUNTRY, why="names of countries") if found else None


def _checkbox(column: Column) -> Guess | None:
    ticked = len(column.texts) == 1 and folded(next(iter(column.texts))) in _YES
    return Guess(Kind.CHECKBOX, why="one text or nothing") if ticked else None


def _closed(column: Column) -> Guess | None:
    """Return a single choice, if most gave one of a few texts."""
    listed = _listed(column.texts)
    named = _EMPLOYER.search(f"{column.over} {column.under}")
    if listed is None or (named and len(column.texts) > len(listed)):
        return None
    why = f"{len(column.texts)} texts in {column.filled} answers"
    return Guess(Kind.SINGLE, listed, why, write_ins=len(listed) < len(column.texts))


def _list(column: Column) -> Guess | None:
    named = _EMPLOYER.search(f"{column.over} {column.under}")
    return None if named else _lists(column.texts)


def _share(texts: Mapping[str, int], test: Callable[[str], bool]) -> float:
    return sum(n for text, n in texts.items() if test(text)) / sum(texts.values())


def _numbers(column: Column) -> Guess | None:
    """Return a scale for few whole numbers, and bands for many numbers."""
    how = Numbers.told_by(column.texts)
    read = {text: how.readings(text) for text in column.texts}
    known = sum(n for text, n in column.texts.items() if read[text])
    if known < 0.9 * column.filled:
        return None
    values = sorted({found[0] for found in read.values() if found})
    few = len(values) <= 11 and all(value == int(value) and 0 <= value <= 10 for value in values)
    if few and len(values) > 1:
        scale = tuple(str(number) for number in range(int(values[0]), int(values[-1]) + 1))
        return Guess(Kind.SINGLE, scale, "whole numbers of a scale")
    numbers = tuple(
        sorted(found[0] for text in column.cells if text and (found := read.get(text, ())))
    )
    if len(values) == column.filled > 20 and _PERSON.search(column.over):
        return Guess(Kind.TEXT, why="a number of each respondent", personal=True)
    return Guess(Kind.SINGLE, (), "numbers", numbers=numbers) if len(values) > 1 else None


def _listed(texts: Counter[str], share: float = 0.6) -> tuple[str, ...] | None:
    """Return the texts that must be choices, if most answers are; else None.

    A text that several people gave in the same words was offered to them.
    """
    filled = sum(texts.values())
    if len(texts) == filled > 3:
        return None
    often = 2 if filled < 100 else 3
    found = [text for text, times in texts.most_common() if times >= often]
    if filled <= 12 and 1 < len(texts) <= max(2, filled // 2):
        found = [text for text, _ in texts.most_common()]
    covered = sum(texts[text] for text in found)
    if not found or len(found) > _MOST_CHOICES or covered < share * filled:
        return None
    usual = sum(map(len, found)) / len(found)
    if usual > 160:
        return None
    if len(found) == 1 and len(texts) > 3:
        return None
    rest = [text for text in texts if text not in found]
    short = [text for text in rest if len(text) <= 2 * usual + 10]
    if len(texts) <= 12 and len(short) == len(rest) and filled >= 3 * len(texts):
        found += rest
    return tuple(found)


def _lists(texts: Counter[str]) -> Guess | None:
    """Return a multiple response, if cells are made of the same pieces again and again."""
    best: tuple[float, Guess] | None = None
    for separator in _SEPARATORS:
        holding = sum(n for text, n in texts.items() if separator in text)
        if holding < _FEW * sum(texts.values()) or holding < 2:
            continue
        pieces, lists = _pieces(texts, separator)
        choices = _repeated(pieces)
        holding = sum(n for some, n in lists if len(set(choices).intersection(some)) > 1)
        if holding < _FEW * sum(texts.values()):
            continue
        if not _is_vocabulary(texts, pieces, choices):
            continue
        covered = sum(pieces[each] for each in choices) / sum(pieces.values())
        why = f"{len(choices)} answers, joined by {separator!r} in {holding} cells"
        guess = Guess(Kind.MULTIPLE, choices, why, separator, len(choices) < len(pieces))
        if best is None or covered > best[0] + 0.02:
            best = covered, guess
    return best[1] if best else None


def _repeated(pieces: Counter[str]) -> tuple[str, ...]:
    least = 2 if sum(pieces.values()) < 300 else 3
    return tuple(piece for piece, times in pieces.most_common() if times >= least)


def _is_vocabulary(texts: Counter[str], pieces: Counter[str], choices: Sequence[str]) -> bool:
    """Whether a few pieces make up most of the answers, in more than one combination."""
    if not 2 <= len(choices) <= _MOST_CHOICES:
        return False
    covered = sum(pieces[each] for each in choices) / sum(pieces.values())
    usual = sum(len(each) for each in choices) / len(choices)
    combined = len(texts) > len(choices) or len(set(texts) & set(choices)) > 1
    return covered > 0.6 and usual < 120 and combined and len(pieces) < 2 * len(texts) + 8


def _pieces(
    texts: Counter[str], separator: str
) -> tuple[Counter[str], list[tuple[list[str], int]]]:
    """Return the pieces of lists, and the lists with how often each occurs.

    What always stands side by side is one piece.

    A choice such as "Scale, digital" holds the separator itself.
    """
    lists = [
        ([p.strip() for p in text.split(separator) if p.strip()], n) for text, n in texts.items()
    ]
    for _ in range(6):
        alone, pairs = Counter[str](), Counter[tuple[str, str]]()
        for pieces, n in lists:
            for piece in pieces:
                alone[piece] += n
            for pair in pairwise(pieces):
                pairs[pair] += n
        joined = {
            pair
            for pair, n in pairs.items()
            if n > 1 and (n == alone[pair[0]] == alone[pair[1]] or _open(pair, n, alone))
        }
        if not joined:
            break
        lists = [(_joined(pieces, joined, separator), n) for pieces, n in lists]
    return alone, lists


def _open(pair: tuple[str, str], times: int, alone: Mapping[str, int]) -> bool:
    """Whether the first piece opens a bracket that the second closes."""
    return pair[0].count("(") > pair[0].count(")") and times == alone[pair[0]]


def _joined(pieces: list[str], pairs: set[tuple[str, str]], separator: str) -> list[str]:
    found: list[str] = []
    last = ""
    for piece in pieces:
        if found and (last, piece) in pairs:
            found[-1] = f"{found[-1]}{separator}{piece}"
            last = ""
        else:
            found.append(piece)
            last = piece
    return found


# Several columns


def guess_several(columns: Sequence[Column]) -> Guess | None:
    """Return what kind of question several columns answer together; None if each is its own."""
    plain = [column for column in columns if not is_other(column.under or column.heading)]
    plain = [column for column in plain if column.filled] or list(columns)
    if len(plain) < 2:
        return None
    if all(_is_ticks(column) for column in plain):
        return Guess(Kind.MULTIPLE, why=f"a column with ticks for each of {len(columns)} choices")
    texts = sum((column.texts for column in plain), Counter[str]())
    if _ranked(plain):
        return Guess(Kind.RANKING, why="every rank once in a record")
    lists = _lists(texts)
    if lists is not None and len(lists.choices) <= _MOST_LEVELS and not lists.write_ins:
        return Guess(Kind.MATRIX, lists.choices, lists.why, lists.separator, multiple=True)
    levels = _shared_levels(plain, texts)
    if levels is None:
        return None
    return Guess(Kind.MATRIX, levels, f"{len(levels)} texts in all of {len(plain)} columns")


def _is_ticks(column: Column) -> bool:
    """Whether a column says yes in one way, and no in one or by nothing."""
    texts = {folded(whole(text)) for text in column.texts}
    yes = texts - _NO
    name = folded(column.under or column.heading)
    return len(texts) > 0 and (
        yes <= _YES or (len(yes) == 1 and (next(iter(yes)) in name or not texts & _NO)
                        and not next(iter(yes)).isdigit())
    )  # fmt: skip


def _ranked(columns: Sequence[Column]) -> bool:
    ranks = {str(number) for number in range(1, len(columns) + 1)}
    rows = list(zip(*(column.cells for column in columns), strict=True))
    given = [[whole(cell) for cell in row if cell] for row in rows]
    several = [row for row in given if len(row) > 1]
    if not several or any(cell not in ranks for row in given for cell in row):
        return False
    return sum(len(set(row)) == len(row) for row in several) > 0.95 * len(several)


def _shared_levels(columns: Iterable[Column], texts: Counter[str]) -> tuple[str, ...] | None:
    """Return the levels of a matrix: few texts that several of its columns share."""
    given = list(columns)
    in_several = [text for text in texts if sum(text in each.texts for each in given) > 1]
    covered = sum(texts[text] for text in in_several)
    few = 1 < len(in_several) <= _MOST_LEVELS and covered > 0.9 * sum(texts.values())
    if not few or sum(texts.values()) < 2 * len(texts):
        return None
    return tuple(sorted(in_several, key=texts.__getitem__, reverse=True))
