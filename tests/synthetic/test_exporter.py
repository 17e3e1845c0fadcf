"""What an export keeps and loses of any true answers, checked by a reader of its own."""

from __future__ import annotations

from dataclasses import replace

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.codebook import Choice, Edition, Kind, Question, Unit, read_codebook
from survey.synthetic import (
    TrueAnswers,
    TrueDeployment,
    TrueRespondent,
    by_company,
    by_heading,
    flat,
    saved,
    simulate,
    truth_of_deployments,
    truth_of_respondents,
)
from survey.synthetic.dialect import image
from tests.synthetic.decode import read
from tests.synthetic.replay import cells, table
from tests.synthetic.strategies import TEXTS, true_answers

BOOK = read_codebook()
OBSERVED = [BOOK.edition(name) for name in ("2017", "2018", "2019")]
CASES = max(300, hypothesis.settings.default.max_examples)
WHEN = "2019-05-01 10:00:00"


def person(number, clouds=(), **answers):
    return TrueRespondent(
        number, 70_000, "a@b.example", WHEN, WHEN, answers=answers, deployments=tuple(clouds)
    )


def cloud(number, **answers):
    return TrueDeployment(number, answers)


def plain(question, answer):
    """Return a true answer in a form to compare: sets where order means nothing."""
    if question.kind is Kind.MULTIPLE:
        return frozenset(answer)
    if question.kind is Kind.COUNTRY:
        return answer["code"] if isinstance(answer, dict) else answer
    return tuple(answer) if isinstance(answer, list | tuple) else answer


def check(questions, truth, found, account=None):
    """Compare one unit's truth with what a file says, loss by loss."""
    for question in questions:
        name = question.heading
        told, lost = truth["answers"].get(name), truth["lost"].get(name)
        got = found.get(name)
        if name == "Email" and account is not None and (told is None or lost):
            assert got == account if told is None or told == "0" else got == lost["residue"]
        elif told is None:
            assert got is None
        elif lost is None:
            assert plain(question, got) == plain(question, told), name
        elif lost["reason"] in ("zero_blanked", "zero_not_stored", "last_survey"):
            assert got is None
        elif lost["reason"] == "text_ambiguous":
            assert got == lost["residue"] == image(told)
            assert got != told or any(mark in told for mark in ("-", r"\n", r"\t"))
        elif lost["reason"] == "truncated":
            assert set(lost["residue"]) < set(told)
            assert set(lost["residue"]) <= set(got)
            assert len("|".join(got).encode()) == 1024
        else:
            pytest.fail(f"no rule for {lost}")


def check_files(answers):
    """Compare both layouts with the truth and with each other."""
    people, clouds = truth_of_respondents(answers), truth_of_deployments(answers)
    stored, edition = saved(answers), answers.edition
    surveys, deployments = read(edition, by_heading(stored), flat=False)
    assert list(surveys) == [each["SurveyID"] for each in people["respondents"]]
    in_file = [each for each in clouds["deployments"] if each["in_file"]]
    assert set(deployments) == {each["DeploymentID"] for each in in_file}
    for each in people["respondents"]:
        found = surveys[each["SurveyID"]]
        check(edition.of_unit(Unit.RESPONDENT), each, found, each["AccountEmail"])
    for each in in_file:
        check(edition.of_unit(Unit.DEPLOYMENT), each, deployments[each["DeploymentID"]])
    same(edition, (surveys, deployments), read(edition, flat(stored), flat=True))


def same(edition, usual, spread):
    for one, other in zip(usual, spread, strict=True):
        assert one.keys() == other.keys()
        for number in one:
            for question in edition.questions:
                first, second = (found[number].get(question.heading) for found in (one, other))
                if question.kind is Kind.MULTIPLE and first and second:
                    first, second = set(first), set(second)
                assert first == second, question.heading


@hypothesis.settings(max_examples=CASES)
@given(st.sampled_from(OBSERVED).flatmap(true_answers))
def test_the_truth_says_exactly_what_the_file_keeps(answers):
    check_files(answers)


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_every_record_stays_on_one_line(texts):
    edition = OBSERVED[2]
    people = [person(n, WhatDoYouLikeMost=text) for n, text in enumerate(texts, start=1)]
    content = by_heading(TrueAnswers(edition, tuple(people)))
    assert content.count(b"\n") == 1 + len(texts)
    found = [cells(line)[26] for line in content.decode().split("\n")[1:-1]]
    assert found == [image(text) for text in texts]


