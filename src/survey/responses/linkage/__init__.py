"""Organizations that may be one, proposed with evidence for a person to decide."""

from survey.responses.linkage.draft import write_alias_draft
from survey.responses.linkage.evidence import Evidence
from survey.responses.linkage.proposals import OrganizationPair, propose_organizations

__all__ = ["Evidence", "OrganizationPair", "propose_organizations", "write_alias_draft"]
