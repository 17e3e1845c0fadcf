"""An edition that was read alone: what was carried over into it cannot be known, and is told."""

from __future__ import annotations

from pathlib import Path

import survey as sv
from survey.estimates import median, nps, share
from survey.estimates.examples import answers
from survey.responses import quality

RAW = Path(__file__).parents[2] / "data" / "raw"
ALONE = "2024 was read alone"


def read(*years: str) -> sv.Responses:
    files = [RAW / f"Survey_{year}0831120000.csv" for year in years]
    return sv.clean([sv.read_export(file, invented=True) for file in files])


def test_tables_of_one_edition_say_that_what_was_carried_over_counts(tmp_path: Path) -> None:
    alone, both = read("2024"), read("2023", "2024")
    for table in (share(alone, "deployment_stage"), median(alone, "compute_cores")):
        (said,) = [note for note in table.notes if ALONE in note]
        assert "Read 2023 with it" in said
        assert any(ALONE in note for note in table.for_publication().notes)
        assert "Read 2023" not in "".join(table.for_publication().notes)
    assert any(ALONE in note for note in nps(alone).notes)
    sv.responses.write_answers(both, tmp_path)
    again = sv.read_answers(tmp_path).in_edition("2024")
    for known in (both, both.where(edition="2024"), both.in_edition("2024"), again):
        assert not any("read alone" in note for note in share(known, "deployment_stage").notes)
    wanted = share(alone, "deployment_stage", include_carried_over=True)
    assert not any("read alone" in note for note in wanted.notes)


def test_what_copies_change_is_not_available_of_one_edition_alone() -> None:
    for given, status in ((read("2024"), "not available"), (read("2023", "2024"), "ok")):
        chosen = given.in_edition("2024")
        card = sv.sensitivity(chosen, share(chosen, "deployment_stage")).frame
        assert set(card.loc[card["answer"] == "with copies", "status"]) == {status}


def test_the_first_edition_of_a_codebook_has_none_before_it() -> None:
    assert not any("read alone" in note for note in share(answers(), "deployment_stage").notes)


def test_check_does_not_say_that_estimates_exclude_what_is_not_known() -> None:
    alone, both = (str(quality(read(*years))) for years in (("2024",), ("2023", "2024")))
    assert "estimates exclude them" not in alone
    assert "Give the edition before, too." in alone
    assert "estimates exclude them" in both


def test_countries_can_be_selected_by_name() -> None:
    both = read("2024")
    by_name, by_code = (both.where(primary_country=each) for each in ("Germany", "DE"))
    assert len(by_name.respondents) == len(by_code.respondents) > 0
