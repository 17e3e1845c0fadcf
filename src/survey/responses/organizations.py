"""One identity per organization, over spellings, respondents and editions.

Two respondents belong to one organization if

* their organizations' names differ in nothing but case, accents, spaces, punctuation, commas
  turned into hyphens, or legal form;
* one names none, and the other is the only organization seen at the same company's mail domain
  (or the respondent is the same member, who named it in another edition);
* a line of the alias file says so.

Everything else is a proposal for a person: see :mod:`survey.responses.linkage`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import pandas as pd

from survey.responses.aliases import Aliases
from survey.responses.names import company_domain, squeezed_name

__all__ = ["Respondent", "organization_keys", "respondents_of"]

Node = tuple[str | int, ...]
_ADDRESSES = ("account_email", "email")


class Respondent(NamedTuple):
    """What is known about a respondent's organization.

    ``squeezed`` is the name without what spellings differ in.
    """

    edition: str
    number: int
    member: str
    name: str
    squeezed: str
    domains: tuple[str, ...]


@dataclass
class _Groups:
    """Disjoint sets (Tarjan 1975): things that were joined have one representative."""

    parent: dict[Node, Node] = field(default_factory=dict)

    def find(self, thing: Node) -> Node:
        if thing not in self.parent:
            return thing
        root = self.parent[thing]
        while self.parent[root] != root:
            root = self.parent[root]
        self.parent[thing] = root
        return root

    def join(self, one: Node, other: Node) -> None:
        for thing in (one, other):
            self.parent.setdefault(thing, thing)
        first, second = sorted((self.find(one), self.find(other)), key=str)
        self.parent[second] = first


def respondents_of(frame: pd.DataFrame) -> list[Respondent]:
    """Return what each row of a respondents table says about the organization."""
    squeezed, domain = cache(squeezed_name), cache(company_domain)

    def texts(column: str) -> list[str]:
        if column not in frame:
            return [""] * len(frame)
        return [value if isinstance(value, str) else "" for value in frame[column].tolist()]

    names = texts("organization_name")
    folded = [squeezed(name) for name in names]
    hosts = ([each[each.rfind("@") + 1 :] for each in texts(kind)] for kind in _ADDRESSES)
    accounts, given = ([domain(host) for host in some] for some in hosts)
    domains = [_distinct(*both) for both in zip(accounts, given, strict=True)]
    return list(
        map(
            Respondent,
            frame["edition"].astype(str).tolist(),
            frame["respondent"].astype(int).tolist(),
            texts("member"),
            [name if short else "" for name, short in zip(names, folded, strict=True)],
            folded,
            domains,
        )
    )


def _distinct(one: str, other: str) -> tuple[str, ...]:
    if one and other and one != other:
        return (one, other)
    return (one or other,) if one or other else ()


def organization_keys(
    respondents: Sequence[Respondent], aliases: Aliases | None = None
) -> list[str]:
    """Return a key per respondent; equal keys are the same organization.

    The key is the folded name of the organization where there is one.
    """
    known = aliases or Aliases()
    groups = _Groups()
    for one, other in known.same_names:
        groups.join(("name", one), ("name", other))
    _join_nameless(respondents, groups, known)
    return [":".join(map(str, groups.find(_node(each, known)))) for each in respondents]


def _node(respondent: Respondent, known: Aliases) -> Node:
    """Return what stands for a respondent: the name of that time, or nobody else."""
    if respondent.name:
        return ("name", known.current(respondent.squeezed, respondent.edition))
    return ("respondent", respondent.edition, respondent.number)


def _join_nameless(respondents: Sequence[Respondent], groups: _Groups, known: Aliases) -> None:
    """Give those who name no organization the only one seen at their domain or of theirs.

    What the others named counts as what it stood for when the nameless answered: after a
    merger, the names of its parts and the new one are one organization.
    """
    for evidence in (_by_domain(respondents), _by_member(respondents)):
        for shared in evidence:
            nameless = [each for each in shared if not each.name]
            if not nameless:
                continue
            named = dict.fromkeys(each.squeezed for each in shared if each.name)
            for each in nameless if named else ():
                then = {groups.find(("name", known.current(n, each.edition))) for n in named}
                if len(then) == 1:
                    groups.join(_node(each, known), next(iter(then)))
            if not named:
                for each in nameless[1:]:
                    groups.join(_node(each, known), _node(nameless[0], known))


def _by_domain(respondents: Sequence[Respondent]) -> Iterator[list[Respondent]]:
    """Yield those who share a mail domain, wherever one of them names no organization."""
    wanted = {domain for each in respondents if not each.name for domain in each.domains}
    shared: dict[str, list[Respondent]] = defaultdict(list)
    for respondent in respondents if wanted else ():
        for domain in respondent.domains:
            if domain in wanted:
                shared[domain].append(respondent)
    yield from shared.values()


def _by_member(respondents: Sequence[Respondent]) -> Iterator[list[Respondent]]:
    """Yield what one member answered, wherever one of the answers names no organization."""
    wanted = {each.member for each in respondents if each.member and not each.name}
    shared: dict[str, list[Respondent]] = defaultdict(list)
    for respondent in respondents if wanted else ():
        if respondent.member in wanted:
            shared[respondent.member].append(respondent)
    yield from shared.values()
