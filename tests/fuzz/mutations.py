"""Ways in which a file is damaged on its journey, each knowing which records it touched.

A file is taken as lines, of which each knows the record it was. A mutation changes some lines,
all of them in a way that loses nothing, or, at last, the bytes of the whole. What it marks as
touched may come out in any way; every other record must come out as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

__all__ = ["BYTES", "KINDS", "File", "Line", "mutate"]

HEADING = -1
_JUNK = (b"\x00", b"\r", b"\x01", b"\x1a", b"\xff", b"\xc3", b"\xe2\x80\xa8", b'"', b",", b"\t")


@dataclass
class Line:
    """One line: which record it was (``HEADING``, or None for what never was one)."""

    text: bytes
    origin: int | None
    touched: bool = False
    end: bytes = b"\n"


@dataclass
class File:
    """A file being damaged.

    ``gone`` are records of which nothing is left that could be named; ``columns`` are headings
    whose cells a mutation changed on every line; ``at`` is the line of the last mutation that
    touched one record alone.
    """

    lines: list[Line]
    delimiter: bytes = b","
    gone: set[int] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    at: int | None = None
    encode: Callable[[bytes], bytes] = lambda data: data

    @classmethod
    def of(cls, data: bytes, delimiter: bytes = b",") -> File:
        """Take a sound file apart; every record stands on one line."""
        texts = data.split(b"\n")
        final = texts.pop() if not texts[-1] else None
        lines = [Line(text, number - 1) for number, text in enumerate(texts)]
        if final is None:
            lines[-1].end = b""
        return cls(lines, delimiter)

    @property
    def content(self) -> bytes:
        """The damaged file."""
        return self.encode(b"".join(line.text + line.end for line in self.lines))

    @property
    def untouched(self) -> dict[int, list[int]]:
        """Record -> the lines on which it stands unchanged, if it was touched nowhere."""
        found: dict[int, list[int]] = {}
        for number, line in enumerate(self.lines, start=1):
            if line.origin is not None and line.origin != HEADING and not line.touched:
                found.setdefault(line.origin, []).append(number)
        spoiled = {line.origin for line in self.lines if line.touched} | self.gone
        return {record: lines for record, lines in found.items() if record not in spoiled}

    def pick(self, chance: Random) -> Line:
        """Choose a record's line."""
        number = chance.randrange(1, len(self.lines)) if len(self.lines) > 1 else 0
        self.at = number + 1
        return self.lines[number]

    def change(self, line: Line, text: bytes) -> None:
        """Write something else on a line."""
        line.touched = line.touched or text != line.text
        line.text = text


def mutate(file: File, kind: str, chance: Random) -> File:
    """Apply one kind of damage in place."""
    KINDS[kind](file, chance)
    return file


# Lines


def _swap_lines(file: File, chance: Random) -> None:
    first, second = (chance.randrange(1, len(file.lines)) for _ in range(2))
    lines = file.lines
    lines[first], lines[second] = lines[second], lines[first]
    _end_lines(file)


def _shuffle(file: File, chance: Random) -> None:
    records = file.lines[1:]
    chance.shuffle(records)
    file.lines[1:] = records
    _end_lines(file)


def _end_lines(file: File) -> None:
    for line in file.lines[:-1]:
        line.end = line.end or b"\n"


def _double_line(file: File, chance: Random) -> None:
    line = file.pick(chance)
    file.lines.insert(
        chance.randrange(1, len(file.lines) + 1), Line(line.text, line.origin, line.touched)
    )
    _end_lines(file)


def _delete_line(file: File, chance: Random) -> None:
    line = file.pick(chance)
    if line.origin is not None:
        file.gone.add(line.origin)
    file.lines.remove(line)


def _join_lines(file: File, chance: Random) -> None:
    number = chance.randrange(1, len(file.lines))
    if number + 1 < len(file.lines):
        between = chance.choice([b"", b" ", file.delimiter, b"\r"])
        first, second = file.lines[number], file.lines.pop(number + 1)
        if second.origin is not None:
            file.gone.add(second.origin)
        file.change(first, first.text + between + second.text)
        first.touched = True
        file.at = number + 1


def _split_line(file: File, chance: Random) -> None:
    line = file.pick(chance)
    at = chance.randrange(len(line.text) + 1)
    rest = Line(line.text[at:], line.origin, True)
    file.lines.insert(file.lines.index(line) + 1, rest)
    line.touched, line.end, line.text = True, b"\n", line.text[:at]


