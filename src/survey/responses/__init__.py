"""Text -> typed answers in two linked tables."""

from survey.responses.answer_set import AnswerSetArray, AnswerSetDtype
from survey.responses.clean import clean
from survey.responses.missing import Answered, answered
from survey.responses.pool import pool
from survey.responses.quality import Quality, quality
from survey.responses.release_facts import matched_clouds, release_facts
from survey.responses.responses import ONE_PER_CLOUD, WITH_COPIES, Responses
from survey.responses.store import read_answers, write_answers

__all__ = [
    "ONE_PER_CLOUD",
    "WITH_COPIES",
    "AnswerSetArray",
    "AnswerSetDtype",
    "Answered",
    "Quality",
    "Responses",
    "answered",
    "clean",
    "matched_clouds",
    "pool",
    "quality",
    "read_answers",
    "release_facts",
    "write_answers",
]
