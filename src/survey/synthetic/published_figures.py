"""What was published about the survey, as far as the simulator follows it.

The numbers stand in ``data/published.toml`` with their sources: percent, or counts of the
technical committee, by label and edition.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, cast

__all__ = [
    "contributors",
    "one_option",
    "project_chart",
    "project_users",
    "published",
]

Shares = Mapping[str, float]
ByEdition = Mapping[str, Shares]


@cache
def _tables() -> Mapping[str, Any]:
    path = files("survey.synthetic").joinpath("data/published.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def published(concept: str) -> ByEdition:
    """Return edition -> label -> number for a question; empty where nothing was published.

    Examples
    --------
    >>> published("deployment_stage")["2021"]["Proof of Concept"]
    8
    """
    return cast(ByEdition, _tables().get(concept, {}))


def one_option(concept: str) -> ByEdition:
    """Return edition -> label -> percent where a single option's share was published.

    Examples
    --------
    >>> one_option("paas_tools")
    {'2021': {'Kubernetes': 68}, '2022': {'Kubernetes': 85}}
    """
    return cast(ByEdition, _tables()["one_option"].get(concept, {}))


def project_chart() -> Mapping[str, tuple[float, float, float]]:
    """Return project -> percent in production, testing and interest among clouds of 2021."""
    return {name: tuple(row) for name, row in _tables()["projects"]["2021"].items()}


def project_users() -> ByEdition:
    """Return edition -> project -> count of production users."""
    return cast(ByEdition, _tables()["project_users"])


def contributors() -> Shares:
    """Return edition -> organizations that answered which projects they contribute to."""
    return cast(Shares, _tables()["contributors"])
