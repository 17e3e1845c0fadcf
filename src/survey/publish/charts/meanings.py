"""The same colour for the same meaning, in every chart of every edition.

What is in use stands out and what is tried or wished for is paler; what is no longer supported
goes from pale to deep as support ends, so that the order survives a grey printout.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from survey.publish.theme import LIGHT, ordered_colours

__all__ = ["colours_of"]

_USE: Mapping[str, str] = MappingProxyType(
    {
        "production": LIGHT.ordered[6],
        "production / full operational use": LIGHT.ordered[6],
        "testing": LIGHT.ordered[3],
        "under development": LIGHT.ordered[3],
        "under development / in testing": LIGHT.ordered[3],
        "interested": LIGHT.ordered[1],
        "proof of concept": LIGHT.ordered[1],
    }
)
_SUPPORT = ("development", "maintained", "extended maintenance", "unmaintained", "end of life")
_SUPPORTED = dict(zip(_SUPPORT, ordered_colours(LIGHT, len(_SUPPORT)), strict=True))
_REST = frozenset({"unknown", "not known", "other"})


def colours_of(labels: Sequence[str]) -> dict[str, str] | None:
    """Return label -> colour where all labels have a meaning of their own, else nothing.

    Examples
    --------
    >>> colours_of(["Production", "Testing"])["Production"] == LIGHT.ordered[6]
    True
    >>> colours_of(["Ansible", "Puppet"]) is None
    True
    """
    for meanings in (_USE, _SUPPORTED):
        known = {label: meanings.get(label.casefold()) for label in labels}
        rest = [label for label, colour in known.items() if colour is None]
        if len(rest) < len(labels) and all(label.casefold() in _REST for label in rest):
            return {label: colour or LIGHT.same for label, colour in known.items()}
    return None
