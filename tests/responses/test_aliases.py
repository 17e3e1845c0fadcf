"""Renames, mergers and splits by date, within and across editions."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey.errors import ResponsesError
from survey.responses import Aliases, read_aliases
from survey.responses.names import squeezed_name
from survey.responses.organizations import Respondent, organization_keys


def aliases(tmp_path: Path, text: str) -> Aliases:
    path = tmp_path / "aliases.toml"
    path.write_text(text, encoding="utf-8")
    return read_aliases(path)


def people(*known: tuple[str, str, str]) -> list[Respondent]:
    """Return respondents: edition, name, mail domain."""
    return [
        Respondent(edition, number, "", name, squeezed_name(name), (domain,) if domain else ())
        for number, (edition, name, domain) in enumerate(known)
    ]


def groups(some: list[Respondent], known: Aliases) -> list[set[int]]:
    keys = organization_keys(some, known)
    return [{n for n, key in enumerate(keys) if key == each} for each in dict.fromkeys(keys)]


def test_a_renamed_organization_is_one_in_every_edition(tmp_path: Path) -> None:
    text = '[[renamed]]\nname="Old Telco"\nto="New Telco"\nedition="2020"\ndecided=2024-01-02\n'
    some = people(
        ("2019", "Old Telco, Inc.", ""), ("2020", "NEW TELCO", ""), ("2021", "old telco", "")
    )
    assert groups(some, aliases(tmp_path, text)) == [{0, 1, 2}]
    assert groups(some, Aliases()) == [{0, 2}, {1}]


def test_an_old_name_can_become_somebody_elses(tmp_path: Path) -> None:
    text = (
        '[[renamed]]\nname="Old Telco"\nto="New Telco"\nedition="2020"\nreused="2022"\n'
        "decided=2024-01-02\n"
    )
    some = people(
        ("2019", "Old Telco", ""), ("2021", "New Telco", ""), ("2021", "Old Telco", ""),
        ("2022", "Old Telco", ""), ("2022", "New Telco", ""),
    )  # fmt: skip
    assert groups(some, aliases(tmp_path, text)) == [{0, 1, 2, 4}, {3}]


MERGER = """
[[merged]]
names = ["North Cloud", "South Cloud"]
into = "Polar Cloud"
edition = "2020"
decided = 2024-01-02

[[merged]]
names = ["Polar Cloud", "Equator Cloud"]
into = "Globe Cloud"
edition = "2022"
decided = 2024-01-02

[[same]]
names = ["South Cloud", "SüdCloud"]
decided = 2024-01-02
"""


def test_mergers_hold_from_their_edition_on_and_follow_on_each_other(tmp_path: Path) -> None:
    some = people(
        ("2019", "North Cloud", ""), ("2019", "South Cloud", ""), ("2019", "Südcloud GmbH", ""),
        ("2021", "North Cloud", ""), ("2021", "Südcloud", ""), ("2021", "Polar Cloud", ""),
        ("2021", "Equator Cloud", ""),
        ("2023", "South Cloud", ""), ("2023", "Globe Cloud", ""), ("2023", "Equator Cloud", ""),
    )  # fmt: skip
    assert groups(some, aliases(tmp_path, MERGER)) == [{0}, {1, 2}, {3, 4, 5}, {6}, {7, 8, 9}]


def test_an_organization_can_swallow_another(tmp_path: Path) -> None:
    text = '[[merged]]\nnames=["Big","Small"]\ninto="Big"\nedition="2021"\ndecided=2024-01-02\n'
    some = people(
        ("2020", "Big", ""), ("2020", "Small", ""), ("2021", "Small", ""), ("2021", "Big", "")
    )
    assert groups(some, aliases(tmp_path, text)) == [{0, 2, 3}, {1}]


def test_a_part_stands_for_itself_after_the_split(tmp_path: Path) -> None:
    text = '[[split]]\nname="Media Games"\nof="Media"\nedition="2021"\ndecided=2024-01-02\n'
    some = people(
        ("2020", "Media Games", ""), ("2020", "Media", ""), ("2021", "Media Games", ""),
        ("2021", "Media", ""),
    )  # fmt: skip
    assert groups(some, aliases(tmp_path, text)) == [{0, 1, 3}, {2}]


def test_the_nameless_belong_to_what_their_domain_stood_for_then(tmp_path: Path) -> None:
    some = people(
        ("2019", "North Cloud", "n.example"), ("2023", "Globe Cloud", "n.example"),
        ("2023", "", "n.example"), ("2019", "", "n.example"),
    )  # fmt: skip
    assert groups(some, aliases(tmp_path, MERGER)) == [{0}, {1, 2}, {3}]


def test_a_cycle_of_decisions_ends(tmp_path: Path) -> None:
    text = "".join(
        f'[[merged]]\nnames=["{a}","{a}x"]\ninto="{b}"\nedition="2020"\ndecided=2024-01-02\n'
        for a, b in (("A", "B"), ("B", "A"))
    )
    assert aliases(tmp_path, text).current("a", "2021") in ("a", "b")


def test_what_is_undecided_or_rejected_joins_nothing(tmp_path: Path) -> None:
    text = (
        '[[same]]\ndecision="undecided"\nnames=["Ab","Cd"]\nscore=0.9\nevidence=["x"]\n'
        '[[same]]\ndecision="rejected"\nnames=["Ef","Gh"]\n'
        '[[same]]\ndecision="accepted"\nnames=["Ij","Kl"]\ndecided=2024-01-02\n'
    )
    known = aliases(tmp_path, text)
    some = people(*(("2020", name, "") for name in ("Ab", "Cd", "Ef", "Gh", "Ij", "Kl")))
    assert groups(some, known) == [{0}, {1}, {2}, {3}, {4, 5}]
    assert known.distinct("ef", "gh")
    assert not known.distinct("ab", "cd")


def test_mistakes_are_told_together_and_without_names(tmp_path: Path) -> None:
    text = """
[[same]]
names = ["Secret Bank"]
decided = 2024-01-02
[[same]]
names = ["Secret Bank", "SB"]
[[merged]]
names = ["Secret Bank", "SB"]
into = "Hidden"
editon = "2022"
decided = "2024"
[[split]]
name = "!"
of = "Hidden"
edition = 2022
decision = "maybe"
[[same]]
names = ["Hush", "Hush Ltd of X"]
decided = 2024-01-02
[[distinct]]
names = ["Hush", "Hush Ltd of X"]
decided = 2024-01-02
[[joined]]
"""
    with pytest.raises(ResponsesError) as caught:
        aliases(tmp_path, text)
    said = str(caught.value)
    for expected in (
        "[[same]] 1: got names of 1", "[[same]] 2: got no decided", "did you mean 'edition'",
        "a date such as", "letters or digits", "one of accepted", "[[distinct]] 1: got names that",
        "'joined'",
    ):  # fmt: skip
        assert expected in said
    assert not any(name in said for name in ("Secret", "Hush", "Hidden"))


def test_several_files_are_read_as_one(tmp_path: Path) -> None:
    for name, names in (("a.toml", '["Ab", "Cd"]'), ("b.toml", '["Cd", "Ef"]')):
        (tmp_path / name).write_text(f"[[same]]\nnames = {names}\ndecided = 2024-01-02\n")
    known = read_aliases(tmp_path / "a.toml", tmp_path / "b.toml")
    some = people(*(("2020", name, "") for name in ("Ab", "Cd", "Ef")))
    assert groups(some, known) == [{0, 1, 2}]
    with pytest.raises(ResponsesError, match=r"nowhere\.toml"):
        read_aliases(tmp_path / "nowhere.toml")
