"""Invented answers in the exporter's own format, with the true answers beside them."""

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
