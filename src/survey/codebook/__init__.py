"""What each question means, per edition."""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
    from survey.codebook.codebook import Codebook, Edition
    from survey.codebook.diff import Change, Verdict, compare_editions, joined_choices
    from survey.codebook.footprints import PublishedFigure, read_footprints
    from survey.codebook.geography import Country, countries, country, region_of, subregion_of
    from survey.codebook.layout import Family, FileLayout, LeaveOut
    from survey.codebook.load import read_codebook
    from survey.codebook.question import (
        Band,
        Choice,
        Condition,
        Kind,
        Missing,
        Question,
        Unit,
        damaged,
    )
    from survey.codebook.vocabulary import NEUTRAL, OPENSTACK, Vocabulary, read_words

__all__ = [
    "NEUTRAL",
    "OPENSTACK",
    "Band",
    "Change",
    "Choice",
    "Codebook",
    "Condition",
    "Country",
    "Edition",
    "Family",
    "FileLayout",
    "Kind",
    "LeaveOut",
    "Missing",
    "PublishedFigure",
    "Question",
    "Unit",
    "Verdict",
    "Vocabulary",
    "compare_editions",
    "countries",
    "country",
    "damaged",
    "joined_choices",
    "read_codebook",
    "read_footprints",
    "read_words",
    "region_of",
    "subregion_of",
]

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(
        __name__,
        {
            "NEUTRAL": "vocabulary",
            "OPENSTACK": "vocabulary",
            "Band": "question",
            "Change": "diff",
            "Choice": "question",
            "Codebook": "codebook",
            "Condition": "question",
            "Country": "geography",
            "Edition": "codebook",
            "Family": "layout",
            "FileLayout": "layout",
            "Kind": "question",
            "LeaveOut": "layout",
            "Missing": "question",
            "PublishedFigure": "footprints",
            "Question": "question",
            "Unit": "question",
            "Verdict": "diff",
            "Vocabulary": "vocabulary",
            "compare_editions": "diff",
            "countries": "geography",
            "country": "geography",
            "damaged": "question",
            "joined_choices": "diff",
            "read_codebook": "load",
            "read_footprints": "footprints",
            "read_words": "vocabulary",
            "region_of": "geography",
            "subregion_of": "geography",
        },
    )
