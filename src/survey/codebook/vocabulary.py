"""The words of a community: who answers its survey, what a record is about, what is counted.

Titles, notes and claims are written once with names in braces, and every survey fills in its
own words, so that a survey of bakeries does not speak of clouds::

    [vocabulary]
    subject = "Sourdough"
    respondent = "baker"           # the plural is made with an s unless it is given
    unit = "bakery"
    units = "bakeries"
    counted = "loaves"
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import lru_cache

from survey.checked import checked
from survey.codebook.fields import Fields
from survey.codebook.question import Unit
from survey.dataclass import dataclass
from survey.errors import CodebookError

__all__ = ["NEUTRAL", "OPENSTACK", "Vocabulary", "read_words"]

_PLURALS = {
    "respondent": "respondents",
    "organization": "organizations",
    "unit": "units",
    "record": "records",
}
_WORD = re.compile(r"\{([A-Za-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a survey calls the things that it counts.

    Attributes
    ----------
    respondent, respondents
        Who answers.
    unit, units
        What a deployment is called in titles and sentences: a cloud, in OpenStack's survey.
    record, records
        What a deployment is called where records are counted; the same as ``unit`` in most
        surveys.
    organization, organizations
        Whom respondents answer for.
    counted
        What the sizes of units are counted in: cores, in OpenStack's survey.
    subject
        What the survey is about, as in "Would you recommend ...".

    Examples
    --------
    >>> words = Vocabulary(unit="bakery", units="bakeries")
    >>> words.fill("{Units} in operation: size of the median {unit}")
    'Bakeries in operation: size of the median bakery'
    >>> words.noun(Unit.RESPONDENT, 2)
    'respondents'
    """

    respondent: str = "respondent"
    respondents: str = "respondents"
    unit: str = "record"
    units: str = "records"
    record: str = "record"
    records: str = "records"
    organization: str = "organization"
    organizations: str = "organizations"
    counted: str = "units"
    subject: str = "it"

    def fill(self, text: str) -> str:
        """Return ``text`` with words in place of ``{unit}``, ``{Units}`` and so on.

        A name that begins with a capital gives a word that does. Other braces stay as they are.
        """
        words = self._words()
        return _WORD.sub(lambda found: words.get(found[1], found[0]), text)

    def _words(self) -> Mapping[str, str]:
        return _with_capitals(self)

    def replaced(self, words: Mapping[str, str]) -> Vocabulary:
        """Return a copy with some words in place of its own."""
        return replace(self, **words)

    def noun(self, unit: Unit, number: int = 1) -> str:
        """Return what one record of ``unit`` is called, or several of them."""
        name = "record" if unit is Unit.DEPLOYMENT else unit.value
        word: str = getattr(self, name if number == 1 else _PLURALS[name])
        return word


@lru_cache
def _with_capitals(vocabulary: Vocabulary) -> Mapping[str, str]:
    words = asdict(vocabulary)
    return words | {
        name[0].upper() + name[1:]: word[:1].upper() + word[1:] for name, word in words.items()
    }


NEUTRAL = Vocabulary()
"""For a survey of which nothing else is known."""
OPENSTACK = Vocabulary(
    unit="cloud",
    units="clouds",
    record="deployment",
    records="deployments",
    counted="cores",
    subject="OpenStack",
)
"""For the survey that this package comes with."""


@checked(CodebookError)
def read_words(given: Fields) -> dict[str, str]:
    """Return the words that a ``[vocabulary]`` table gives, with the plurals it leaves out.

    Examples
    --------
    >>> problems = []
    >>> table = Fields("survey.toml, [vocabulary]", {"unit": "oven"}, problems)
    >>> NEUTRAL.replaced(read_words(table)).records, problems
    ('ovens', [])
    """
    given.only(asdict(NEUTRAL))
    words = {name: given.text(name) for name in asdict(NEUTRAL) if name in given}
    for name, word in words.items():
        if not word.strip() or "{" in word:
            given.wrong(f"{name} = {word!r}", "a word")
    for one, several in _PLURALS.items():
        if one in words:
            words.setdefault(several, f"{words[one]}s")
    if "unit" in words:
        words.setdefault("record", words["unit"])
        words.setdefault("records", words["units"])
    return words
