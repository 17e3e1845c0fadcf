"""A first codebook for the file of another survey tool, drafted from the file itself."""

from survey.exports.drafting.draft import draft_codebook

__all__ = ["draft_codebook"]
