"""What must hold of a final publication holds from Python, without the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from survey.disclosure import (
    LEDGER_FILE,
    Ledger,
    Policy,
    Profile,
    Publication,
    Register,
    note_in_ledger,
    protect,
    read_ledger,
)
from survey.errors import DisclosureError, PublishError
from survey.estimates import share
from survey.files import folders
from survey.publish import write_charts, write_report, write_workbook
from tests.disclosure.surveys import invented

ANSWERS = invented(90, 4, ("2018", "2019"))
THRESHOLD = Policy(profile=Profile.THRESHOLD)


def published(
    register: Register,
    policy: Policy | None = None,
    *,
    edition: str = "2019",
    by: str | None = None,
) -> Publication:
    table = share(ANSWERS.in_edition(edition), "industry").named("industry", "t")
    return protect([table], policy, title="Survey", edition=edition, register=register)


def test_exact_and_complete_counts_are_never_final() -> None:
    policy = Policy(profile=Profile.INTERNAL)
    with pytest.raises(DisclosureError, match="Exact counts are never published"):
        published(Register(Ledger("k"), final=True), policy)
    assert published(Register(Ledger("k")), policy).internal


def test_nothing_is_final_without_the_name_of_a_key() -> None:
    with pytest.raises(DisclosureError, match="without a key") as refused:
        published(Register(final=True))
    assert "key_name" in refused.value.problems[0].hint
    assert not published(Register()).final


def test_exact_counts_never_replace_perturbed_ones_that_readers_have() -> None:
    """Nor in the report of a later edition, if earlier answers are behind it."""
    first = Register(Ledger("k"), final=True)
    published(first, edition="2018")
    ledger = first.entries("k")
    with pytest.raises(DisclosureError, match="Exact counts never replace") as refused:
        published(Register(ledger, final=True), THRESHOLD, edition="2018")
    assert "perturbed counts of 2018" in refused.value.problems[0].got
    register = Register(ledger, final=True)
    table = share(ANSWERS.in_edition("2019"), "industry").named("industry", "t")
    with pytest.raises(DisclosureError, match="Exact counts never replace"):
        protect([table], THRESHOLD, title="S", edition="2019", answers=ANSWERS, register=register)
    assert published(Register(ledger, final=True), THRESHOLD, edition="2019").final
    assert not published(Register(ledger), THRESHOLD, edition="2018").final


def test_nothing_final_is_written_before_the_ledger(tmp_path: Path) -> None:
    register = Register(Ledger("k"), final=True)
    made = published(register)
    for write in (write_report, write_charts, lambda each, to: write_workbook(each, to / "b.xlsx")):
        with pytest.raises(PublishError, match="noted in the ledger first"):
            write(made, tmp_path)
    assert not list(tmp_path.iterdir())
    path = tmp_path / "project" / LEDGER_FILE
    ledger = note_in_ledger(register, path)
    assert read_ledger(path).text() == ledger.text() == register.entries("k").text()
    assert path.stat().st_mode & 0o077 == 0
    write_charts(made.telling(), tmp_path / "charts")
    note_in_ledger(register, path)  # once more does no harm
    later = published(register, edition="2018")
    with pytest.raises(PublishError, match="noted in the ledger first"):
        write_charts(later, tmp_path / "charts")


def test_of_two_runs_at_once_the_second_reads_the_ledger_again(tmp_path: Path) -> None:
    """Else what the first published would be in no ledger."""
    path = tmp_path / LEDGER_FILE
    first, second = (Register(Ledger("k"), final=True) for _ in range(2))
    made = [published(first, edition="2018"), published(second, edition="2019")]
    ledger = note_in_ledger(first, path)
    with pytest.raises(DisclosureError, match="cannot be noted") as refused:
        note_in_ledger(second, path)
    assert "another run" in refused.value.problems[0].hint
    assert read_ledger(path).text() == ledger.text()
    assert [each.noted.in_ledger for each in made] == [True, False]
    again = Register(read_ledger(path), final=True)
    published(again, edition="2019")
    both = note_in_ledger(again, path)
    assert {"|2018|" in name for name in both.columns} == {True, False}


def test_no_final_report_joins_those_that_its_ledger_lacks(tmp_path: Path) -> None:
    """Who lost the ledger and begins a new one would draw what was published anew."""
    path, reports = tmp_path / LEDGER_FILE, tmp_path / "reports"
    first = Register(Ledger("k"), final=True)
    made = published(first, edition="2018")
    note_in_ledger(first, path)
    write_report(made, reports)
    path.unlink()
    anew = Register(Ledger("k"), final=True)
    made = published(anew, edition="2019")
    note_in_ledger(anew, path)
    with pytest.raises(PublishError, match="older or another") as refused:
        write_report(made, reports)
    assert "a ledger without 2018" in refused.value.problems[0].got
    assert not (reports / "2019").exists()
    path.unlink()
    both = Register(first.entries("k"), final=True)
    made = published(both, edition="2019")
    note_in_ledger(both, path)
    write_report(made, reports)
    assert (reports / "2019" / "manifest.json").exists()


def test_a_ledger_of_another_key_is_not_written_over(tmp_path: Path) -> None:
    path = replace(Ledger(), key="other").write(tmp_path / LEDGER_FILE)
    register = Register(Ledger("k"), final=True)
    published(register)
    with pytest.raises(DisclosureError, match="cannot be noted"):
        note_in_ledger(register, path)
    assert read_ledger(path).key == "other"


@pytest.mark.parametrize("final", [False, True])
def test_a_question_that_there_is_not_cannot_be_corrected(final: bool) -> None:
    """It was passed over: the numbers that were meant stayed as they were."""
    register = Register(Ledger("k"), {"industri": ("2020-01-01", "why")}, final)
    with pytest.raises(DisclosureError, match="Nothing can be corrected") as refused:
        published(register)
    assert "did you mean 'industry'" in refused.value.problems[0].hint
    unasked = {"compute_cores": ("2020-01-01", "why")}
    with pytest.raises(DisclosureError, match="Nothing can be corrected"):
        published(Register(Ledger("k"), unasked, final))
    first = Register(Ledger("k"), final=True)
    cores = share(ANSWERS.in_edition("2018"), "compute_cores").named("cores", "t")
    protect([cores], title="Survey", edition="2018", register=first)
    assert published(Register(first.entries("k"), unasked, final)).final is final


def test_what_another_run_publishes_meanwhile_bars_a_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waited for the other run, and nothing was final when it began to wait."""
    draft = published(Register())

    @contextmanager
    def waiting(folder: Path) -> Iterator[None]:
        (folder / "2018").mkdir()
        (folder / "2018" / "manifest.json").write_text('{"status": "final"}')
        yield

    monkeypatch.setattr(folders, "alone_in", waiting)
    with pytest.raises(PublishError, match="never stands beside"):
        write_report(draft, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["2018"]
