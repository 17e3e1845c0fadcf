"""Nothing published depends on true counts but through the perturbed ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey.disclosure import Publication, Register, protect, public
from survey.disclosure.ledger.ledger_file import Ledger
from survey.disclosure.ledger.register import Printed
from survey.disclosure.perturbation.rare_answers import Joined
from survey.estimates import (
    Estimates,
    compare,
    compare_numbers,
    median,
    nps,
    quantile,
    share,
    share_where,
    total,
    trend,
)
from survey.estimates.tabulation import Tabulation
from survey.publish import write_report
from survey.responses import ANOTHER, Responses
from survey.topics.footprint import in_classes
from tests.disclosure.surveys import invented

EDITIONS = ("2018", "2019")


@pytest.fixture(scope="module")
def answers() -> Responses:
    return invented(70, 8, EDITIONS)


def tables_of(answers: Responses) -> list[Estimates]:
    by = ["edition", "industry"]
    made = [
        share(answers, "hypervisors", by=by),
        share(answers, "organization_size", by=by),
        share(answers, "industry", by="edition", top=4),
        share(answers, "deployment_type", by="deployment_stage"),
        share(answers.where(deployment_type="Public Cloud"), "hypervisors", by="edition"),
        share(answers, "industry", by="region", nets={"Services": ["Finance", "Travel"]}),
        nps(answers, by=by),
        median(answers, "compute_cores", by=by),
        quantile(answers, "compute_cores", 0.9, by="edition"),
        total(answers, "compute_cores", by="edition"),
        compare(answers, "hypervisors", *EDITIONS),
        compare(answers, "industry", *EDITIONS, by="region"),
        compare_numbers(answers, "compute_cores", *EDITIONS),
        compare(answers, "likelihood_to_recommend", *EDITIONS),
        trend(answers, "deployment_stage"),
        share_where(answers, at_most={"compute_cores": 999}, by="edition"),
    ]
    return [
        table.named(f"{number} {table.spec.statistic}", "t") for number, table in enumerate(made)
    ]


class Recording(Register):
    """Notes the perturbed counts of each call, or answers each call with what was noted."""

    def __init__(self, noted: list[Printed] | None = None) -> None:
        super().__init__()
        self.noted: list[Printed] = []
        self.left = list(noted or ())

    def perturbed(
        self, joined: Joined, names: object, hidden: np.ndarray, least: int = 0
    ) -> Printed:
        printed = self.left.pop(0) if self.left else super().perturbed(joined, names, hidden, least)
        self.noted.append(printed)
        return printed


def scrambled(cells: Tabulation, drawn: np.random.Generator) -> Tabulation:
    """Return other true counts of the same questions in the same groups."""
    base = np.where(cells.base > 0, drawn.integers(200, 900, (len(cells.groups), 1)), 0)
    count = drawn.integers(1, 100, base.shape).clip(max=base)
    weights = drawn.uniform(0.5, 2, base.shape)
    return replace(
        cells,
        count=count,
        base=base,
        weighted_count=count * weights,
        weighted_base=base * weights,
        count_keys=drawn.integers(1, 2**63, base.shape, dtype=np.uint64),
        base_keys=drawn.integers(1, 2**63, base.shape, dtype=np.uint64),
        largest=drawn.integers(0, 40, base.shape),
        largest_other=drawn.integers(0, 40, base.shape),
        declined=drawn.integers(0, 50, len(cells.groups)),
        organizations=drawn.integers(0, 90, len(cells.organizations)),
        whole=None if cells.whole is None else scrambled(cells.whole, drawn),
    )


def without_numbers(table: Estimates, drawn: np.random.Generator) -> Estimates:
    """Return a table whose numbers, statuses and order of answers are others."""
    frame = table.frame.copy()
    for name in frame.columns.difference([*table.groups, "answer"]):
        frame[name] = frame[name].to_numpy()[drawn.permutation(len(frame))]
    if not table.ordered and not table.groups:
        frame = frame.iloc[drawn.permutation(len(frame))].reset_index(drop=True)
    return table.with_frame(frame)


def both(
    answers: Responses, seed: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[Publication, Publication]:
    """Return two publications: other true counts behind the same perturbed ones."""
    tables = tables_of(answers)
    first = Recording()
    made = protect(tables, title="T", edition="2019", register=first)
    assert len(made) == len(tables)
    assert made.withheld > 20

    drawn = np.random.default_rng(seed)
    again = public.tabulate_again
    monkeypatch.setattr(
        public, "tabulate_again", lambda table: tuple(scrambled(c, drawn) for c in again(table))
    )
    second = Recording(first.noted)
    other = protect(
        [without_numbers(table, drawn) for table in tables],
        title="T",
        edition="2019",
        register=second,
    )
    assert not second.left
    return made, other


@pytest.mark.parametrize("seed", range(3))
def test_other_true_counts_behind_the_same_perturbed_ones_print_the_same(
    answers: Responses, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, other = both(answers, seed, monkeypatch)
    for name in made.tables:
        pd.testing.assert_frame_equal(made[name].frame, other[name].frame)


def test_no_file_of_a_report_tells_more_than_the_perturbed_counts(
    answers: Responses, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Pages, scripts, charts, workbook, sentences: orders, colours and sizes of files included."""
    folders = []
    for name, made in zip("ab", both(answers, 3, monkeypatch), strict=True):
        written = write_report(made, tmp_path / name)
        folders.append({p.relative_to(tmp_path / name): p.read_bytes() for p in written})
    first, second = folders
    assert len(first) > 60
    assert first.keys() == second.keys()
    assert [str(path) for path in first if first[path] != second[path]] == []


def with_unlisted(answers: Responses, place: int) -> Responses:
    """Return answers with one record more: a cloud whose size no form lists."""
    clouds = answers.deployments
    more = clouds.iloc[[place]].assign(deployment=len(clouds) + 1, record_key=np.uint64(2**61 + 77))
    made = pd.concat([clouds, more], ignore_index=True)
    made["record_key"] = made["record_key"].astype(np.uint64)
    sizes = clouds["compute_cores"].cat.add_categories([ANOTHER])
    values = [*sizes.astype(object), ANOTHER]
    made["compute_cores"] = pd.Categorical(values, sizes.cat.categories, ordered=True)
    return replace(answers, deployments=made)


def in_production(answers: Responses, ledger: Ledger | None = None) -> tuple[Estimates, Register]:
    """Return the bands of cores by stage as published, and the register of the publication."""
    register = Register(ledger or Ledger("k"), final=True)
    table = in_classes(answers, "compute_cores", by="deployment_stage").named("cores", "footprint")
    made = protect([table], title="T", edition="2019", register=register)
    return made["cores"], register


@pytest.mark.parametrize("seed", range(4))
def test_one_unlisted_answer_more_changes_no_number_of_classes(seed: int) -> None:
    """Whether the rows are the whole is no matter of who answered; nor is it in a single issue."""
    answers = invented(260, seed)
    before, register = in_production(answers)
    assert len(before.frame) > 4
    other = with_unlisted(answers, int(answers.deployments["deployment_stage"].notna().argmax()))
    after, _ = in_production(other, register.entries("key"))
    pd.testing.assert_frame_equal(before.frame, after.frame)
    for table in (before, in_production(other)[0]):
        seen = table.frame[table.frame["status"] == "ok"]
        rows = seen.groupby("deployment_stage", observed=True)
        assert (rows["count"].sum() == rows["base"].first()).all()
