"""Invented editions: the same again on every run, one population, published marginals."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from survey.codebook import Choice, Codebook, Edition, Kind, Question, Unit, read_codebook
from survey.errors import CodebookError, SurveyError
from survey.provenance import digest_of
from survey.synthetic import choosing, simulate, sources
from survey.synthetic import published_figures as figures
from survey.synthetic.copying import carried_over
from survey.synthetic.fieldwork import MIGRATED_AT, Fieldwork
from survey.synthetic.invented_names import organization_name
from survey.synthetic.latent import blend, slots_of
from survey.synthetic.marginals import marginal, project_shares

BOOK = read_codebook()
YEARS = ("2019", "2020", "2021", "2022", "2023", "2024")
SEEDS = (7, 8, 9, 10)
ORDER = {
    concept: {label: place for place, label in enumerate(BOOK.question(concept, "2021").labels)}
    for concept in (
        "compute_cores",
        "compute_nodes",
        "compute_instances",
        "cloud_users",
        "team_size",
    )
}


@pytest.fixture(scope="module")
def editions():
    return {year: simulate(year, respondents=200, seed=7) for year in YEARS}


@pytest.fixture(scope="module")
def large():
    """Return 1,600 respondents of 2021: four populations of 400."""
    return [simulate("2021", respondents=400, seed=seed) for seed in SEEDS]


def clouds_of(made):
    return [each for each in made.truth_deployments["deployments"] if each["answers"]]


def labels(concept, edition, units):
    """Return the labels that each unit gave to a question, for those that answered."""
    question = BOOK.question(concept, edition)
    told = [each["answers"].get(question.heading) for each in units]
    return [
        [question.label_of[value] for value in ([one] if isinstance(one, str) else one)]
        for one in told
        if one
    ]


class TestSameAgain:
    def test_the_same_arguments_give_the_same_bytes(self):
        first, again = (simulate("2022", respondents=25, seed=3) for _ in range(2))
        assert first.files == again.files
        assert first.truth_deployments == again.truth_deployments

    def test_another_seed_gives_other_answers(self):
        assert (
            simulate("2022", respondents=25, seed=4).by_heading
            != simulate("2022", respondents=25, seed=3).by_heading
        )

    def test_hash_seeds_and_processes_do_not_matter(self):
        code = (
            "from survey.provenance import digest_of; from survey.synthetic import simulate;"
            "print(digest_of(simulate('2018', respondents=15, seed=3).flat))"
        )
        expected = digest_of(simulate("2018", respondents=15, seed=3).flat)
        found = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": "1"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert found.stdout.strip() == expected

    @pytest.mark.parametrize("edition", ["2019", "2024"])
    def test_the_files_in_data_raw_can_be_made_again(self, root, edition):
        made = simulate(edition, respondents=320, seed=7)
        name = next(iter(made.files))
        committed = (root / "data" / "raw" / name).read_bytes()
        assert made.by_heading == committed, "make them again: see data/raw/README.md"

    def test_written_files_have_the_exporters_names_and_a_note(self, tmp_path):
        made = simulate("2023", respondents=12, seed=3)
        written = [path.relative_to(tmp_path).as_posix() for path in made.write(tmp_path)]
        assert written == [
            "Survey_20230831120000.csv",
            "Survey_Flat_20230831120100.csv",
            "Survey_by_companies20230831120200.csv",
            "INVENTED.txt",
            "truth/2023/truth_respondents.json",
            "truth/2023/truth_deployments.json",
            "truth/2023/schema.json",
        ]
        assert (tmp_path / written[0]).read_bytes() == made.by_heading
        stored = json.loads((tmp_path / written[4]).read_text(encoding="utf-8"))
        assert stored == made.truth_respondents
        assert "invented" in (tmp_path / "INVENTED.txt").read_text(encoding="utf-8")

    def test_an_unknown_edition_is_named(self):
        with pytest.raises(CodebookError, match="2009"):
            simulate("2009")

    def test_everything_wrong_is_said_at_once(self):
        with pytest.raises(SurveyError) as error:
            simulate("2015", respondents=0, seed=-1)
        assert [problem.got for problem in error.value.problems] == [
            "edition 2015",
            "respondents = 0",
            "seed = -1",
        ]

    def test_more_questions_leave_the_others_as_they_were(self):
        edition = BOOK.edition("2022")
        kept = tuple(q for q in edition.questions if q.concept not in ("hypervisors", "workloads"))
        fewer = Codebook({**BOOK.editions, "2022": replace(edition, questions=kept)})
        whole, part = (
            simulate("2022", respondents=20, seed=3, codebook=book).truth_deployments["deployments"]
            for book in (BOOK, fewer)
        )
        for one, other in zip(whole, part, strict=True):
            asked = set(other["answers"]) - {"OtherHypervisor", "WorkloadsCategoriesOther"}
            missed = {n for n in asked if one["answers"].get(n) != other["answers"][n]}
            assert len(missed) <= len(asked) * 0.1

    @pytest.mark.parametrize("respondents", [1, 2, 60])
    def test_any_size_holds_as_many_respondents_as_asked_for(self, respondents):
        made = simulate("2018", respondents=respondents, seed=2)
        assert len(made.truth_respondents["respondents"]) == respondents


class TestNobodyReal:
    def test_every_address_ends_in_example(self, editions):
        for made in editions.values():
            lines = made.by_company.decode().splitlines()[1:]
            told = [
                each["answers"].get("Email", "a@b.example")
                for each in made.truth_respondents["respondents"]
            ]
            assert all(address.endswith(".example") for address in told)
            assert all(line.endswith(".example") for line in lines)

    def test_every_organization_is_from_the_invented_list(self, editions):
        invented = {organization_name(n, life) for n in range(3000) for life in (0, 1)}
        assert len(invented) == 6000
        for made in editions.values():
            names = {each["org_name"] for each in made.truth_respondents["respondents"]}
            assert names <= invented


class TestOnePopulation:
    def test_most_organizations_come_again(self, editions):
        found = [
            {each["org_id"] for each in made.truth_respondents["respondents"]}
            for made in editions.values()
        ]
        kept = [len(before & after) / len(before) for before, after in pairwise(found)]
        assert all(0.5 < share < 0.9 for share in kept)

    def test_names_change_by_renaming_and_takeover_alone(self, editions):
        names, taken_over = defaultdict(list), set()
        for made in editions.values():
            for each in made.truth_respondents["respondents"]:
                names[each["org_id"]].append(each["org_name"])
                taken_over |= {each["org_id"]} if each.get("merged_org_id") else set()
        changed = {org for org, given in names.items() if len(set(given)) > 1}
        assert changed - taken_over
        assert taken_over
        assert all(len(set(names[org])) == 2 for org in changed - taken_over)
        assert len(changed) < 0.2 * len(names)

    def test_clouds_keep_their_size_and_grow(self, editions):
        cores = defaultdict(dict)
        for year, made in editions.items():
            for each in clouds_of(made):
                if each["cloud_id"] and "ComputeCores" in each["answers"]:
                    told = each["answers"]["ComputeCores"]
                    cores[each["cloud_id"]].setdefault(year, ORDER["compute_cores"][told])
        moves = Counter(
            later[year] - later[before]
            for later in cores.values()
            for before, year in pairwise(YEARS)
            if before in later and year in later
        )
        total = sum(moves.values())
        assert total > 300
        assert sum(moves[step] for step in (-1, 0, 1)) > 0.93 * total
        assert moves[0] > 0.5 * total
        assert sum(step * count for step, count in moves.items()) > 0

    def test_colleagues_describe_the_same_cloud_in_other_words(self, editions):
        for made in editions.values():
            answers = {each["DeploymentID"]: each["answers"] for each in clouds_of(made)}
            pairs = [group["DeploymentIDs"][:2] for group in made.truth_deployments["duplicates"]]
            assert len(pairs) > 5
            labels = [[answers[number].get("Label") for number in pair] for pair in pairs]
            assert any(first != second for first, second in labels)

    def test_copies_carry_last_years_answers(self, editions):
        before, now = editions["2022"], editions["2023"]
        old = {each["DeploymentID"]: each for each in before.truth_deployments["deployments"]}
        copies = now.truth_deployments["carry_overs"]
        by_id = {each["DeploymentID"]: each for each in now.truth_deployments["deployments"]}
        kinds = {"exact_copy", "unchanged", "clouds_unchanged", "revised"}
        everything = [
            each["kind"]
            for made in editions.values()
            for each in made.truth_deployments["carry_overs"]
        ]
        assert copies
        assert set(everything) == kinds
        for copy in (each for each in copies if each["from_DeploymentID"] in old):
            source = old[copy["from_DeploymentID"]]["answers"]
            copied = by_id[copy["DeploymentID"]]["answers"]
            changed = set(copy.get("changed", ()))
            assert copied.keys() - source.keys() <= changed
            same = {n for n in source if n not in copy["dropped"]} - changed
            assert {n: copied[n] for n in same} == {n: source[n] for n in same}

    def test_only_forms_that_were_merely_opened_are_left_at_once(self, editions):
        for made in editions.values():
            told = {each["SurveyID"]: each for each in made.truth_respondents["respondents"]}
            for copy in made.truth_respondents["carry_overs"]:
                if copy["kind"] == "migrated_copy":
                    continue
                stamps = (told[copy["SurveyID"]][name] for name in ("Created", "LastEdited"))
                created, edited = map(datetime.fromisoformat, stamps)
                at_once = edited - created < timedelta(minutes=1)
                assert at_once == (copy["kind"] == "exact_copy")

    def test_the_migrated_copies_of_2018_bear_one_moment(self):
        made = simulate("2018", respondents=80, seed=7)
        stamps = Counter(
            (each["IsMigrated"], each["Created"] == each["LastEdited"] == f"{MIGRATED_AT}")
            for each in made.truth_respondents["respondents"]
        )
        assert stamps[True, True] == 12
        assert stamps[True, False] == stamps[False, True] == 0


def told_anew(made):
    """Return the clouds that nobody's answers of the year before were carried over to."""
    carried = {each["DeploymentID"] for each in made.truth_deployments["carry_overs"]}
    return [each for each in clouds_of(made) if each["DeploymentID"] not in carried]


