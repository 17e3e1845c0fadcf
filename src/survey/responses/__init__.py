"""Text -> typed answers in two linked tables."""

from survey.responses.aliases import Aliases, read_aliases
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
    read_coding_frame,
    write_frame,
)
from survey.responses.column import ANOTHER
from survey.responses.consent import may_be_named
from survey.responses.data_frame import read_frame
from survey.responses.keyed_footprints import keyed_footprints
from survey.responses.linkage import (
    Evidence,
    OrganizationPair,
    propose_organizations,
    write_alias_draft,
)
from survey.responses.missing import Answered, answered
from survey.responses.naming import OrganizationNames
from survey.responses.plausibility import implausible, without_implausible
from survey.responses.pool import pool
from survey.responses.presence import Presence
from survey.responses.pseudonyms import read_key
from survey.responses.quality import Quality, quality
from survey.responses.release_facts import release_facts
from survey.responses.responses import ONE_PER_CLOUD, WITH_COPIES, Responses
from survey.responses.routing import routing_known, shown
from survey.responses.store import read_answers, write_answers
from survey.responses.upgrades import matched_clouds

__all__ = [
    "ANOTHER",
    "ONE_PER_CLOUD",
    "WITH_COPIES",
    "Aliases",
    "AnswerSetArray",
    "AnswerSetDtype",
    "Answered",
    "Code",
    "Decision",
    "Evidence",
    "Frame",
    "OrganizationNames",
    "OrganizationPair",
    "Presence",
    "Proposal",
    "Quality",
    "Responses",
    "answered",
    "clean",
    "code",
    "coverage",
    "fold_write_ins",
    "implausible",
    "keyed_footprints",
    "matched_clouds",
    "may_be_named",
    "pool",
    "propose_frame",
    "propose_organizations",
    "quality",
    "read_aliases",
    "read_answers",
    "read_coding_frame",
    "read_frame",
    "read_key",
    "release_facts",
    "routing_known",
    "shown",
    "without_implausible",
    "write_alias_draft",
    "write_answers",
    "write_frame",
]
