"""One identity per organization, whatever the spelling.

Names are folded: width, case, punctuation, legal form and commas turned into hyphens do not
make a difference. Respondents who name no organization stand for themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import pandas as pd

__all__ = ["folded_name", "organization_keys"]

_LEGAL_FORMS = frozenset(
    (
        "ab ag as asa bhd bv co company corp corporation doo eood eurl foundation gmbh "
        "group holding holdings inc incorporated kg kk kft limited llc llp lp ltd ltda "
        "mbh nv oao oy oyj ooo plc pt pte pty pvt sa sas sarl sdn se sl spa sp srl sro "
        "the tbk zoo "
    ).split()
)
_NOTHING = frozenset({"", "n a", "na", "none", "null", "nan", "no", "private", "personal", "self"})


def folded_name(name: str) -> str:
    """Return ``name`` without case, accents, punctuation and legal form.

    Examples
    --------
    >>> folded_name("Example Telco- AG"), folded_name("EXAMPLE TELCO, ag")
    ('example telco', 'example telco')
    >>> folded_name("N/A")
    ''
    """
    text = unicodedata.normalize("NFKD", name).casefold().replace("&", " and ")
    text = "".join(character for character in text if not unicodedata.combining(character))
    text = re.sub(r"(?<=\b\w)\.(?=\w\b)", "", text)
    words = re.sub(r"[^\w]+|_", " ", text).split()
    core = [word for word in words if word not in _LEGAL_FORMS] or words
    folded = " ".join(core)
    return "" if folded in _NOTHING else folded


def organization_keys(respondents: pd.DataFrame) -> pd.Series[str]:
    """Return a key per respondent; equal keys are the same organization.

    ``respondents`` has ``edition``, ``respondent``, ``member`` and, if asked,
    ``organization_name``.
    """
    names: Iterable[object] = (
        respondents["organization_name"]
        if "organization_name" in respondents
        else [None] * len(respondents)
    )
    keys = [
        f"name:{folded}"
        if (folded := folded_name(name) if isinstance(name, str) else "")
        else f"member:{member}"
        if member
        else f"respondent:{edition}:{number}"
        for name, member, edition, number in zip(
            names,
            respondents["member"],
            respondents["edition"],
            respondents["respondent"],
            strict=True,
        )
    ]
    return pd.Series(keys, index=respondents.index, dtype=object)
