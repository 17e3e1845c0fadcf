"""Intervals, precision rules, tests, false discovery: how uncertain numbers are."""
