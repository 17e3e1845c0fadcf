"""Divide an answer that names several things, where its delimiters make that certain."""

from __future__ import annotations

import re

from survey.responses.coding.wording import words_of

__all__ = ["enumerated", "lines", "perhaps_several"]

_LINES = re.compile(r"[\n\r;|•]+|\\n|^\s*(?:[-*]|\d+[.)])\s+", re.MULTILINE)
_COMMA = re.compile(r"\s*[,、，]\s*|(?<=\S)-\s+")
_WEAK = re.compile(r"\s*[,、，/&]\s*|(?<=\S)-\s+|\s+\+\s+|\s+(?:and|or|und|et|y)\s+", re.IGNORECASE)
_LONGEST = 3


def lines(text: str) -> list[str]:
    r"""Divide at semicolons, line ends and bullets, which always stand between two things.

    Examples
    --------
    >>> lines("Nomad; k8s"), lines("- upgrades\n- docs"), lines("on request, later")
    (['Nomad', 'k8s'], ['upgrades', 'docs'], ['on request, later'])
    """
    return _kept(_LINES.split(text))


def enumerated(text: str) -> list[str]:
    """Divide at commas if what they divide is short: a list, and no sentence.

    The exporter wrote commas as hyphens; one that follows a word and precedes a space was one.

    Examples
    --------
    >>> enumerated("Zabbix- Nagios"), enumerated("SR-IOV, DPDK")
    (['Zabbix', 'Nagios'], ['SR-IOV', 'DPDK'])
    >>> enumerated("we tried it, and went back to scripts")
    ['we tried it, and went back to scripts']
    """
    pieces = _kept(_COMMA.split(text))
    return pieces if all(len(words_of(piece)) <= _LONGEST for piece in pieces) else [text.strip()]


def perhaps_several(text: str) -> list[str]:
    """Divide at everything that can join two things; certain only if all of them are known.

    Examples
    --------
    >>> perhaps_several("k8s + Gardener"), perhaps_several("CI/CD and GitOps")
    (['k8s', 'Gardener'], ['CI', 'CD', 'GitOps'])
    """
    return _kept(_WEAK.split(text))


def _kept(pieces: list[str]) -> list[str]:
    return [piece.strip(" .\t") for piece in pieces if piece and piece.strip(" .\t")]
