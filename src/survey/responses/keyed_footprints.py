"""Known footprints under the key of pseudonyms, so that they find their organizations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from survey.checked import checked
from survey.codebook import PublishedFigure
from survey.errors import ResponsesError
from survey.responses.aliases import Aliases
from survey.responses.names import squeezed_name
from survey.responses.organizations import Respondent, organization_keys
from survey.responses.pseudonyms import Pseudonyms

__all__ = ["keyed_footprints"]


@checked(ResponsesError)
def keyed_footprints(
    footprints: Iterable[PublishedFigure], key: bytes, aliases: Aliases | None = None
) -> tuple[PublishedFigure, ...]:
    """Return footprints that name organizations by the pseudonyms that cleaning gave them.

    Parameters
    ----------
    footprints
        From :func:`survey.codebook.read_footprints`.
    key
        The key with which the answers were cleaned, see :func:`survey.responses.read_key`.
    aliases
        The decisions about organizations with which they were cleaned.

    Examples
    --------
    >>> known = keyed_footprints([PublishedFigure("LINE", "2022", 4_000_000, "a talk")], b"a key")
    >>> known[0].organization == "LINE", known[0].organization[:4], known[0].cores
    (False, 'org-', 4000000)
    """
    pseudonyms = Pseudonyms(key)

    def pseudonym(name: str, edition: str) -> str | None:
        respondent = Respondent(edition, 0, "", name, squeezed_name(name), ())
        return pseudonyms.of("org", organization_keys([respondent], aliases)[0])

    found = []
    for each in footprints:
        names = dict.fromkeys(pseudonym(name, each.edition) for name in each.names)
        first, *others = (name for name in names if name)
        found.append(replace(each, organization=first, also=tuple(others)))
    return tuple(found)