def _blank_lines(file: File, chance: Random) -> None:
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(1, len(file.lines) + 1)
        file.lines.insert(at, Line(chance.choice([b"", b" ", b"\r"]), None))
    _end_lines(file)


def _heading_again(file: File, chance: Random) -> None:
    at = chance.randrange(1, len(file.lines) + 1)
    file.lines.insert(at, Line(file.lines[0].text, None))
    _end_lines(file)


def _heading_removed(file: File, chance: Random) -> None:
    del file.lines[0]


def _twice(file: File, chance: Random) -> None:
    mark = chance.choice([b"", b"\xef\xbb\xbf"])
    first, *rest = file.lines
    heading = Line(mark + first.text, None)
    _end_lines(file)
    file.lines[-1].end = chance.choice([b"\n", b"\n", b""])
    if not file.lines[-1].end:
        last = file.lines[-1]
        last.touched = True
        last.text, last.end = last.text + heading.text, b"\n"
        file.lines += [Line(line.text, line.origin, line.touched) for line in rest]
    else:
        again = [Line(line.text, line.origin, line.touched) for line in rest]
        file.lines += [heading, *again]


# Cells of one record


def _place(text: bytes, chance: Random) -> int:
    return chance.randrange(len(text) + 1)


def _insert(what: tuple[bytes, ...]) -> Callable[[File, Random], None]:
    def apply(file: File, chance: Random) -> None:
        line = file.pick(chance)
        at = _place(line.text, chance)
        file.change(line, line.text[:at] + chance.choice(what) + line.text[at:])

    return apply


def _add_separator(file: File, chance: Random) -> None:
    _insert((file.delimiter, 2 * file.delimiter))(file, chance)


def _take(what: bytes) -> Callable[[File, Random], None]:
    def apply(file: File, chance: Random) -> None:
        mark = what or file.delimiter
        holding = [number for number, line in enumerate(file.lines) if mark in line.text][1:]
        if holding:
            number = chance.choice(holding)
            line = file.lines[number]
            places = [at for at in range(len(line.text)) if line.text[at : at + 1] == mark]
            at = chance.choice(places)
            file.change(line, line.text[:at] + line.text[at + 1 :])
            file.at = number + 1

    return apply


def _quote_cell_start(file: File, chance: Random) -> None:
    """A quote where a cell begins, or ends: where readers take it for a real one."""
    line = file.pick(chance)
    cells = line.text.split(file.delimiter)
    number = chance.randrange(len(cells))
    cells[number] = b'"' + cells[number] if chance.random() < 0.5 else cells[number] + b'"'
    file.change(line, file.delimiter.join(cells))


def _two_quotes(file: File, chance: Random) -> None:
    """One quote before a cell, another after a later one: readers swallow what lies between."""
    numbers = sorted(chance.randrange(1, len(file.lines)) for _ in range(2))
    for number, before in zip(numbers, (True, False), strict=True):
        line = file.lines[number]
        cells = line.text.split(file.delimiter)
        at = chance.randrange(len(cells))
        cells[at] = b'"' + cells[at] if before else cells[at] + b'"'
        file.change(line, file.delimiter.join(cells))
        file.at = number + 1 if before else file.at


def _two_quotes_same_column(file: File, chance: Random) -> None:
    """The same, so that each record keeps its number of cells."""
    numbers = sorted(chance.randrange(1, len(file.lines)) for _ in range(2))
    width = file.lines[0].text.count(file.delimiter) + 1
    at = chance.randrange(width)
    for number, before in zip(numbers, (True, False), strict=True):
        line = file.lines[number]
        cells = line.text.split(file.delimiter)
        place = min(at, len(cells) - 1)
        cells[place] = b'"' + cells[place] if before else cells[place] + b'"'
        file.change(line, file.delimiter.join(cells))
        file.at = number + 1 if before else file.at


def _shift_cells(file: File, chance: Random) -> None:
    """A cell too many here, one too few there: the width stays, what lies between moves."""
    line = file.pick(chance)
    cells = line.text.split(file.delimiter)
    cells.insert(chance.randrange(len(cells)), chance.choice([b"", b"1", b"x"]))
    del cells[chance.randrange(len(cells))]
    file.change(line, file.delimiter.join(cells))


