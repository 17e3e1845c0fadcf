"""The ledger: what was published, who was behind it, and what may be drawn beside it."""