def without_odd_answers(answers):
    """Return the answers without those that make a row longer than the heading line."""
    known = answers.edition.by_heading

    def usual(given):
        return {
            name: answer
            for name, answer in given.items()
            if name in known and (answer or known[name].kind is not Kind.MULTIPLE)
        }

    people = tuple(
        replace(
            each,
            answers=usual(each.answers),
            deployments=tuple(replace(c, answers=usual(c.answers)) for c in each.deployments),
        )
        for each in answers
    )
    return replace(answers, respondents=people)


@pytest.mark.parametrize("edition", ["2017", "2018", "2019", "2023"])
def test_an_invented_edition_and_its_truth_agree(edition):
    made = simulate(edition, respondents=60, seed=3)
    check_files(without_odd_answers(made.answers))


def test_an_invented_edition_holds_what_exports_leave_out():
    made = simulate("2023", respondents=120, seed=3)
    header, *rows = table(made.by_heading)
    surveys = {int(row[0]) for row in rows}
    clouds = {int(row[header.index("DeploymentID")] or 0) for row in rows}
    people, told = made.truth_respondents, made.truth_deployments
    silent = {each["SurveyID"] for each in people["not_exported"]}
    reasons = {each["reason"] for each in people["not_exported"]}
    assert reasons == {"no_answers", "member_deleted"}
    assert not surveys & (silent | set(people["test_surveys_excluded"]))
    own = {each.deployment for p in made.answers for each in p.deployments if not p.test}
    tests = set(told["test_deployments_excluded"])
    assert tests & own
    assert not clouds & tests
    assert not clouds & {each["DeploymentID"] for each in told["not_exported"]}
    assert told["not_exported"]


@pytest.mark.parametrize(
    ("edition", "file", "unit", "reason", "column"),
    [
        ("2017", "flat", "respondents", "flat_blank_answer", "SurveyID"),
        ("2018", "by_heading", "deployments", "orphan_answer", "DeploymentID"),
        ("2019", "by_heading", "deployments", "orphan_answer", "DeploymentID"),
    ],
)
def test_the_truth_names_the_rows_that_are_longer(edition, file, unit, reason, column):
    made = simulate(edition, respondents=80, seed=3)
    header, *rows = table(getattr(made, file))
    longer = {int(row[header.index(column)]) for row in rows if len(row) > len(header)}
    named = getattr(made, f"truth_{unit}")["shifted_rows"][reason]
    numbers = [each if isinstance(each, int) else each[column] for each in named]
    assert longer == set(numbers)
    assert longer


