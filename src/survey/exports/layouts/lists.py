"""Lists that the back office exports beside the answers.

``surveys.csv`` and ``deployments.csv`` separate their cells by tabs, whatever their name says,
and are the only exports that tell whether a record was completed. ``FreeTextAnswers-*.csv``
holds the answers to one open question with the tags that staff or a program gave them; its
numbers are those of answers, which no other file has.
"""

from __future__ import annotations

from survey.exports.export import Layout
from survey.exports.layouts.heading_plan import Plan, nowhere

__all__ = ["PLANS"]

_SURVEYS = (
    "ID",
    "LastEdited",
    "Created By",
    "Organization",
    "Current Step",
    "Is Completed ?",
    "Has Deployments ?",
    "Lang",
)
_DEPLOYMENTS = (
    "ID",
    "LastEdited",
    "Created By",
    "Label",
    "Current Step",
    "Is Completed ?",
    "Lang",
)
_TABS = ("\t", ",", ";")

PLANS = (
    Plan(
        Layout.SURVEY_LIST,
        lambda edition: _SURVEYS,
        nowhere,
        keys=lambda edition: {
            "respondent": "ID",
            "edited": "LastEdited",
            "language": "Lang",
            "completed": "Is Completed ?",
            "deployment_count": "Has Deployments ?",
        },
        enough=0.75,
        delimiters=_TABS,
        names_edition=False,
        ordered=True,
    ),
    Plan(
        Layout.DEPLOYMENT_LIST,
        lambda edition: _DEPLOYMENTS,
        nowhere,
        keys=lambda edition: {
            "deployment": "ID",
            "edited": "LastEdited",
            "language": "Lang",
            "completed": "Is Completed ?",
        },
        enough=0.75,
        delimiters=_TABS,
        names_edition=False,
        ordered=True,
    ),
    Plan(
        Layout.FREE_TEXT,
        lambda edition: ("ID", "Answer", "Tags"),
        nowhere,
        keys=lambda edition: {"answer": "ID"},
        enough=0.75,
        delimiters=_TABS,
        names_edition=False,
        ordered=True,
    ),
)
