"""The command line: argv -> the same functions as in Python, no arithmetic."""

from survey.cli.commands import main

__all__ = ["main"]