class TestMarginals:
    """Against what was published, at four standard errors of a clustered sample.

    On top come the three percent of answers in which people slip: a band off, a tick forgotten.
    What stands from the year before has that year's shares and is not looked at.
    """

    DESIGN_EFFECT = 1.8
    SLIPS = 0.03

    def bound(self, share, base):
        return 4 * np.sqrt(self.DESIGN_EFFECT * share * (1 - share) / base)

    def check(self, found, expected, base):
        for label, share in expected.items():
            assert found[label] / base == pytest.approx(
                share, abs=self.bound(share, base) + self.SLIPS * max(share, 0.1)
            ), label

    @pytest.mark.parametrize(
        "concept", ["compute_cores", "deployment_stage", "upgrade_policy", "stable_branch_use"]
    )
    def test_single_choices_of_2021(self, large, concept):
        told = labels(concept, "2021", [each for made in large for each in told_anew(made)])
        shares = figures.published(concept)["2021"]
        expected = {label: share / sum(shares.values()) for label, share in shares.items()}
        self.check(Counter(one for (one,) in told), expected, len(told))

    @pytest.mark.parametrize("concept", ["releases_in_use", "ways_to_contribute"])
    def test_several_choices_of_2021(self, large, concept):
        told = labels(concept, "2021", [each for made in large for each in told_anew(made)])
        used = Counter(one for each in told for one in each)
        shares = marginal(BOOK.question(concept, "2021"), "2021").shares
        self.check(used, {label: share / 100 for label, share in shares.items()}, len(told))

    @pytest.mark.parametrize("concept", ["paas_tools", "network_drivers", "deployment_tools"])
    def test_the_one_option_that_was_published_for_2021(self, large, concept):
        told = labels(concept, "2021", [each for made in large for each in told_anew(made)])
        used = Counter(one for each in told for one in each)
        shares = figures.one_option(concept)["2021"]
        self.check(used, {label: share / 100 for label, share in shares.items()}, len(told))

    def test_shares_hold_though_everyone_chooses_something(self):
        """The most common choice keeps its share, and those without any take another."""
        choices = tuple(Choice(name, name) for name in ("common", "rare", "rarer"))
        asked = Question("q", "Q", "", Kind.MULTIPLE, Unit.DEPLOYMENT, choices)
        slots = slots_of(Codebook({"9": Edition("9", "", "assumed", (asked,))}))
        shares = {"common": 60.0, "rare": 20.0, "rarer": 5.0}
        told = [
            choosing.several(asked, shares, blend(1, slots, number, ("cloud", 0), "9"))
            for number in range(4000)
        ]
        assert all(told)
        share = sum("common" in one for one in told) / len(told)
        assert share == pytest.approx(0.60, abs=4 * np.sqrt(0.6 * 0.4 / len(told)))

    def test_projects_in_production_of_2021(self, large):
        question = BOOK.question("projects_used", "2021")
        told = [
            each["answers"][question.heading]
            for made in large
            for each in told_anew(made)
            if question.heading in each["answers"]
        ]
        found = Counter(row for each in told for row, col in each.items() if col == "Production")
        expected = {
            row.value: project_shares("projects_used", "2021", row.label)[0]
            for row in question.rows
        }
        self.check(found, expected, len(told))

    def test_net_promoter_score_of_2021(self, large):
        told = [
            int(one)
            for made in large
            for (one,) in labels(
                "likelihood_to_recommend", "2021", made.truth_respondents["respondents"]
            )
        ]
        scores = np.array([(one >= 9) - (one <= 6) for one in told], dtype=float)
        error = np.sqrt(self.DESIGN_EFFECT * scores.var() / len(scores))
        assert scores.mean() == pytest.approx(0.36, abs=4 * error)

    def test_large_clouds_have_more_of_everything(self, large):
        cores = [each for made in large for each in clouds_of(made)]
        for concept in ("compute_nodes", "compute_instances", "cloud_users", "team_size"):
            pairs = [
                (ORDER["compute_cores"][c[0][0]], ORDER[concept][o[0][0]])
                for each in cores
                if (c := labels("compute_cores", "2021", [each]))
                and (o := labels(concept, "2021", [each]))
                and o[0][0] not in BOOK.question(concept, "2021").missing_labels
            ]
            assert stats.kendalltau(*zip(*pairs, strict=True)).statistic > 0.2, concept

    def test_new_clouds_run_new_releases(self, large):
        place = {
            label: n for n, label in enumerate(BOOK.question("releases_in_use", "2021").labels)
        }
        pairs = []
        for made in large:
            for each in clouds_of(made):
                year = labels("deployment_year", "2021", [each])
                used = labels("releases_in_use", "2021", [each])
                if year and used and year[0][0].isdigit() and used[0] != ["Trunk"]:
                    newest = min(place[one] for one in used[0] if one != "Trunk")
                    pairs.append((int(year[0][0]), newest))
        assert stats.kendalltau(*zip(*pairs, strict=True)).statistic < -0.1

    def test_one_cloud_in_eight_of_2023_is_under_nine_months_old(self):
        ages = np.concatenate([ages_at_answer("2023", seed) for seed in SEEDS])
        share = np.mean(ages < 0.75)
        assert share == pytest.approx(0.12, abs=self.bound(0.12, len(ages)))

    def test_teams_shrink_over_the_editions(self):
        place = ORDER["team_size"]
        means = []
        for year in ("2020", "2025"):
            told = [
                one
                for seed in SEEDS[:2]
                for (one,) in labels(
                    "team_size", year, clouds_of(simulate(year, respondents=250, seed=seed))
                )
            ]
            means.append(np.mean([place[one] for one in told if place[one] < 6]))
        assert means[1] < means[0] - 0.1


