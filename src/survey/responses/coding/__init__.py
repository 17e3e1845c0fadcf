"""Write-ins and free text, coded by frames that people decide and keep."""

from survey.responses.coding.apply import code
from survey.responses.coding.coverage import coverage
from survey.responses.coding.fold import fold_write_ins
from survey.responses.coding.frame import Code, Decision, Frame, Proposal
from survey.responses.coding.frame_file import read_coding_frame
from survey.responses.coding.frame_text import write_frame
from survey.responses.coding.propose import LEAST, propose_frame
from survey.responses.coding.reading import question_problems

__all__ = [
    "LEAST",
    "Code",
    "Decision",
    "Frame",
    "Proposal",
    "code",
    "coverage",
    "fold_write_ins",
    "propose_frame",
    "question_problems",
    "read_coding_frame",
    "write_frame",
]
