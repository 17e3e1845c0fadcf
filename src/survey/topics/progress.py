"""How a survey is doing while it is in the field, beside last year's on the same day.

For the office alone: numbers are exact and small, and clouds can be told apart.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd

from survey.checked import checked
from survey.codebook.geography import region_of
from survey.dataclass import dataclass
from survey.errors import EstimateError, Problem, ResponsesError
from survey.estimates import Estimates, median, nps, share
from survey.estimates.notes import RANDOM_DRAW
from survey.responses import Responses

__all__ = ["Progress", "progress"]

_LARGE = 10_000
_FEW_UNITS, _FEW_ORGANIZATIONS = 20, 5  # what a group must have to stand in a publication
_BEHIND = 0.5
_CORES = "compute_cores"
_PRODUCTION = "Production / Full Operational Use"
_NUMBERS = ("respondents", "organizations", "clouds")


@dataclass(frozen=True)
class Progress:
    """An edition in the field, beside the one before it.

    Attributes
    ----------
    edition, before, day
        The edition, the one that it is compared with, and the day up to which answers count.
    answers
        One row for respondents, organizations and clouds: this edition to date, the one before
        on the same day, both as a ratio, and the one before in the end.
    missing_clouds
        Large clouds of the edition before whose organization has not described a cloud yet:
        organization, numbers of respondent and deployment, size, region, and whether somebody of
        the organization has begun.
    regions
        Organizations and clouds to date by region of the headquarters, beside the same day of the
        edition before, and whether the region is thin.
    headlines
        Value and interval of each headline if the survey closed on that day, beside the edition
        before on the same day and in the end; ``width`` is high less low, and for medians high
        through low.
    notes
        What cannot be said.
    """

    edition: str
    before: str
    day: date
    answers: pd.DataFrame
    missing_clouds: pd.DataFrame
    regions: pd.DataFrame
    headlines: pd.DataFrame
    notes: tuple[str, ...] = ()


@checked(EstimateError)
def progress(
    answers: Responses, edition: str | None = None, *, day: date | None = None, large: int = _LARGE
) -> Progress:
    """Return how an edition in the field is doing.

    Parameters
    ----------
    answers
        Answers of the edition and of the one before it, cleaned together.
    edition
        The edition in the field; the newest by default.
    day
        Day up to which answers count, by default the last one on which any was begun.
    large
        Cores from which a cloud is large.

    Raises
    ------
    EstimateError
        If there is no edition before it, or nothing says when answers were given.

    Examples
    --------
    >>> progress(answers).answers  # doctest: +SKIP
    """
    chosen = edition or answers.editions[-1]
    earlier = [name for name in answers.editions if name < chosen]
    if chosen not in answers.editions or not earlier:
        got = f"editions {', '.join(answers.editions)}"
        expected = f"{chosen} and the edition before it"
        raise EstimateError("Nothing to compare with", [Problem("progress()", got, expected)])
    _refuse_undated(answers)
    now, whole = answers.in_edition(chosen), answers.in_edition(earlier[-1])
    last = day or now.respondents["created"].max().date()
    now, then = _up_to(now, last), _up_to(whole, _same_day(last, chosen, earlier[-1]))
    return Progress(
        chosen,
        earlier[-1],
        last,
        _counts(now, then, whole),
        _missing_clouds(now, whole, large),
        _regions(now, then),
        _headlines(now, then, whole),
        tuple(_notes(now)),
    )


def _refuse_undated(answers: Responses) -> None:
    if "created" not in answers.respondents or answers.respondents["created"].isna().all():
        problem = Problem("progress()", "answers without a day", "exports that say when they began")
        raise EstimateError("Nothing says when answers were given", [problem])


def _same_day(day: date, edition: str, before: str) -> date:
    """Return the same day of the calendar in the other edition's year."""
    years = int(edition) - int(before) if edition.isdigit() and before.isdigit() else 1
    return (pd.Timestamp(day) - pd.DateOffset(years=years)).date()


def _up_to(answers: Responses, day: date) -> Responses:
    """Return the answers that people had given by the end of a day, without untouched copies."""
    begun = answers.respondents["created"] < pd.Timestamp(day) + pd.Timedelta(days=1)
    return answers.where(begun.rename("created"), unit="respondent", label=f"begun by {day}")


def _counts(now: Responses, then: Responses, whole: Responses) -> pd.DataFrame:
    rows = []
    for name in _NUMBERS:
        today, before, end = (_number(each, name) for each in (now, then, whole))
        ratio = today / before if before else np.nan
        rows.append((name, today, before, ratio, end))
    columns = ["what", "to_date", "same_day", "ratio", "in_the_end"]
    return pd.DataFrame(rows, columns=columns)


