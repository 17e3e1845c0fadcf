"""Organizations that may be one, proposed with evidence for a person to decide."""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
    from survey.responses.linkage.alias_draft import write_alias_draft
    from survey.responses.linkage.proposals import OrganizationPair, propose_organizations
    from survey.responses.linkage.weighed import Evidence

__all__ = ["Evidence", "OrganizationPair", "propose_organizations", "write_alias_draft"]

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(
        __name__,
        {
            "Evidence": "weighed",
            "OrganizationPair": "proposals",
            "propose_organizations": "proposals",
            "write_alias_draft": "alias_draft",
        },
    )
