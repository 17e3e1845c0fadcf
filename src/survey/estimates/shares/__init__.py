"""Shares of answers: one question, several crossed, nets, scores, and what is unclear in them."""
