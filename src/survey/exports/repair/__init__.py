"""Cells as the survey system wrote them; each change is logged."""
