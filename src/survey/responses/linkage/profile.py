"""What the answers say about each organization, gathered for comparing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from survey.responses.linkage.script import latin_name
from survey.responses.names import company_domain, folded_name, squeezed_name
from survey.responses.responses import Responses

__all__ = ["Profile", "profiles_of"]

#: Closed and open questions on the organization whose answers count as evidence.
_FACTS = ("primary_country", "primary_city", "primary_state", "industry", "organization_size")
_SMALL_WORDS = frozenset({"and", "of", "the", "for", "de", "la", "du", "der", "und"})
_GENERIC = frozenset({"co", "com", "ac", "org", "net", "gov", "edu", "or", "ne", "go", "gob"})


@dataclass
class Profile:
    """One organization as it stands after the certain rules.

    Attributes
    ----------
    key
        Its pseudonym.
    names
        As written, by how often.
    domains, members
        Company mail domains and accounts of those who answered for it.
    facts
        Concept -> answers in folded form.
    labels
        What its clouds are called, in folded form.
    clouds
        Rows of its deployments.
    editions
        In which it answered.
    """

    key: str
    names: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    domains: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    facts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    labels: set[str] = field(default_factory=set)
    clouds: list[int] = field(default_factory=list)
    editions: set[str] = field(default_factory=set)

    @cached_property
    def name(self) -> str:
        """The most common way to write it."""
        return min(self.names, key=lambda name: (-self.names[name], name), default="")

    @cached_property
    def latin(self) -> frozenset[str]:
        """Its names, folded and in Latin letters."""
        return frozenset(filter(None, map(latin_name, self.names)))

    @cached_property
    def squeezed(self) -> frozenset[str]:
        """Its names as an alias file has them."""
        return frozenset(map(squeezed_name, self.names))

    @cached_property
    def whole(self) -> frozenset[str]:
        """Its names in Latin letters, without spaces."""
        return frozenset(name.replace(" ", "") for name in self.latin)

    @cached_property
    def closed_up(self) -> frozenset[str]:
        """Its names without spaces, and the domains that it writes mail from, likewise."""
        return (self.whole | {_of_domain(domain) for domain in self.domains}) - {""}

    @cached_property
    def tokens(self) -> frozenset[str]:
        """Words of its names."""
        return frozenset(word for name in self.latin for word in name.split())

    @cached_property
    def initials(self) -> frozenset[str]:
        """First letters of names of several words: what an abbreviation could be."""
        words = ([w for w in name.split() if w not in _SMALL_WORDS] for name in self.latin)
        return frozenset("".join(w[0] for w in each) for each in words if len(each) > 1)


def _of_domain(domain: str) -> str:
    """Return the name that a mail domain spells: "exampletelco" of eu.example-telco.co.uk."""
    labels = domain.split(".")[:-1]
    while len(labels) > 1 and labels[-1] in _GENERIC:
        labels.pop()
    return folded_name(labels[-1].replace("-", " ")).replace(" ", "") if labels else ""


def profiles_of(answers: Responses) -> list[Profile]:
    """Return a profile of every organization that gave its name."""
    profiles: dict[str, Profile] = {}
    frame = answers.respondents
    facts = [concept for concept in _FACTS if concept in frame]
    columns = {
        name: _texts(frame, name)
        for name in ("organization_name", "email", "account_email", "member", *facts)
    }
    keys, editions = frame["organization"].tolist(), frame["edition"].astype(str).tolist()
    for row, key in enumerate(keys):
        profile = profiles.setdefault(key, Profile(key))
        name = columns["organization_name"][row]
        if folded_name(name):
            profile.names[name.strip()] += 1
        addresses = (columns["email"][row], columns["account_email"][row])
        profile.domains.update(filter(None, map(company_domain, addresses)))
        profile.members.update(filter(None, [columns["member"][row]]))
        profile.editions.add(editions[row])
        for concept in facts:
            profile.facts[concept].update(filter(None, [columns[concept][row].casefold()]))
    _add_clouds(answers, profiles)
    return [profile for profile in profiles.values() if profile.names]


def _add_clouds(answers: Responses, profiles: dict[str, Profile]) -> None:
    frame = answers.deployments
    labels = _texts(frame, "deployment_label")
    for row, key in enumerate(frame["organization"].tolist()):
        if key in profiles:
            profiles[key].clouds.append(row)
            profiles[key].labels.update(filter(None, [squeezed_name(labels[row])]))


def _texts(frame: pd.DataFrame, column: str) -> list[str]:
    values: Iterable[Any] = frame[column] if column in frame else [None] * len(frame)
    return [value if isinstance(value, str) else "" for value in values]