def ages_at_answer(edition, seed):
    """Return the true age of every cloud, in years, when someone described it."""
    plans = Fieldwork(BOOK, seed, 300).plans(edition)
    return [
        plan.created.year + plan.created.timetuple().tm_yday / 366 - cloud.built
        for plan in plans
        if plan.role == "normal" and not plan.source
        for cloud in plan.clouds
    ]


class TestSources:
    def test_every_closed_question_of_every_edition_is_listed(self):
        table = sources(BOOK).set_index(["concept", "edition"])
        asked = {(q.concept, e.name) for e in BOOK for q in e.questions if q.kind.closed}
        assert set(table.index) == asked
        assert set(table["origin"]) == {"published", "partly published", "invented"}

    @pytest.mark.parametrize(
        ("concept", "edition", "origin"),
        [
            ("compute_cores", "2021", "published"),
            ("compute_cores", "2023", "invented"),
            ("operating_system", "2020", "published"),
            ("upgrade_policy", "2022", "published"),
            ("paas_tools", "2022", "partly published"),
            ("team_size", "2023", "invented"),
            ("projects_used", "2021", "published"),
            ("workloads", "2021", "invented"),
        ],
    )
    def test_some_of_them(self, concept, edition, origin):
        assert marginal(BOOK.question(concept, edition), edition).origin == origin

    def test_every_published_share_belongs_to_a_choice_of_the_form(self):
        for edition in BOOK:
            for question in edition.questions:
                if question.kind.closed and edition.name in figures.published(question.concept):
                    shares = marginal(question, edition.name).shares
                    assert shares.keys() <= set(question.labels), (edition.name, question.concept)

    def test_the_numbers_are_those_that_were_published(self, shared):
        """Every number of a table with the published figures' own file beside it."""
        with (shared / "domain" / "published_figures.csv").open(encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["year"].isdigit()]
        told = defaultdict(set)
        for row in rows:
            if row["value"].replace(".", "").isdigit():
                told[row["year"], row["question"]].add(float(row["value"]))
        for concept, edition, question in (
            ("compute_cores", "2021", "Deployment size (processor cores)"),
            ("deployment_stage", "2021", "Deployment stage"),
            ("releases_in_use", "2021", "Releases in use (multi-select)"),
            ("operating_system", "2020", "Operating system"),
            ("interacting_clouds", "2021", "Interacting clouds (multi-select)"),
            *(
                ("upgrade_policy", year, "TC: how do you upgrade your version of OpenStack")
                for year in ("2019", "2021", "2022")
            ),
            *(
                ("stable_branch_use", year, "TC: stable branch use for bugfix upgrades")
                for year in ("2019", "2021", "2022")
            ),
            *(
                (
                    "projects_contributed_to",
                    year,
                    "TC: projects the organization contributes maintenance to (contributors)",
                )
                for year in ("2019", "2021", "2022")
            ),
        ):
            used = set(figures.published(concept)[edition].values())
            assert used <= told[edition, question], (concept, edition)


