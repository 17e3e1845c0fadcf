"""Invented answers in the exporter's own format, with the true answers beside them."""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
    from survey.synthetic.answers import TrueAnswers, TrueDeployment, TrueRespondent
    from survey.synthetic.exporter import by_company, by_heading, flat
    from survey.synthetic.marginals import sources
    from survey.synthetic.saving import saved
    from survey.synthetic.simulation import Simulation, simulate
    from survey.synthetic.truth import truth_of_deployments, truth_of_respondents

__all__ = [
    "Simulation",
    "TrueAnswers",
    "TrueDeployment",
    "TrueRespondent",
    "by_company",
    "by_heading",
    "flat",
    "saved",
    "simulate",
    "sources",
    "truth_of_deployments",
    "truth_of_respondents",
]

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(
        __name__,
        {
            "Simulation": "simulation",
            "TrueAnswers": "answers",
            "TrueDeployment": "answers",
            "TrueRespondent": "answers",
            "by_company": "exporter",
            "by_heading": "exporter",
            "flat": "exporter",
            "saved": "saving",
            "simulate": "simulation",
            "sources": "marginals",
            "truth_of_deployments": "truth",
            "truth_of_respondents": "truth",
        },
    )