def _swap_cells(file: File, chance: Random) -> None:
    line = file.pick(chance)
    cells = line.text.split(file.delimiter)
    first, second = chance.randrange(len(cells)), chance.randrange(len(cells))
    cells[first], cells[second] = cells[second], cells[first]
    file.change(line, file.delimiter.join(cells))


def _flip_byte(file: File, chance: Random) -> None:
    line = file.pick(chance)
    if line.text:
        at = chance.randrange(len(line.text))
        byte = line.text[at] ^ (1 << chance.randrange(8))
        file.change(line, line.text[:at] + bytes([byte]) + line.text[at + 1 :])
        line.touched = True
        _resplit(file)


def _take_bytes(file: File, chance: Random) -> None:
    line = file.pick(chance)
    at = _place(line.text, chance)
    file.change(line, line.text[:at] + line.text[at + chance.randrange(1, 9) :])


def _change_digit(file: File, chance: Random) -> None:
    """Another number in a key, a date or a band."""
    line = file.pick(chance)
    places = [at for at, byte in enumerate(line.text) if 48 <= byte <= 57]
    if places:
        at = chance.choice(places)
        digit = b"%d" % chance.randrange(10)
        file.change(line, line.text[:at] + digit + line.text[at + 1 :])


def _same_key(file: File, chance: Random) -> None:
    """A record takes the number of another one."""
    line, other = file.pick(chance), file.pick(chance)
    cells, others = (each.text.split(file.delimiter) for each in (line, other))
    cells[0] = others[0]
    file.change(line, file.delimiter.join(cells))


def _resplit(file: File) -> None:
    """A line that now holds a line feed is two."""
    for number, line in enumerate(list(file.lines)):
        if b"\n" in line.text:
            first, rest = line.text.split(b"\n", 1)
            line.text = first
            file.lines.insert(number + 1, Line(rest, line.origin, True, line.end))
            line.end = b"\n"
            return


# Columns and headings


def _cells_of(file: File) -> list[list[bytes]]:
    return [_split(line.text, file.delimiter) for line in file.lines]


def _split(text: bytes, delimiter: bytes) -> list[bytes]:
    """Divide a line into cells as they are written; a quoted one may hold the delimiter."""
    if b'"' not in text or text.count(b'"') % 2:
        return text.split(delimiter)
    cells = [b""]
    for number, piece in enumerate(text.split(delimiter)):
        if number and cells[-1].count(b'"') % 2:
            cells[-1] += delimiter + piece
        else:
            cells.append(piece)
    return cells[1:]


def _write_cells(file: File, rows: list[list[bytes]]) -> None:
    """Write all lines anew; that loses nothing of any record."""
    for line, cells in zip(file.lines, rows, strict=True):
        line.text = file.delimiter.join(cells)


def _drop_column(file: File, chance: Random) -> None:
    rows = _cells_of(file)
    at = chance.randrange(len(rows[0]))
    file.columns.add(rows[0][at].decode("utf-8", "replace"))
    for cells in rows:
        del cells[at : at + 1]
    _write_cells(file, rows)


def _move_column(file: File, chance: Random) -> None:
    rows = _cells_of(file)
    start, stop = chance.randrange(len(rows[0])), chance.randrange(len(rows[0]))
    for cells in rows:
        if start < len(cells):
            cells.insert(stop, cells.pop(start))
    _write_cells(file, rows)


def _add_column(file: File, chance: Random) -> None:
    rows = _cells_of(file)
    at = chance.randrange(len(rows[0]) + 1)
    heading = chance.choice([b"Notes", b"Unnamed: 0", b"", rows[0][at - 1]])
    for number, cells in enumerate(rows):
        cells.insert(at, b"" if number else heading)
    _write_cells(file, rows)


def _heading(change: Callable[[list[bytes], Random], set[bytes]]) -> Callable[[File, Random], None]:
    def apply(file: File, chance: Random) -> None:
        cells = file.lines[0].text.split(file.delimiter)
        concerned = change(cells, chance)
        file.columns |= {each.decode("utf-8", "replace") for each in concerned}
        file.lines[0].text = file.delimiter.join(cells)
        file.at = 1

    return apply


def _drop_heading(cells: list[bytes], chance: Random) -> set[bytes]:
    return {cells.pop(chance.randrange(len(cells)))}


def _repeat_heading(cells: list[bytes], chance: Random) -> set[bytes]:
    first, second = chance.randrange(len(cells)), chance.randrange(len(cells))
    lost = {cells[first], cells[second]}
    cells[first] = cells[second]
    return lost


