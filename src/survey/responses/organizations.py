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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pandas as pd

from survey.responses.aliases import Aliases
from survey.responses.names import company_domain, squeezed_name

__all__ = ["Respondent", "organization_keys", "respondents_of"]

Node = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Respondent:
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
        root = self.parent.setdefault(thing, thing)
        while self.parent[root] != root:
            root = self.parent[root]
        self.parent[thing] = root
        return root

    def join(self, one: Node, other: Node) -> None:
        first, second = sorted((self.find(one), self.find(other)), key=str)
        self.parent[second] = first


def respondents_of(frame: pd.DataFrame) -> list[Respondent]:
    """Return what each row of a respondents table says about the organization."""

    def texts(column: str) -> Iterable[str]:
        if column not in frame:
            return [""] * len(frame)
        return [value if isinstance(value, str) else "" for value in frame[column].tolist()]

    rows = zip(
        frame["edition"].astype(str),
        frame["respondent"],
        texts("member"),
        texts("organization_name"),
        texts("email"),
        texts("account_email"),
        strict=True,
    )
    return [
        Respondent(
            edition,
            int(number),
            member,
            name if squeezed else "",
            squeezed,
            tuple(dict.fromkeys(filter(None, map(company_domain, (account, email))))),
        )
        for edition, number, member, name, email, account in rows
        for squeezed in (squeezed_name(name),)
    ]


def organization_keys(
    respondents: Sequence[Respondent], aliases: Aliases | None = None
) -> list[str]:
    """Return a key per respondent; equal keys are the same organization.

    The key is the folded name of the organization where there is one.
    """
    known = aliases or Aliases()
    groups = _Groups()
    for respondent in respondents:
        if respondent.name:
            groups.join(
                _node(respondent), ("name", known.current(respondent.squeezed, respondent.edition))
            )
    for one, other in known.same_names:
        groups.join(("name", one), ("name", other))
    _join_nameless(respondents, groups, known)
    return [":".join(map(str, groups.find(_node(respondent)))) for respondent in respondents]


def _node(respondent: Respondent) -> Node:
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
                    groups.join(_node(each), next(iter(then)))
            if not named:
                for each in nameless[1:]:
                    groups.join(_node(each), _node(nameless[0]))


def _by_domain(respondents: Sequence[Respondent]) -> Iterator[list[Respondent]]:
    shared: dict[str, list[Respondent]] = defaultdict(list)
    for respondent in respondents:
        for domain in respondent.domains:
            shared[domain].append(respondent)
    yield from shared.values()


def _by_member(respondents: Sequence[Respondent]) -> Iterator[list[Respondent]]:
    shared: dict[str, list[Respondent]] = defaultdict(list)
    for respondent in respondents:
        if respondent.member:
            shared[respondent.member].append(respondent)
    yield from shared.values()
