"""Write coding frames: a fresh file, or proposals added to one that a person keeps.

A person's file is only ever added to, at its end: comments and order stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from survey.errors import Problem, ResponsesError
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
        If the file that is there is no frame, or the file cannot be written.

    Examples
    --------
    >>> write_frame(propose_frame(answers, "deployment_tools"), "tools.toml")  # doctest: +SKIP
    4
    """
    target = Path(path)
    try:
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(frame_text(frame), encoding="utf-8", newline="")
            return len(frame.proposals)
        before = target.read_text(encoding="utf-8")
        known = parse_frame(target.name, before.encode())
        fresh = [each for each in frame.proposals if each not in known.proposals]
        added = "".join(map(_proposal, fresh))
        if fresh:
            text = before + "\n" * (not before.endswith("\n")) + added
            parse_frame(target.name, text.encode())
            target.write_text(text, encoding="utf-8", newline="")
        return len(fresh)
    except OSError as error:
        got = error.strerror or type(error).__name__
        raise ResponsesError(
            f"{target.name} cannot be written", [Problem(target.name, got, "a file to write to")]
        ) from None


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
