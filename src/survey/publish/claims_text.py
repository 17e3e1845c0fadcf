"""Claims as a page that a person reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from survey.disclosure import Publication

if TYPE_CHECKING:
    from survey.publish.claims import Claim

__all__ = ["as_markdown"]


def as_markdown(publication: Publication, found: Sequence[Claim]) -> str:
    """Return the claims as Markdown, each with its base, caveat and table."""
    lines = [f"# {publication.title}, edition {publication.edition}: what can be said", ""]
    if publication.provenance.invented:
        lines += ["**Invented data.** Nothing here is about real clouds.", ""]
    lines += [
        "The sample chose itself: intervals hold as if these respondents were a random draw.",
        "",
    ]
    for claim in found:
        lines.append(f"- {claim.text}")
        details = [each for each in (claim.base, claim.caveat) if each]
        details += [f"table `{claim.table}`"] if claim.table else []
        lines += [f"  {'; '.join(each.rstrip('.') for each in details)}."] if details else []
    return "\n".join(lines) + "\n"
