"""An export as a sheet of cells that can be changed and written again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

Cells = list[list[str]]


@dataclass
class Sheet:
    """Headings and rows of a ``Survey_*.csv`` file, as the exporter writes them."""

    headings: list[str]
    rows: Cells

    @classmethod
    def read(cls, data: bytes) -> Sheet:
        """Split a file as the exporter writes it: quotes only around cells that hold some."""
        first, *others = _records(data.decode("utf-8"))
        return cls(first, others)

    def write(self, path: Path) -> Path:
        lines = (",".join(map(_quoted, row)) for row in (self.headings, *self.rows))
        path.write_bytes(("\n".join(lines) + "\n").encode("utf-8"))
        return path

    def copy(self) -> Sheet:
        return Sheet(list(self.headings), [list(row) for row in self.rows])

    def column(self, heading: str) -> list[str]:
        place = self.headings.index(heading)
        return [row[place] for row in self.rows]

    def change(self, heading: str, new: Callable[[str], str]) -> None:
        """Put other texts into the filled cells; a survey's cell is the same on all its rows."""
        place = self.headings.index(heading)
        of_survey = place < self.headings.index("DeploymentID")
        known: dict[tuple[str, str], str] = {}
        for number, row in enumerate(self.rows):
            if row[place]:
                key = (row[0] if of_survey else str(number), row[place])
                if key not in known:
                    known[key] = new(row[place])
                row[place] = known[key]

    def change_answers(self, heading: str, new: Callable[[str], str]) -> None:
        """Put other texts in place of single answers; empty ones go."""

        def changed(cell: str) -> str:
            return "|".join(filter(None, dict.fromkeys(new(each) for each in cell.split("|"))))

        self.change(heading, changed)

    def rename(self, old: str, new: str) -> None:
        self.headings[self.headings.index(old)] = new

    def drop(self, heading: str) -> None:
        place = self.headings.index(heading)
        for row in (self.headings, *self.rows):
            del row[place]

    def insert(self, place: int, heading: str, cells: list[str]) -> None:
        self.headings.insert(place, heading)
        for row, cell in zip(self.rows, cells, strict=True):
            row.insert(place, cell)

    def move(self, heading: str, place: int) -> None:
        cells = self.column(heading)
        self.drop(heading)
        self.insert(place, heading, cells)


def _quoted(cell: str) -> str:
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if '"' in cell else cell


def _records(text: str) -> Iterator[list[str]]:
    row: list[str] = []
    cell: list[str] = []
    quoted = False
    at = 0
    while at < len(text):
        letter = text[at]
        if quoted:
            if letter == '"' and text[at + 1 : at + 2] == '"':
                cell.append('"')
                at += 1
            elif letter == '"':
                quoted = False
            else:
                cell.append(letter)
        elif letter == '"' and not cell:
            quoted = True
        elif letter in ",\n":
            row.append("".join(cell))
            cell = []
            if letter == "\n":
                yield row
                row = []
        else:
            cell.append(letter)
        at += 1