def test_the_truth_is_in_the_layout_that_the_scorer_reads(shared, tmp_path):
    """Hand the truth to the scorer as a result: everything exact, nothing silently wrong."""
    made = simulate("2023", respondents=40, seed=5)
    home = tmp_path / "scorer"
    home.mkdir()
    shutil.copy(shared / "fixtures" / "score.py", home)
    written = {path.name: path for path in made.write(tmp_path / "made")}
    (home / "exporter_2023").mkdir()
    shutil.copy(written["schema.json"], home)
    results = tmp_path / "results" / "2023"
    results.mkdir(parents=True)
    for unit, key in (("respondents", Unit.RESPONDENT), ("deployments", Unit.DEPLOYMENT)):
        shutil.copy(written[f"truth_{unit}.json"], home / "exporter_2023")
        rows = getattr(made, f"truth_{unit}")[unit]
        records = [{**each, **handed_in(each["answers"]), "_org": each["org_id"]} for each in rows]
        (results / f"{key.value}s.json").write_text(json.dumps(records), encoding="utf-8")
    found = tmp_path / "found.json"
    subprocess.run(
        [sys.executable, home / "score.py", results.parent, "--editions", "2023", "--json", found],
        check=True,
        capture_output=True,
    )
    score = json.loads(found.read_text(encoding="utf-8"))["ALL"]
    assert score["exact"] == score["recoverable"] > 2000
    wrong = ("rec_silent", "rec_missing", "lost_silent", "invented")
    assert [score.get(name, 0) for name in wrong] == [0, 0, 0, 0]


