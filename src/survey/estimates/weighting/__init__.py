"""Weights that make a sample agree with known totals."""