def _swap_headings(cells: list[bytes], chance: Random) -> set[bytes]:
    """Two headings change places, and nothing beneath them does."""
    first, second = chance.randrange(len(cells)), chance.randrange(len(cells))
    cells[first], cells[second] = cells[second], cells[first]
    return {cells[first], cells[second]}


def _flip_heading(cells: list[bytes], chance: Random) -> set[bytes]:
    at = chance.randrange(len(cells))
    lost = cells[at]
    if not lost:  # added without a name by damage before
        return set()
    place = chance.randrange(len(lost))
    cells[at] = lost[:place] + bytes([lost[place] ^ (1 << chance.randrange(8))]) + lost[place + 1 :]
    return {lost, cells[at]}


# The whole file


def _truncate(file: File, chance: Random) -> None:
    data = b"".join(line.text + line.end for line in file.lines)
    length, size = chance.randrange(len(data) + 1), 0
    for number, line in enumerate(file.lines):
        size += len(line.text) + len(line.end)
        if size > length:
            over = size - length
            whole = line.text + line.end
            line.text, line.end, line.touched = whole[: len(whole) - over], b"", True
            file.gone |= {
                each.origin for each in file.lines[number + 1 :] if each.origin is not None
            }
            del file.lines[number + 1 :]
            file.at = number + 1
            return


def _cut_lines(file: File, chance: Random) -> None:
    """The end is missing, from one line on."""
    number = chance.randrange(2, len(file.lines) + 1)
    file.gone |= {line.origin for line in file.lines[number:] if line.origin is not None}
    del file.lines[number:]


def _block_lost(file: File, chance: Random) -> None:
    """A block of bytes is missing, is zero, or holds another part of the file."""
    data = b"".join(line.text + line.end for line in file.lines)
    start = chance.randrange(len(file.lines[0].text) + 1, len(data))
    stop = min(len(data), start + chance.choice([1, 16, 512, 4096]))
    put = chance.choice([b"", bytes(stop - start), data[: stop - start]])
    _overwrite(file, start, stop, put)


def _overwrite(file: File, start: int, stop: int, put: bytes) -> None:
    """Replace bytes; the lines that they lie on become whatever lines there are now."""
    ends, size = [], 0
    for line in file.lines:
        size += len(line.text) + len(line.end)
        ends.append(size)
    first = next(number for number, end in enumerate(ends) if end > start)
    last = next(number for number, end in enumerate(ends) if end >= stop)
    begin = ends[first] - len(file.lines[first].text + file.lines[first].end)
    data = b"".join(line.text + line.end for line in file.lines)
    left = data[begin:start] + put + data[stop : ends[last]]
    while not left.endswith(b"\n") and last + 1 < len(file.lines):
        last += 1
        left += file.lines[last].text + file.lines[last].end
    file.gone |= {line.origin for line in file.lines[first : last + 1] if line.origin is not None}
    origin = file.lines[first].origin
    *texts, rest = left.split(b"\n")
    lines = [Line(text, origin, True) for text in texts]
    lines += [Line(rest, origin, True, b"")] if rest else []
    file.lines[first : last + 1] = lines
    file.at = first + 1


def _no_line_end(file: File, chance: Random) -> None:
    file.lines[-1].end = b""


def _line_ends(file: File, chance: Random) -> None:
    """Line ends of another system, on all lines or on some."""
    end = chance.choice([b"\r\n", b"\r\n", b"\r", b"\n\n", b"\r\r\n"])
    some = chance.choice([1.0, 1.0, 0.9, 0.1])
    for line in file.lines:
        if line.end and chance.random() < some:
            line.end = end
    if end in (b"\r", b"\n\n"):
        _recount(file, end)


def _recount(file: File, end: bytes) -> None:
    """Keep the count of lines: LF LF is a blank line, a lone CR is no line end at all."""
    lines: list[Line] = []
    for line in file.lines:
        if line.end == b"\n\n":
            line.end = b"\n"
            lines += [line, Line(b"", None)]
        elif lines and lines[-1].end == b"\r":
            before = lines[-1]
            if line.origin is not None:
                file.gone.add(line.origin)
            before.text, before.end = before.text + b"\r" + line.text, line.end
            before.touched = True
        else:
            lines.append(line)
    file.lines = lines


