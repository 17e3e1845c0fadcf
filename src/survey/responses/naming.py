"""Organizations in sentences: who is named, and whether that is allowed.

Answers hold pseudonyms. Whoever has the key can tell whether a word or two of a sentence are the
name of an organization that answered, without a list of names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Final, Self

import numpy as np

from survey.checked import checked
from survey.codebook import PublishedFigure
from survey.dataclass import dataclass
from survey.errors import ResponsesError
from survey.responses.aliases import Aliases
from survey.responses.names import squeezed_name
from survey.responses.organizations import Respondent, organization_keys
from survey.responses.pseudonyms import Pseudonyms
from survey.responses.responses import Responses

__all__ = ["OrganizationNames"]

_CONSENT: Final = "is_public", "Public"
_LONGEST, _SHORTEST = 6, 4
_WORD = re.compile(r"[\w&.+'\N{RIGHT SINGLE QUOTATION MARK}-]+")


@dataclass(frozen=True, eq=False)
class OrganizationNames:
    """Finds names of organizations that answered.

    Attributes
    ----------
    organizations
        Pseudonyms of the organizations in the answers.
    consented
        Edition -> pseudonyms of those that consented in it to be named; consent that was carried
        over from an earlier edition is none.
    public
        Pseudonyms of those of which a published source tells.
    """

    organizations: frozenset[str]
    consented: Mapping[str, frozenset[str]]
    public: frozenset[str]
    _pseudonyms: Pseudonyms = field(repr=False)
    _aliases: Aliases = field(repr=False)
    _plain: dict[tuple[str, str], bool] = field(default_factory=dict, repr=False)
    _known: dict[tuple[str, str], str | None] = field(default_factory=dict, repr=False)
    _squeezed: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    @checked(ResponsesError)
    def of(
        cls,
        answers: Responses,
        key: bytes,
        aliases: Aliases | None = None,
        figures: Iterable[PublishedFigure] = (),
    ) -> Self:
        """Return the names of the organizations in some answers.

        Parameters
        ----------
        answers
            Cleaned with ``key``.
        key, aliases
            The secret key and the decisions about names with which they were cleaned.
        figures
            What organizations made public, from :func:`survey.responses.keyed_footprints`.
        """
        respondents = answers.respondents
        found = respondents["organization"].dropna() if "organization" in respondents else ()
        public = frozenset(
            name for each in figures for name in (each.organization, *each.also) if name
        )
        names = frozenset(map(str, found))
        return cls(names, _consented(answers), public, Pseudonyms(key), aliases or Aliases())

    def refused(self, text: str, edition: str, words: str = "") -> Iterator[tuple[int, int]]:
        """Yield which words of a text name an organization that may not be named, from 1.

        Parameters
        ----------
        text
            A title, a note, a sentence.
        edition
            The edition in which consent is needed.
        words
            What the questionnaire says itself, folded: an organization may be called like an
            answer.
        """
        found = list(_WORD.finditer(text))
        allowed = self.consented.get(edition, frozenset()) | self.public
        place = 0
        while place < len(found):
            for last in range(min(len(found), place + _LONGEST), place, -1):
                run = text[found[place].start() : found[last - 1].end()]
                name = self._organization(run, edition, words)
                if name is not None:
                    if name not in allowed:
                        yield place + 1, last
                    place = last - 1
                    break
            place += 1

    def _organization(self, run: str, edition: str, words: str) -> str | None:
        """Return the pseudonym of the organization that some words name."""
        if (run, words) not in self._plain:  # the longest look, and the same in every edition
            self._plain[run, words] = _is_plain(run, words)
        if self._plain[run, words]:
            return None
        if (run, edition) not in self._known:
            self._known[run, edition] = self._named(run, edition)
        return self._known[run, edition]

    def _named(self, run: str, edition: str) -> str | None:
        if run not in self._squeezed:
            self._squeezed[run] = squeezed_name(run)
        respondent = Respondent(edition, 0, "", run, self._squeezed[run], ())
        key = organization_keys([respondent], self._aliases)[0]
        name = self._pseudonyms.of("org", key) if respondent.squeezed else None
        return name if name in self.organizations else None


def _is_plain(run: str, words: str) -> bool:
    """Whether words are too short for a name, or plain ones, or the questionnaire's own."""
    short = len(run) < _SHORTEST and not (len(run) > 1 and run.isupper())
    plain = run.islower() and " " not in run  # an organization may be called "Cloud"
    return short or plain or bool(words and run.casefold() in words)


def _consented(answers: Responses) -> dict[str, frozenset[str]]:
    """Return edition -> organizations that consented in it, in a record that they touched."""
    clouds, (concept, yes) = answers.deployments, _CONSENT
    if concept not in clouds or "organization" not in clouds:
        return {}
    own = answers.carry_overs
    carried = own.loc[own["unit"] == "deployment", ["edition", "id"]] if len(own) else own
    copies = set(carried.itertuples(index=False, name=None))
    pairs = zip(clouds["edition"].astype(str), clouds["deployment"], strict=True)
    fresh = np.array([pair not in copies for pair in pairs], dtype=bool)
    said = clouds[concept].astype(object).eq(yes).to_numpy(dtype=bool)
    kept = clouds[said & fresh & ~clouds["copied"].to_numpy(dtype=bool)]
    return {
        str(edition): frozenset(map(str, rows["organization"].dropna()))
        for edition, rows in kept.groupby("edition", observed=True)
    }
