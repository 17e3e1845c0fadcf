"""What each question means, per edition."""

from survey.codebook.codebook import Codebook, Edition
from survey.codebook.load import read_codebook
from survey.codebook.question import Band, Choice, Kind, Missing, Question, Unit, damaged

__all__ = [
    "Band", "Choice", "Codebook", "Edition", "Kind", "Missing", "Question", "Unit", "damaged",
    "read_codebook",
]