class TestKnownFaults:
    """One example for each fault of the exporter."""

    def export(self, *people, edition="2019", write=by_heading):
        rows = table(write(saved(TrueAnswers(BOOK.edition(edition), people))))
        return rows[0], [dict(zip(rows[0], row, strict=False)) for row in rows[1:]], rows[1:]

    def test_nobody_gives_an_empty_file(self):
        assert by_heading(TrueAnswers(BOOK.edition("2019"), ())) == b""

    def test_the_last_survey_loses_its_deployments(self):
        people = [person(n, [cloud(n + 1, Label="x")], FirstName="A") for n in (1, 11)]
        assert [row["DeploymentID"] for row in self.export(*people)[1]] == ["2", ""]

    def test_a_deployments_zero_is_blank_and_a_respondents_is_not(self):
        one = person(1, [cloud(2, IsPublic="0", Label="0")], NetPromoter="0", FirstName="0")
        row = self.export(one, person(9, FirstName="B"))[1][0]
        found = [row[name] for name in ("NetPromoter", "FirstName", "IsPublic")]
        assert found == ["0", "", ""]

    def test_the_last_country_gives_the_continent(self):
        one = person(1, UserCountry="DE", PrimaryCountrySydney="OM")
        two = person(2, UserCountry="DE")
        rows = self.export(one, two)[1]
        assert [row["Continent"] for row in rows] == ["", "Europe"]
        assert rows[0]["PrimaryCountrySydney"] == "Oman"

    def test_an_answer_without_a_column_makes_the_row_longer(self):
        one = person(1, [cloud(2, Label="x", Gone=("a", "b"))], FirstName="A")
        header, _, rows = self.export(person(0, FirstName="Z"), one, person(9, FirstName="B"))
        assert [len(row) - len(header) for row in rows] == [0, 1, 0]
        assert rows[1][-1] == "a|b"

    def test_such_an_answer_in_the_first_row_gets_a_heading(self):
        one = person(1, [cloud(2, Label="x", Gone="a")], FirstName="A")
        header, _, rows = self.export(one, person(9, FirstName="B"))
        assert header[-1] == "Gone"
        assert len(rows[1]) == len(header) - 1

    def test_a_blank_answer_shifts_a_flat_row_of_2017_alone(self):
        for edition, name, shift in (
            ("2017", "OpenStackActivity", 1),
            ("2018", "OpenStackActivitySydney", 0),
        ):
            people = person(1, FirstName="A"), person(2, **{name: (), "FirstName": "B"})
            header, _, rows = self.export(*people, edition=edition, write=flat)
            assert [len(row) - len(header) for row in rows] == [0, shift]

    def test_a_blank_ranking_is_zero_throughout(self):
        one = person(1, BusinessDrivers=(), FirstName="A")
        row = self.export(one, write=flat)[1][0]
        drivers = [cell for name, cell in row.items() if name.startswith("BusinessDrivers - ")]
        assert drivers == ["0"] * 8

    def test_a_doubled_option_is_written_twice(self):
        one = person(1, [cloud(2, VendorProductsHardware=("IBM", "HPE", "HPE"))], FirstName="A")
        row = self.export(one, person(9, FirstName="B"), edition="2018")[1][0]
        assert row["VendorProductsHardware"] == "HPE|HPE|IBM"

    def test_a_long_list_is_cut_to_1024_bytes(self):
        every = tuple(c.value for c in BOOK.question("projects_contributed_to", "2019").choices)
        one = person(1, [cloud(2, TCProjectsContributedTo=every)], FirstName="A")
        row = self.export(one, person(9, FirstName="B"))[1][0]
        assert len(row["TCProjectsContributedTo"].encode()) == 1024

    def test_what_no_known_edition_asks_is_lost_too(self):
        choices = (Choice("a", "a"), Choice("b", "b"), Choice("x:y", "x:y"))
        rank = Question("rank", "Rank", "", Kind.RANKING, Unit.DEPLOYMENT, choices)
        grid = Question("grid", "Grid", "", Kind.MATRIX, Unit.DEPLOYMENT, choices, choices)
        own = Question("own", "Own", "", Kind.MATRIX, Unit.RESPONDENT, choices, choices)
        edition = Edition("9", "", "assumed", (own, rank, grid))
        clouds = [cloud(2, Rank=("b", "a"), Grid={"a": "b", "x:y": "a"})]
        answers = TrueAnswers(edition, (person(1, clouds, Own={"b": "a"}), person(9, Own={})))
        header, row, _ = table(by_heading(answers))
        found = dict(zip(header, row, strict=True))
        assert [found[name] for name in ("Own", "Rank", "Grid - a", "Grid - x:y")] == [
            "2:1",
            "a|b",
            "b",
            "",
        ]
        told = truth_of_respondents(answers)["lost_by_exporter"]
        told += truth_of_deployments(answers)["lost_by_exporter"]
        assert {each["Name"]: each["reason"] for each in told} == {
            "Own": "option_numbers",
            "Rank": "rank_lost",
            "Grid": "colon_dropped",
        }

    def test_a_flat_list_loses_the_option_that_is_cut(self):
        choices = tuple(Choice(letter * 600, letter) for letter in "ab")
        asked = Question("q", "Q", "", Kind.MULTIPLE, Unit.DEPLOYMENT, choices, flat=True)
        edition = Edition("9", "", "assumed", (asked,))
        clouds = [cloud(2, Q=tuple(choice.value for choice in choices))]
        people = person(0, Old="x"), person(1, clouds, Old="x"), person(9, Old="x")
        header, _, row, _ = table(flat(TrueAnswers(edition, people)))
        assert len(row) == len(header)
        assert row[header.index("Q - " + "a" * 600)] == "1"
        assert row[header.index("Q - " + "b" * 600)] == ""

    def test_tests_deleted_accounts_and_silent_surveys_are_left_out(self):
        people = (
            person(1, FirstName="A"),
            person(2),
            TrueRespondent(3, 1, "t@b.example", WHEN, WHEN, answers={"FirstName": "T"}, test=True),
            TrueRespondent(
                4, 1, "d@b.example", WHEN, WHEN, answers={"FirstName": "D"}, member_deleted=True
            ),
            person(5, FirstName="0"),
        )
        assert [row["SurveyID"] for row in self.export(*people)[1]] == ["1"]

    def test_organizations_are_listed_without_regard_to_case(self):
        people = [person(n, Organization=name) for n, name in enumerate(["b, x", "A", "", "É"], 1)]
        header, _, rows = self.export(*people, write=by_company)
        assert header == ["SurveyID", "Org", "Email"]
        assert [row[1] for row in rows] == ["", "A", "b- x", "É"]
