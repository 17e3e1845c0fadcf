"""Text -> typed answers in two linked tables."""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
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

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(
        __name__,
        {
            "ANOTHER": "column",
            "ONE_PER_CLOUD": "responses",
            "WITH_COPIES": "responses",
            "Aliases": "aliases",
            "AnswerSetArray": "answer_set",
            "AnswerSetDtype": "answer_set",
            "Answered": "missing",
            "Code": "coding",
            "Decision": "coding",
            "Evidence": "linkage",
            "Frame": "coding",
            "OrganizationNames": "naming",
            "OrganizationPair": "linkage",
            "Presence": "presence",
            "Proposal": "coding",
            "Quality": "quality",
            "Responses": "responses",
            "answered": "missing",
            "clean": "clean",
            "code": "coding",
            "coverage": "coding",
            "fold_write_ins": "coding",
            "implausible": "plausibility",
            "keyed_footprints": "keyed_footprints",
            "matched_clouds": "upgrades",
            "may_be_named": "consent",
            "pool": "pool",
            "propose_frame": "coding",
            "propose_organizations": "linkage",
            "quality": "quality",
            "read_aliases": "aliases",
            "read_answers": "store",
            "read_coding_frame": "coding",
            "read_frame": "data_frame",
            "read_key": "pseudonyms",
            "release_facts": "release_facts",
            "routing_known": "routing",
            "shown": "routing",
            "without_implausible": "plausibility",
            "write_alias_draft": "linkage",
            "write_answers": "store",
            "write_frame": "coding",
        },
    )
