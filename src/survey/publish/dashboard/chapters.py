"""Chapters: which block stands on which page, at most ten to a page."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from survey.codebook import Vocabulary
from survey.dataclass import dataclass
from survey.publish.dashboard.blocks import Block
from survey.publish.words import humanised

__all__ = ["MOST_BLOCKS", "Chapter", "chapters_of", "cut_label", "wanted_cuts"]

MOST_BLOCKS = 10


@dataclass(frozen=True)
class Chapter:
    """One page of blocks."""

    id: str
    title: str
    intro: str
    blocks: tuple[Block, ...]

    @property
    def file(self) -> str:
        """Name of its page."""
        return f"{self.id}.html"


@cache
def _plan() -> Mapping[str, Any]:
    source = files("survey.publish.dashboard").joinpath("data/chapters.toml")
    return tomllib.loads(source.read_text("utf-8"))


def chapters_of(blocks: Sequence[Block], words: Vocabulary) -> tuple[Chapter, ...]:
    """Return the chapters that have blocks; what no chapter lists goes to those of its topic."""
    by_id = {block.id: block for block in blocks}
    found, placed = [], set()
    for entry in _plan()["chapters"]:
        own = tuple(by_id[name] for name in entry["blocks"] if name in by_id)
        placed |= {block.id for block in own}
        if own:
            intro = words.fill(entry["intro"])
            found.append(Chapter(f"chapter-{entry['id']}", words.fill(entry["title"]), intro, own))
    rest = [block for block in blocks if block.id not in placed]
    return (*found, *_of_topics(rest))


def _of_topics(blocks: Sequence[Block]) -> Iterator[Chapter]:
    topics: dict[str, list[Block]] = {}
    for block in blocks:
        topics.setdefault(block.topic, []).append(block)
    for number, (topic, own) in enumerate(topics.items(), 1):
        title = humanised(topic) or "More questions"
        for page, start in enumerate(range(0, len(own), MOST_BLOCKS), 1):
            several = f", part {page}" if len(own) > MOST_BLOCKS else ""
            part = tuple(own[start : start + MOST_BLOCKS])
            yield Chapter(f"chapter-more-{number}-{page}", f"{title}{several}", "", part)


def wanted_cuts(words: Vocabulary) -> Mapping[str, str]:
    """Return the breakdowns that readers ask for: concept -> label."""
    return {name: words.fill(label) for name, label in _plan()["cuts"].items()}


def cut_label(concept: str, words: Vocabulary) -> str:
    """Return what a breakdown is called.

    Examples
    --------
    >>> cut_label("deployment_type", Vocabulary(unit="bakery")), cut_label("oven_age", Vocabulary())
    ('Type of bakery', 'Oven age')
    """
    return wanted_cuts(words).get(concept) or _plan()["names"].get(concept, humanised(concept))
