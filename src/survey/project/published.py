"""Earlier public totals that a project names: ``[[published]]`` in ``survey.toml``.

They stand beside the headline, with their source::

    [[published]]
    year = "2023"
    figure = 45_000_000
    source = "annual report 2023"
    method = "clouds in production; how it was counted is not said"
    at_least = false
"""

from __future__ import annotations

from typing import Final

from survey.codebook.fields import Fields
from survey.errors import Problem
from survey.project.settings_checks import FILE_NAME
from survey.topics import PublishedTotal

__all__ = ["PUBLISHED_KEYS", "read_published"]

_NEEDED: Final = ("year", "figure", "source")
PUBLISHED_KEYS: Final = (*_NEEDED, "method", "at_least")


def read_published(entries: object, problems: list[Problem]) -> tuple[PublishedTotal, ...]:
    """Return the totals that ``[[published]]`` names, by year; what is wrong joins ``problems``."""
    found = []
    given = entries if isinstance(entries, list) else []
    for number, entry in enumerate(given, start=1):
        fields = Fields(f"{FILE_NAME}, [[published]], entry {number}", entry, problems)
        fields.only(PUBLISHED_KEYS)
        lacking = [key for key in _NEEDED if key not in fields]
        if lacking:
            fields.wrong(f"no {', '.join(lacking)}", "every published total to have them")
        figure = fields.number("figure") or 0
        if "figure" in fields and figure <= 0:
            fields.wrong(f"figure = {figure}", "a number above 0, such as 45_000_000")
        found.append(
            PublishedTotal(
                fields.text("year"),
                float(figure),
                fields.text("source"),
                fields.text("method"),
                fields.flag("at_least"),
            )
        )
    return tuple(sorted(found, key=lambda each: each.year))
