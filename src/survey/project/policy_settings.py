"""The policy in ``survey.toml``: rules that a project sets, and rules of earlier versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from survey.disclosure import Policy, Profile
from survey.errors import DisclosureError, Problem, did_you_mean

__all__ = ["policy_of"]

#: Rules of earlier versions that no longer exist.
_GONE: Final = frozenset(
    {"cell_threshold", "protection", "dominance", "estimate_error", "zeros", "unanimous"}
)
_NEW: Final = 'profile = "protected"'


def policy_of(given: Mapping[str, Any]) -> Policy:
    """Return the policy that a project file asks for.

    Raises
    ------
    DisclosureError
        If a rule is unknown, no longer exists or has a wrong value; all are listed.

    Examples
    --------
    >>> policy_of({"threshold": 10})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    survey.errors.DisclosureError: The disclosure policy cannot be used
      - [policy] threshold: got a threshold for exact counts; expected perturbed counts, ...
    """
    known = [each.name for each in fields(Policy)]
    problems = [
        Problem(
            f"[policy] {name}",
            "a rule that no longer exists",
            "perturbed counts",
            f"in its place write: {_NEW}",
        )
        if name in _GONE
        else Problem(
            f"[policy] {name}",
            "an unknown rule",
            f"one of {', '.join(known)}",
            did_you_mean(name, known),
        )
        for name in given
        if name not in known
    ]
    if "threshold" in given and given.get("profile") != Profile.THRESHOLD:
        wanted = 'perturbed counts, or the profile "threshold"'
        hint = f"in its place write: {_NEW}"
        problems.append(Problem("[policy] threshold", "a threshold for exact counts", wanted, hint))
    if problems:
        raise DisclosureError("The disclosure policy cannot be used", problems)
    return Policy(**given)
