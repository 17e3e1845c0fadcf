"""Write coding frames: a fresh file, or proposals added to one that a person keeps.

A person's file is only ever added to, at its end: comments and order stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from survey.checked import checked
from survey.errors import ResponsesError
from survey.files import edit_file, faults_as
from survey.files.final_reports import refuse_among
from survey.responses.coding.frame import Frame, Proposal
from survey.responses.coding.frame_file import parse_frame
from survey.responses.toml_text import toml_line

__all__ = ["frame_text", "write_frame"]

_HEAD = """\
# Coding frame {name!r}: which texts mean which code.
#
# Decide on each proposal by its first line: "accepted" makes it a code, "rejected" keeps it from
# being proposed again. Labels, synonyms and words are yours to change; what stands under
# [[codes]] counts without a decision. 'survey frame check' says whether the file can be used.
"""


@checked(ResponsesError)
def write_frame(frame: Frame, path: Path | str) -> int:
    """Write a frame to a new file, or add its new proposals to the file that is there.

    Parameters
    ----------
    frame
        A frame; :func:`propose_frame` returns one with proposals.
    path
        Where to write. A file that is there keeps every line; proposals that it does not
        settle yet are added at its end.

    Returns
    -------
    int
        How many proposals were written.

    Raises
    ------
    ResponsesError
        If the file that is there is no frame, the file cannot be written, or it would stand among
        final publications.

    Examples
    --------
    >>> write_frame(propose_frame(answers, "deployment_tools"), "tools.toml")  # doctest: +SKIP
    4
    """
    target = Path(path)
    written = 0

    def change(before: str | None) -> str | None:
        nonlocal written
        if before is None:
            written = len(frame.proposals)
            return frame_text(frame)
        known = parse_frame(target.name, before.encode())
        fresh = [each for each in frame.proposals if each not in known.proposals]
        written = len(fresh)
        return _added(target.name, before, fresh) if fresh else None

    with faults_as(
        ResponsesError, f"{target.name} cannot be written", target, "a file to write to"
    ):
        refuse_among(target)  # proposals quote what people wrote
        edit_file(target, change)
    return written


def _added(name: str, before: str, fresh: Iterable[Proposal]) -> str:
    """Return a frame with proposals at its end, in the file's own line ends."""
    added = "\n" * (not before.endswith("\n")) + "".join(map(_proposal, fresh))
    text = before + (added.replace("\n", "\r\n") if "\r\n" in before else added)
    parse_frame(name, text.encode())
    return text


def frame_text(frame: Frame) -> str:
    """Return a frame as TOML.

    Examples
    --------
    >>> from survey.responses.coding.frame import Code
    >>> text = frame_text(Frame("tools", ("deployment_tools_other",), (Code("Nomad"),)))
    >>> parse_frame("tools.toml", text.encode()).codes
    (Code(label='Nomad', synonyms=(), words=(), questions=(), since='', until='', note='', \
decided=None),)
    """
    head = {
        "name": frame.name,
        "questions": list(frame.questions),
        "decided": frame.decided,
        "by": frame.by,
        "note": frame.note,
    }
    codes = (
        _table(
            "[[codes]]",
            {
                "label": code.label,
                "synonyms": list(code.synonyms),
                "words": list(code.words),
                "questions": list(code.questions),
                "since": code.since,
                "until": code.until,
                "note": code.note,
                "decided": code.decided,
            },
        )
        for code in frame.codes
    )
    text = _HEAD.format(name=frame.name) + _table("[frame]", head)
    return text + "".join(codes) + "".join(map(_proposal, frame.proposals))


def _proposal(proposal: Proposal) -> str:
    return _table(
        "[[proposals]]",
        {
            "decision": proposal.decision.value,
            "label": proposal.label,
            "synonyms": list(proposal.synonyms),
            "words": list(proposal.words),
            "question": proposal.question,
            "score": round(float(proposal.score), 2),
            "organizations": proposal.organizations,
            "answers": proposal.answers,
            "editions": list(proposal.editions),
            "evidence": proposal.evidence,
        },
    )


def _table(heading: str, values: Mapping[str, Any]) -> str:
    return "\n".join(("", heading, *_lines(values.items()), ""))


def _lines(items: Iterable[tuple[str, Any]]) -> Iterator[str]:
    for key, value in items:
        if value not in ("", None, [], ()):
            yield toml_line(key, value)
