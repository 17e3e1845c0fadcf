"""What is refused, in words: ``python -m tests.estimates.record_refusals`` writes them anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from survey.errors import SurveyError
from survey.estimates import (
    association,
    compare,
    compare_numbers,
    contrast,
    decompose_change,
    design,
    growth_above,
    median,
    moves,
    nps,
    returner_weights,
    returners,
    sensitivity,
    share,
    total,
    transitions,
    trend,
    weighting_effect,
)
from survey.estimates.change.change_of_sums import Model, edition_sums
from tests.estimates.change_answers import CORES, INDUSTRY, NODES, STAGE, clouds, cores
from tests.estimates.recorded import Case, write

RECORD = Path(__file__).with_name("recorded_refusals.json")
PAIR = ("2018", "2019")
LATE = ("2023", "2024")
NET = {"Not yet": ["Testing", "Proof of concept"]}


def refused(verb: Callable[..., Any], *args: Any, **options: Any) -> Case:
    """Return a case that says how a call is refused."""

    def said() -> list[str]:
        try:
            found = verb(*(each() if callable(each) else each for each in args), **options)
        except (SurveyError, ValueError) as error:
            return str(error).splitlines()
        raise AssertionError(f"not refused: {found!r}")

    return said


def plain() -> Any:
    return share(clouds(), "stage")


CASES: Mapping[str, Case] = {
    "the same edition twice": refused(compare, clouds, "stage", "2019", "2019"),
    "an unknown edition": refused(compare, clouds, "stage", "2081", "2019"),
    "a rate of 0": refused(compare, clouds, "stage", *PAIR, fdr=0.0),
    "a rate of 1": refused(compare, clouds, "stage", *PAIR, fdr=1.0),
    "a denominator of shares": refused(compare, clouds, "stage", *PAIR, per="size"),
    "items of a median": refused(
        compare, clouds, "size", *PAIR, statistic="median", items=["1 to 9"], top=2, nets=NET
    ),
    "unit of a score": refused(
        compare, lambda: design(clouds(), unit="organization"), "score", *PAIR, statistic="nps",
        per="size",
    ),
    "a statistic misspelt": refused(compare, clouds, "size", *PAIR, statistic="medain"),
    "a quantile of 1": refused(compare, clouds, "size", *PAIR, statistic=1.0),
    "a ratio without a denominator": refused(compare, cores, CORES, *LATE, statistic="ratio"),
    "a denominator of a median": refused(compare_numbers, cores, CORES, *LATE, per=NODES),
    "few resamples": refused(
        compare_numbers, cores, CORES, *LATE, statistic="ratio", per=NODES, replicates=99
    ),
    "many resamples": refused(
        compare_numbers, cores, CORES, *LATE, statistic="ratio", per=NODES, replicates=10**9
    ),
    "a change of what is not banded": refused(compare_numbers, clouds, "tools", *PAIR),
    "a score that is none": refused(compare, clouds, "stage", *PAIR, statistic="nps"),
    "a trend of medians": refused(trend, cores, CORES, statistic="median"),
    "nets of totals": refused(trend, cores, CORES, statistic="total", nets=NET, top=3),
    "a trend with a rate of 2": refused(trend, clouds, "stage", fdr=2.0),
    "a trend of a text": refused(trend, clouds, "remark"),
    "no coefficient": refused(contrast, clouds, "stage", "edition", {"2018": 0.0}),
    "an unknown group": refused(contrast, clouds, "stage", "edition", {"2018": 1, "2091": -1}),
    "moves below 0": refused(moves, cores, CORES, *LATE, more_than=-1),
    "moves that are no number": refused(moves, cores, CORES, *LATE, more_than=float("nan")),
    "growth in the wrong order": refused(growth_above, cores, CORES, "2024", "2023"),
    "growth of nobody": refused(growth_above, cores, CORES, "2022", "2032"),
    "growth by edition": refused(growth_above, cores, CORES, *LATE, "edition"),
    "growth by several answers": refused(growth_above, clouds, "size", *PAIR, "tools"),
    "growth by what is twice": refused(growth_above, cores, CORES, *LATE, [STAGE, STAGE]),
    "a unit of growth": refused(growth_above, cores, CORES, *LATE, unit="respondent"),
    "a change taken apart by a rate": refused(decompose_change, cores, CORES, *LATE, fdr=0),
    "joined groups that are not there": refused(
        decompose_change, cores, CORES, *LATE, STAGE, joined={"all": ["Productoin", "x", "x"]}
    ),
    "joined without groups": refused(decompose_change, cores, CORES, *LATE, joined={"a": ["b"]}),
    "nobody came back": refused(decompose_change, cores, CORES, *LATE, attrition=STAGE),
    "one edition alone": refused(decompose_change, cores, CORES, "2024", "2024"),
    "transitions of several answers": refused(transitions, clouds, "tools", *PAIR),
    "returners of an unknown edition": refused(returners, clouds, "2018", "2020"),
    "weights by several answers": refused(returner_weights, clouds, *PAIR, by="tools"),
    "groups that are not there": refused(share, clouds, "stage", ["stages", "edition", "edition"]),
    "groups that are texts": refused(share, clouds, "stage", "remark"),
    "shares of a text": refused(share, clouds, "remark"),
    "shares of a misspelt question": refused(share, clouds, "stge"),
    "items that are not there": refused(share, clouds, "stage", items=["Prodution"]),
    "nets of nothing": refused(share, clouds, "stage", nets={"none": []}, top=0),
    "a median of answers": refused(median, clouds, "stage"),
    "a total of percentages": refused(total, cores, "it_share_on_openstack"),
    "a score by what is not there": refused(nps, clouds, "stge"),
    "an association of texts": refused(association, clouds, "remark", "stage"),
    "a card of an association": refused(
        sensitivity, cores, lambda: association(cores(), CORES, NODES)
    ),
    "a card of a card": refused(
        sensitivity, clouds, lambda: sensitivity(clouds(), plain())
    ),
    "weights of a table by hand": refused(
        weighting_effect, lambda: replace(plain(), design=None), "weight"
    ),
    "a column that is not there": refused(lambda: plain()["valu"]),
    "columns that are numbers": refused(lambda: plain()[[1]]),
    "a wide table of nothing": refused(lambda: plain().wide("vlaue")),
    "sums of what is not banded": refused(
        lambda: edition_sums(design(clouds()), "stage", PAIR, None, Model("average"))
    ),
    "industry of clouds": refused(share, cores, INDUSTRY, "edition", unit="cloud"),
}  # fmt: skip


if __name__ == "__main__":
    write(RECORD, CASES)
