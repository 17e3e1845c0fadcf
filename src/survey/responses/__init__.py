"""Text -> typed answers in two linked tables."""

from survey.responses.answer_set import AnswerSetArray, AnswerSetDtype
from survey.responses.clean import clean
from survey.responses.coding import (
    Code,
    Decision,
    Frame,
    Proposal,
    code,
    coverage,
    fold_write_ins,
    propose_frame,
    read_frame,
    write_frame,
)
from survey.responses.missing import Answered, answered
from survey.responses.pool import pool
from survey.responses.quality import Quality, quality
from survey.responses.responses import Responses
from survey.responses.store import write_answers

__all__ = [
    "AnswerSetArray",
    "AnswerSetDtype",
    "Answered",
    "Code",
    "Decision",
    "Frame",
    "Proposal",
    "Quality",
    "Responses",
    "answered",
    "clean",
    "code",
    "coverage",
    "fold_write_ins",
    "pool",
    "propose_frame",
    "quality",
    "read_frame",
    "write_answers",
    "write_frame",
]