def _own(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the records that are no untouched copies of an earlier edition's."""
    return frame[~frame["copied"].to_numpy(dtype=bool, na_value=False)]


def _number(answers: Responses, name: str) -> int:
    if name == "clouds":
        return len(_own(answers.deployments))
    people = _own(answers.respondents)
    return len(people) if name == "respondents" else int(people["organization"].nunique())


def _missing_clouds(now: Responses, whole: Responses, large: int) -> pd.DataFrame:
    columns = ["organization", "respondent", "deployment", "size", "region", "begun"]
    if not whole.available(_CORES, whole.editions[-1]):
        return pd.DataFrame(columns=columns)
    bands = whole.question(_CORES).bands
    sizes = [label for label, band in bands.items() if band.low >= large]
    clouds = _own(whole.deployments)
    clouds = clouds[clouds[_CORES].astype("string").isin(sizes) & clouds["organization"].notna()]
    back = set(_own(now.deployments)["organization"].dropna())
    begun = set(_own(now.respondents)["organization"].dropna())
    clouds = clouds[~clouds["organization"].isin(back)]
    where = _region_of_respondents(whole)
    order = {label: place for place, label in enumerate(bands)}
    found = pd.DataFrame(
        {
            "organization": clouds["organization"].astype(str),
            "respondent": clouds["respondent"].astype("int64"),
            "deployment": clouds["deployment"].astype("int64"),
            "size": clouds[_CORES].astype(str),
            "region": clouds["respondent"].map(where).fillna("unknown"),
            "begun": clouds["organization"].isin(begun),
        },
        columns=columns,
    )
    place = -found["size"].map(order).astype(float)
    return found.iloc[np.argsort(place.to_numpy(), kind="stable")].reset_index(drop=True)


def _region_of_respondents(answers: Responses) -> pd.Series[str]:
    """Return respondent -> region of the headquarters, where it is known."""
    people = answers.respondents
    if "primary_country" not in people:
        return pd.Series(dtype=object)
    codes = people["primary_country"].astype(object)
    regions = {code: region_of(code) for code in codes.dropna().unique()}
    return codes.map(regions).set_axis(people["respondent"]).dropna()


def _regions(now: Responses, then: Responses) -> pd.DataFrame:
    today, before = (_by_region(each) for each in (now, then))
    names = sorted({*today.index, *before.index})
    both = today.reindex(names, fill_value=0), before.reindex(names, fill_value=0)
    found = pd.DataFrame(
        {
            "region": names,
            "organizations": both[0]["organizations"].to_numpy(),
            "clouds": both[0]["clouds"].to_numpy(),
            "clouds_same_day": both[1]["clouds"].to_numpy(),
        }
    )
    few = (found["clouds"] < _FEW_UNITS) | (found["organizations"] < _FEW_ORGANIZATIONS)
    behind = found["clouds"] < _BEHIND * found["clouds_same_day"]
    found["thin"] = np.where(few, "too few to publish", np.where(behind, "far behind", ""))
    return found


def _by_region(answers: Responses) -> pd.DataFrame:
    clouds = _own(answers.deployments)
    region = clouds["respondent"].map(_region_of_respondents(answers))
    grouped = clouds.groupby(region.rename("region"))["organization"]
    return pd.DataFrame({"organizations": grouped.nunique(), "clouds": grouped.size()})


_HEADLINES: dict[str, Callable[[Responses], Estimates]] = {
    "cores of the median cloud": lambda answers: median(answers, _CORES),
    "people who run the median cloud": lambda answers: median(answers, "team_size"),
    "clouds in production": lambda answers: share(answers, "deployment_stage"),
    "net promoter score": nps,
}
_ANSWER = {"clouds in production": _PRODUCTION}


def _headlines(now: Responses, then: Responses, whole: Responses) -> pd.DataFrame:
    rows = []
    for name, estimate in _HEADLINES.items():
        for when, answers in (("today", now), ("same day", then), ("in the end", whole)):
            row = _headline(name, estimate, answers)
            if row is not None:
                rows.append((name, when, *row))
    return pd.DataFrame(rows, columns=["headline", "when", "base", "value", "low", "high", "width"])


def _headline(
    name: str, estimate: Callable[[Responses], Estimates], answers: Responses
) -> tuple[int, float, float, float, float] | None:
    try:
        frame = estimate(answers).frame
    except (EstimateError, ResponsesError):
        return None  # the edition does not ask it, or nobody has answered yet
    frame = frame[frame["answer"] == _ANSWER[name]] if name in _ANSWER else frame
    if not len(frame):
        return None
    row = frame.iloc[0]
    value, low, high = (float(row[key]) for key in ("value", "low", "high"))
    ratio = name.endswith("median cloud")
    width = (high / low if low else np.nan) if ratio else high - low
    return int(row["base"]), value, low, high, width


def _notes(now: Responses) -> list[str]:
    notes = [
        RANDOM_DRAW,
        "Days are those on which answers were begun; what was changed later counts as it is now.",
    ]
    if not now.available(_CORES, now.editions[-1]):
        notes.append("The file has no column for the cores of a cloud.")
    return notes
