"""Invented editions of the survey: the exporter's files, and the truth behind them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np

from survey.codebook import Codebook, Edition, Kind, Unit, read_codebook
from survey.synthetic import exporter, truth
from survey.synthetic.answers import Answer, Copy, TrueAnswers, TrueDeployment, TrueRespondent
from survey.synthetic.copying import carried_over
from survey.synthetic.describing import describe_cloud, describe_person
from survey.synthetic.fieldwork import Fieldwork, Plan
from survey.synthetic.latent import Slots, blend, slots_of
from survey.synthetic.population import organization
from survey.synthetic.saving import saved
from survey.synthetic.standing import moment_of, standing
from survey.synthetic.streams import stream
from survey.synthetic.telling import Visit, cloud_told, person_told

__all__ = ["Simulation", "simulate"]