def _resaved(file: File, chance: Random) -> None:
    """Saved by another program: another separator, quotes around every cell."""
    delimiter = chance.choice([b",", b";", b"\t"])
    quoted = chance.random() < 0.7
    rows = _cells_of(file)
    if any(delimiter in cell for cells in rows for cell in cells):
        quoted = True

    def cell(text: bytes) -> bytes:
        return text if text[:1] == b'"' or not quoted else b'"' + text + b'"'

    file.delimiter = delimiter
    _write_cells(file, [[cell(text) for text in cells] for cells in rows])


def _encodings() -> Iterator[tuple[str, Callable[[bytes], bytes]]]:
    def again(codec: str) -> Callable[[bytes], bytes]:
        return lambda data: data.decode("utf-8", "replace").encode(codec, "replace")

    yield "utf-8-sig", lambda data: b"\xef\xbb\xbf" + data
    for codec in ("utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "utf-32", "ascii"):
        yield codec, again(codec)
    yield "utf-16-be-bom", lambda data: b"\xfe\xff" + again("utf-16-be")(data)
    yield "twice", lambda data: data.decode("latin-1").encode()
    yield "twice, cp1252", lambda data: data.decode("cp1252", "replace").encode()


ENCODINGS = dict(_encodings())


def _encode(name: str) -> Callable[[File, Random], None]:
    def apply(file: File, chance: Random) -> None:
        file.encode = ENCODINGS[name]
        if name in ("cp1252", "latin-1", "ascii", "twice, cp1252"):
            for line in file.lines:
                line.touched = line.touched or _lossy(line.text, name)

    return apply


def _lossy(text: bytes, name: str) -> bool:
    """Whether the encoding has no place for some character of ``text``."""
    if name.startswith("twice"):
        return "�" in text.decode("cp1252", "replace")
    try:
        return text.decode().encode(name).decode("cp1252") != text.decode()
    except UnicodeError:
        return True


KINDS: Mapping[str, Callable[[File, Random], None]] = {
    "lines swapped": _swap_lines,
    "lines shuffled": _shuffle,
    "line doubled": _double_line,
    "line deleted": _delete_line,
    "lines joined": _join_lines,
    "line split": _split_line,
    "blank lines": _blank_lines,
    "heading line again": _heading_again,
    "heading line removed": _heading_removed,
    "file twice": _twice,
    "separator added": _add_separator,
    "separator taken": _take(b""),
    "quote added": _insert((b'"', b'""')),
    "quote at a cell's edge": _quote_cell_start,
    "two quotes": _two_quotes,
    "two quotes, same column": _two_quotes_same_column,
    "quote taken": _take(b'"'),
    "cells shifted": _shift_cells,
    "cells swapped": _swap_cells,
    "byte flipped": _flip_byte,
    "bytes taken": _take_bytes,
    "digit changed": _change_digit,
    "key of another": _same_key,
    "junk inserted": _insert(_JUNK),
    "NUL inserted": _insert((b"\0",)),
    "column dropped": _drop_column,
    "column moved": _move_column,
    "column added": _add_column,
    "heading dropped": _heading(_drop_heading),
    "heading repeated": _heading(_repeat_heading),
    "headings swapped": _heading(_swap_headings),
    "heading flipped": _heading(_flip_heading),
    "truncated": _truncate,
    "end missing": _cut_lines,
    "block lost": _block_lost,
    "no final line end": _no_line_end,
    "line ends": _line_ends,
    "saved again": _resaved,
    **{f"encoded {name}": _encode(name) for name in ENCODINGS},
}


# Bytes, for files that are no lines


def _flip(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def _cut(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _lose(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at + chance.choice([1, 2, 64, 512]) :]


def _put(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    other = chance.randrange(len(data))
    put = chance.choice([*_JUNK, data[other : other + chance.choice([1, 8, 200])]])
    return data[:at] + put + data[at:]


def _swap(data: bytes, chance: Random) -> bytes:
    a, b, c = sorted(chance.randrange(len(data) + 1) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def _repeat(data: bytes, chance: Random) -> bytes:
    return data + data


BYTES: Mapping[str, Callable[[bytes, Random], bytes]] = {
    "byte flipped": _flip,
    "truncated": _cut,
    "bytes taken": _lose,
    "junk inserted": _put,
    "blocks swapped": _swap,
    "file twice": _repeat,
    **{
        f"encoded {name}": lambda data, chance, encode=encode: encode(data)
        for name, encode in ENCODINGS.items()
    },
}
