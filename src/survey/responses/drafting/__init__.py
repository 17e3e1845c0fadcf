"""Draft the codebook of an edition from its exports."""

from survey.responses.drafting.edition_draft import draft_edition
from survey.responses.drafting.proposal import Draft, Proposal

__all__ = ["Draft", "Proposal", "draft_edition"]