def handed_in(answers):
    """Return answers as a result gives them: a country by its code."""
    return {
        name: answer["code"] if isinstance(answer, dict) and "code" in answer else answer
        for name, answer in answers.items()
    }


class TestCarriedOver:
    """What survives into an edition with other options, by a questionnaire of two questions."""

    ROWS = (Choice("r1", "r1"), Choice("r2", "r2"))
    COLUMNS = (Choice("c1", "c1"), Choice("c2", "c2"))

    def edition(self, rows, columns):
        grid = Question("grid", "Grid", "", Kind.MATRIX, Unit.DEPLOYMENT, columns, rows)
        one = Question("one", "One", "", Kind.SINGLE, Unit.DEPLOYMENT, columns)
        some = Question("some", "Some", "", Kind.MULTIPLE, Unit.DEPLOYMENT, columns)
        return Edition("9", "", "assumed", (grid, one, some))

    def test_what_has_no_counterpart_is_dropped_and_leaves_a_blank(self):
        told = {
            "grid": {"r1": "c1", "r2": "c1", "r3": "c1"},
            "one": "c2",
            "some": ("c2",),
            "gone": "x",
        }
        later = self.edition(self.ROWS, self.COLUMNS[:1])
        kept, dropped = carried_over(told, later)
        assert kept == {"grid": {"r1": "c1", "r2": "c1"}, "one": "", "some": ()}
        assert dropped == {"Grid": ("r3",), "One": ("c2",), "Some": ("c2",)}

    def test_a_cell_whose_column_is_gone_is_dropped(self):
        later = self.edition(self.ROWS, self.COLUMNS[:1])
        assert carried_over({"grid": {"r1": "c2", "r2": "c1"}}, later) == (
            {"grid": {"r2": "c1"}},
            {"Grid": ("r1",)},
        )
