"""A few answers by hand to every kind of question, for the recorded results of counting.

Two editions; what is odd in real files is in here once: a question that one edition does not ask,
answers that it does not offer, that its files have no column for, or that no codebook lists;
write-ins, "don't know", places kept back, nobody's records, copies, and organizations with many
records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from survey.codebook import Unit
from survey.responses import Presence, Responses
from tests.estimates import builders as make
from tests.estimates.change_answers import keyed

_A, _P, _K, _J, _NONE = make.TOOLS
_NOVA, _NEUTRON = {"Nova": "Production"}, {"Nova": "Testing", "Neutron": "Production"}
ROWS: tuple[Mapping[str, Any], ...] = (
    {"edition": "2018", "organization": "a", "stage": "Production", "size": "1 to 9",
     "tools": [_A, _P], "score": "9", "drivers": ["Innovate", "Save money"], "remark": "none",
     "public": True, "projects": _NOVA, "primary_country": "DE",
     "deployment_countries": ["DE", "FR"]},
    {"edition": "2018", "organization": "a", "stage": "Testing", "size": "10 to 99",
     "tools": [_A], "public": False, "projects": _NEUTRON},
    {"edition": "2018", "organization": "a", "stage": "Production", "size": "Don't know",
     "tools": [_NONE], "deployment_countries": ["Prefer not to say"]},
    {"edition": "2018", "organization": "b", "stage": "Proof of concept", "size": "100 or more",
     "tools": [], "score": "3", "drivers": ["Other"], "primary_country": "US", "public": True},
    {"edition": "2018", "organization": "c", "stage": None, "size": None, "tools": None,
     "score": "10", "drivers": ["Avoid lock-in", "Innovate", "Save money"], "remark": "cheaper",
     "primary_country": "Prefer not to say"},
    {"edition": "2018", "organization": None, "respondent": "x", "stage": "Production",
     "size": "1 to 9", "tools": [_K], "score": "0", "deployment_countries": ["US"]},
    {"edition": "2019", "organization": "a", "stage": "Production", "size": "10 to 99",
     "tools": [_A, _J], "score": "8", "remark": "our own stage", "projects": _NOVA,
     "primary_country": "DE", "deployment_countries": ["DE", "Prefer not to say"]},
    {"edition": "2019", "organization": "a", "copied": True, "stage": "Testing",
     "size": "10 to 99", "tools": [_P, _K, _J], "projects": _NEUTRON},
    {"edition": "2019", "organization": "d", "stage": None, "size": "100 or more",
     "tools": [_J], "score": "6", "remark": "a fourth stage", "primary_country": "JP"},
    {"edition": "2019", "organization": "d", "stage": "Testing", "size": "1 to 9",
     "tools": [_A, _K], "projects": {"Cinder": "Interested"}, "deployment_countries": []},
    {"edition": "2019", "organization": "e", "stage": "Production", "size": "Don't know",
     "tools": [_NONE], "score": "7", "primary_country": "DE", "remark": "n/a",
     "deployment_countries": ["JP", "FR"]},
    {"edition": "2019", "organization": "f", "stage": "Proof of concept", "size": "1 to 9",
     "tools": [_P], "score": "10", "primary_country": "US", "deployment_countries": ["US"]},
)  # fmt: skip


@cache
def few() -> Responses:
    """Return the answers; Juju is new, nobody was asked for ``public`` or ``drivers`` in 2019."""
    listed = {"choices": make.choices(_A, _P, _K, _NONE)}
    changed: Mapping[str, Mapping[str, Mapping[str, Any] | None]] = {
        "2018": {"tools": listed, "remark": {"write_in_of": "drivers"}},
        "2019": {"public": None, "drivers": None, "remark": {"write_in_of": "stage"}},
    }
    made = keyed(make.build(ROWS, make.book(changed=changed)))
    weight = 1 + np.arange(len(ROWS), dtype=np.float64) % 4 / 2
    frame = made.deployments.assign(weight=weight, light=weight / 8)
    return made.with_frame(Unit.DEPLOYMENT, frame)


@cache
def lacking(choices: int = 1) -> Responses:
    """Return the answers whose files lack a question, some choices and a row of a matrix."""
    absent: dict[str, dict[str, tuple[str, ...]]] = {
        "2018": {"stage": (), "projects": ("Cinder",)},
        "2019": {"tools": make.TOOLS[:choices], "size": (), "projects": ("Nova",)},
    }
    return replace(few(), presence=Presence(absent))


@cache
def partly_lacking() -> Responses:
    """Return the answers of which one file of 2019 has no column for a question."""
    gone: Any = ("d0", "d6", "d7", "d8")  # the first is of the other edition
    return replace(few(), presence=Presence(partly={"2019": {"tools": gone}}))


@cache
def unlisted() -> Responses:
    """Return the answers of which two are not in the codebook of any edition, or of one."""
    stages = {"choices": make.choices("Production", "Testing")}
    few_projects = {"rows": make.choices("Nova", "Neutron")}
    changed = {
        "2018": {"stage": stages, "tools": {"choices": make.choices(_A, _P)}},
        "2019": {"stage": stages, "projects": few_projects},
    }
    return replace(few(), codebook=make.book(changed=changed))


@cache
def unlisted_first() -> Responses:
    """Return the answers of which the first is in no codebook."""
    stages = {"stage": {"choices": make.choices("Testing", "Proof of concept")}}
    return replace(few(), codebook=make.book(changed={"2018": stages, "2019": stages}))
