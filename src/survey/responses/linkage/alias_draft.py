"""Proposals as a draft of an alias file, in which nothing is decided yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from survey.checked import checked
from survey.errors import ResponsesError
from survey.files import edit_file, faults_as
from survey.responses.aliases import read_aliases
from survey.responses.linkage.proposals import OrganizationPair
from survey.responses.linkage.weighed import OTHER_NAMES
from survey.responses.toml_text import toml_line

__all__ = ["write_alias_draft"]

_HEAD = """\
# Organizations that may be one. This file holds names from the answers: keep it where only
# staff can read it.
#
# Nothing here is joined before a person decides. For each entry, change its decision to
#   "accepted"   and add the day:  decided = 2025-09-01
#   "rejected"   and it is not proposed again
# or turn it into what really happened:
#   [[renamed]]  name = "Old"  to = "New"  edition = "2024"
#   [[merged]]   names = ["A", "B"]  into = "C"  edition = "2024"
#   [[split]]    name = "Part"  of = "Whole"  edition = "2024"
# Then name the file in survey.toml, aliases = ["..."], or with --aliases.
"""


@checked(ResponsesError)
def write_alias_draft(pairs: Sequence[OrganizationPair], path: Path | str) -> int:
    """Write proposals to a new alias file, or add the new ones to the file that is there.

    Parameters
    ----------
    pairs
        What :func:`propose_organizations` returned.
    path
        Where to write. A file that is there keeps every line.

    Returns
    -------
    int
        How many proposals were written.

    Raises
    ------
    ResponsesError
        If the file that is there cannot be used as an alias file, or cannot be written.

    Examples
    --------
    >>> write_alias_draft(propose_organizations(answers), "aliases.toml")  # doctest: +SKIP
    12
    """
    target = Path(path)
    fresh: list[OrganizationPair] = []

    def change(before: str | None) -> str | None:
        if before:
            read_aliases(target)
        head = before or _HEAD
        fresh[:] = [pair for pair in pairs if not _stands_in(pair, before or "")]
        if before and not fresh:
            return None
        added = "\n" * (head[-1] != "\n") + "".join(map(_entry, fresh))
        return head + (added.replace("\n", "\r\n") if "\r\n" in head else added)

    with faults_as(
        ResponsesError, f"{target.name} cannot be written", target, "a file to write to"
    ):
        edit_file(target, change, private=True)
    return len(fresh)


def _stands_in(pair: OrganizationPair, text: str) -> bool:
    """Whether a draft has the pair already, decided or not."""
    plain = text.replace("\r\n", "\n")
    return any("\n" + "\n".join(lines) + "\n" in plain for lines in (_same(pair), _renamed(pair)))


def _entry(pair: OrganizationPair) -> str:
    return "\n".join(("", *_lines(pair), ""))


def _lines(pair: OrganizationPair) -> Iterator[str]:
    one, other = (", ".join(editions) for editions in pair.editions)
    renamed = pair.followed and any(each.what == OTHER_NAMES for each in pair.evidence)
    yield f"# answered in {one}; and in {other}"
    yield "[[renamed]]" if renamed else "[[same]]"
    yield toml_line("decision", "undecided")
    yield from _renamed(pair) if renamed else _same(pair)
    yield toml_line("score", round(pair.score, 3))
    yield toml_line("evidence", [str(each) for each in pair.evidence])


def _same(pair: OrganizationPair) -> list[str]:
    return [toml_line("names", pair.names)]


def _renamed(pair: OrganizationPair) -> list[str]:
    """Return the keys of a renaming from the one that answered earlier to the other."""
    earlier, later = sorted(zip(pair.editions, pair.names, strict=True))
    return [
        toml_line("name", earlier[1]),
        toml_line("to", later[1]),
        toml_line("edition", later[0][0]),
    ]
