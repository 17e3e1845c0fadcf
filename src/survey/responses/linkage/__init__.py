"""Organizations that may be one, proposed with evidence for a person to decide."""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
    from survey.responses.linkage.draft import write_alias_draft
    from survey.responses.linkage.evidence import Evidence
    from survey.responses.linkage.proposals import OrganizationPair, propose_organizations

__all__ = ["Evidence", "OrganizationPair", "propose_organizations", "write_alias_draft"]

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(
        __name__,
        {
            "Evidence": "evidence",
            "OrganizationPair": "proposals",
            "propose_organizations": "proposals",
            "write_alias_draft": "draft",
        },
    )
