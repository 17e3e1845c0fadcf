"""A statistic that nobody knew when this room was written is published without a line here."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from survey.disclosure import Publication, protect
from survey.errors import DisclosureError
from survey.estimates import Estimates, nps
from survey.estimates.precision.intervals import Limits
from survey.estimates.shares.nps import NPS
from survey.estimates.statistic import Arguments, Column, Noise, Public, Role, Statistic
from survey.estimates.table import Measure
from survey.estimates.tabulation import Point, Tabulation
from survey.responses import Responses
from tests.disclosure.surveys import invented


def point(table: Tabulation, arguments: Arguments) -> Point:
    """Return detractors per promoter, and in words which of them are more."""
    promoters, detractors = (table.count[:, [place]].astype(float) for place in (0, 2))
    value = np.divide(
        detractors, promoters, out=np.full(promoters.shape, np.nan), where=promoters > 0
    )
    said = np.where(detractors > promoters, "mostly critics", "mostly friends").astype(object)
    found = {
        "count": table.base[:, :1],
        "base": table.base[:, :1],
        "value": value,
        "status": table.presence[:, :1],
        "temper": said,
    }
    return Point(table.names, table.groups, ("critics per friend",), found)


def limits(table: Tabulation, arguments: Arguments, noise: Noise) -> Limits:
    value = point(table, arguments).value
    return Limits(value / 2, value * 2)


CRITICS = Statistic(
    name="critics",
    measure=Measure.RATIO,
    columns={"temper": Column(Role.TEXT, "temper", public=True, own_words=True)},
    ask_again=NPS.ask_again,
    tabulate=NPS.tabulate,
    point=point,
    public=Public(limits),
    calculates="critics per friend",
)


def critics(answers: Responses, statistic: Statistic = CRITICS) -> Estimates:
    """Return the table of the new statistic, made as verbs make theirs."""
    table = nps(answers, by="edition")
    assert table.design is not None
    assert table.arguments is not None
    (cells,) = statistic.tabulate(table.design, table.arguments)
    return dataclasses.replace(
        table.named("critics", "t"),
        frame=point(cells, table.arguments).frame(),
        spec=dataclasses.replace(table.spec, statistic="critics"),
        statistic=statistic,
        measure=Measure.RATIO,
    )


def published(table: Estimates, answers: Responses) -> Publication:
    return protect([table], title="T", edition="2019", answers=answers)


def test_a_new_statistic_is_published_from_perturbed_counts() -> None:
    answers = invented(150, 4, ("2018", "2019"))
    frame = published(critics(answers), answers)["critics"].frame
    scores = published(nps(answers, by="edition").named("nps", "t"), answers)["nps"].frame
    ratio = scores["detractors"].astype(float) / scores["promoters"].astype(float)
    assert frame["value"].to_numpy(dtype=float) == pytest.approx(ratio.to_numpy(), rel=0.06)
    assert {*frame["temper"]} <= {"mostly critics", "mostly friends"}


def test_rows_that_the_record_does_not_name_are_refused() -> None:
    answers = invented(150, 4, ("2018", "2019"))
    nameless = dataclasses.replace(CRITICS, calculates="")
    with pytest.raises(DisclosureError, match="does not list"):
        published(critics(answers, nameless), answers)


def test_what_is_no_public_column_of_the_record_does_not_stand() -> None:
    answers = invented(150, 4, ("2018", "2019"))
    silent = dataclasses.replace(CRITICS, columns={"temper": Column(Role.TEXT, "temper")})
    assert "temper" not in published(critics(answers, silent), answers)["critics"].frame
