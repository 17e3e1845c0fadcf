"""Write-ins and free text, coded by frames that people decide and keep."""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
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

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(
        __name__,
        {
            "LEAST": "propose",
            "Code": "frame",
            "Decision": "frame",
            "Frame": "frame",
            "Proposal": "frame",
            "code": "apply",
            "coverage": "coverage",
            "fold_write_ins": "fold",
            "propose_frame": "propose",
            "question_problems": "reading",
            "read_coding_frame": "frame_file",
            "write_frame": "frame_text",
        },
    )
