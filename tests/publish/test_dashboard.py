"""The dashboard as files: complete, offline, escaped, the same bytes each time."""

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

import pytest

from survey.codebook import read_codebook
from survey.disclosure import Policy, protect
from survey.disclosure.release_plan import Fate, PlannedTable
from survey.errors import PublishError
from survey.estimates import share
from survey.estimates.notes import PARTS_NEED_NOT_ADD_UP, RANDOM_DRAW
from survey.estimates.table import Measure
from survey.publish.chart_json import plain
from survey.publish.dashboard import write_dashboard
from survey.publish.dashboard.blocks import blocks_of
from survey.publish.dashboard.chapter_page import chapter_page
from survey.publish.dashboard.chapters import MOST_BLOCKS
from survey.publish.dashboard.context import Context
from survey.publish.dashboard.findings import finding_of
from survey.publish.dashboard.other_pages import glossary_page
from survey.publish.dashboard.plotly_bundle import ORDER, plotly_in_steps
from survey.publish.dashboard.start_page import start_page
from survey.publish.headlines import Headline, _certain, _change, headlines
from survey.publish.html import HTML, element
from survey.publish.publisher import Publisher
from survey.publish.rows import records_of, rows_of
from tests.disclosure.surveys import invented
from tests.publish import chart_builders as build
from tests.publish import workbook_builders as make

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = build.everything()
CARDS = (
    Headline("Cores <in> all", "45 million", "40 to 50 million", "267 deployments", "total_cores"),
)
VOID = {"meta", "link", "input"}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "data:",
    "connect-src": "'none'",
}


class Page(HTMLParser):
    """Collects elements, and fails on markup that does not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: dict[str, list[str]] = {}
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open:
            self.words.setdefault(self.open[-1], []).append(data)

    def having(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.elements if name in attrs]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("dashboard")
    write_dashboard(PUBLISHED, out, CARDS, downloads=(("survey.xlsx", "the workbook"),))
    return out


@pytest.fixture(scope="module")
def pages(folder):
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}
    return {name: Page(text) for name, text in texts.items()}


@pytest.fixture(scope="module")
def records(folder):
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in folder.glob("blocks/*.json")
        if path.stem != "index"
    }


def handed_over(path):
    """Return what a data script hands to the page."""
    text = path.read_text(encoding="utf-8")
    name, _, value = text.removeprefix("survey.give(").removesuffix(");\n").partition(", ")
    return json.loads(name), json.loads(value)


def views_of(folder, record):
    """Return all views of a block, those loaded on demand included."""
    found = {view["name"]: view for view in record["views"]}
    for file in set(record["apart"].values()):
        name, views = handed_over(folder / "data" / f"{file}.js")
        assert name == file
        found |= {view["name"]: view for view in views}
    return found


# ---------------------------------------------------------------- blocks


def test_every_table_is_a_view_of_one_block(folder, records):
    named = Counter()
    for record in records.values():
        views = views_of(folder, record)
        assert set(views) == {*record["labels"], *record["edition_views"]}
        shown = {view["table_name"] for name, view in views.items() if name in record["labels"]}
        named.update(shown)
    assert set(named) == set(PUBLISHED.tables)
    assert set(named.values()) == {1}


def test_a_chapter_has_at_most_ten_blocks_and_every_block_one_chapter(folder, pages):
    index = json.loads((folder / "blocks" / "index.json").read_text(encoding="utf-8"))
    placed = [block["id"] for chapter in index["chapters"] for block in chapter["blocks"]]
    assert len(placed) == len(set(placed)) == len(blocks_of(PUBLISHED))
    for chapter in index["chapters"]:
        assert 0 < len(chapter["blocks"]) <= MOST_BLOCKS
        on_page = pages[chapter["page"]].having("data-block")
        assert on_page == [block["id"] for block in chapter["blocks"]]
        assert all(block["alternative"] for block in chapter["blocks"])


def test_views_hold_the_protected_rows(folder, records):
    """The same number, status and interval in every view as in its table."""
    for record in records.values():
        for name, view in views_of(folder, record).items():
            if name not in record["labels"]:
                continue
            table = PUBLISHED[view["table_name"]]
            keys = [column["key"] for column in view["table"]["columns"]]
            rows = [
                row
                for row in rows_of(table)
                if not name.startswith("now")
                or table.groups != ("edition",)
                or row.group == ("2024",)
            ]
            for cells, row in zip(view["table"]["rows"], rows, strict=True):
                held = dict(zip(keys, cells, strict=True))
                assert held["status"] == str(row.status)
                for figure in ("value", "low", "high", "count", "base"):
                    number = plain(getattr(row, figure))
                    found = held.get(figure)
                    assert (None if found is None else found[0]) == pytest.approx(number)


def test_an_edition_and_a_pair_show_the_rows_of_the_table_over_editions(folder, records):
    record = records["compute_cores_by_edition"]
    assert record["edition_views"][:2] == ["edition-2019", "edition-2020"]
    views = views_of(folder, record)
    assert views["compare-2019-2022"]["title"].endswith(", 2019 and 2022")
    table = PUBLISHED["compute_cores_by_edition"].frame
    for name, editions in (("edition-2021", ["2021"]), ("compare-2019-2022", ["2019", "2022"])):
        rows = table[table["edition"].isin(editions)]
        keys = [column["key"] for column in views[name]["table"]["columns"]]
        place = keys.index("value")
        found = [row[place] and row[place][0] for row in views[name]["table"]["rows"]]
        assert found == pytest.approx([None if v != v else v for v in rows["value"]])


def test_the_first_tab_is_this_edition_even_if_only_all_editions_were_tabulated(records):
    first = records["compute_cores_by_edition"]["views"][0]
    assert (first["name"], first["tab"], first["chart"]) == ("now", "now", "bars")
    assert first["figure"]["layout"]["xaxis"]["ticksuffix"]


def test_breakdowns_are_loaded_on_demand_and_others_say_why_not(records):
    offered = {cut["name"] for r in records.values() for cut in r["cuts"] if cut["offered"]}
    assert {"region", "size"} <= offered
    for record in records.values():
        for cut in record["cuts"]:
            assert bool(cut["reason"]) is not cut["offered"]


def test_tiny_rows_fold_where_there_are_many(tmp_path):
    rows = [make.share_row(f"Answer {n}", 0.2 if n < 3 else 0.004, 500.0) for n in range(12)]
    rows[5] |= {"status": "suppressed"}
    tables = (make.table("many", rows), make.table("few", rows[:6]))
    write_dashboard(make.publication(*tables), tmp_path)
    many, few = (
        json.loads((tmp_path / "blocks" / f"{n}.json").read_text()) for n in ("many", "few")
    )
    folded = many["views"][0]["folded"]
    assert len(folded) == 8
    assert not {"Answer 0", "Answer 5"} & set(folded), "what is withheld can be any value"
    assert few["views"][0]["folded"] == []


def test_what_can_be_compared_is_what_is_published(tmp_path):
    rows = [
        make.share_row(band, share, 400.0)
        for band, share in zip(make.BANDS, make.BANDS_2021, strict=True)
    ]
    write_dashboard(make.publication(make.table("compute_cores", rows)), tmp_path)
    _, (question,) = handed_over(tmp_path / "data" / "compare.js")
    assert (question["id"], question["kind"]) == ("compute_cores", "size")
    assert [row["edge"] for row in question["rows"]] == [10.0**step for step in range(7)]
    third = question["rows"][2]
    assert third["share"] == pytest.approx(0.28)
    assert (third["below"], third["above"]) == ("23\xa0%", "49\xa0%")
    rows[1] |= {"status": "suppressed"}
    write_dashboard(make.publication(make.table("compute_cores", rows)), tmp_path)
    _, (question,) = handed_over(tmp_path / "data" / "compare.js")
    assert question["rows"][2]["below"] == "", "a sum with a hole would be wrong"
    assert question["rows"][1]["text"] == "withheld"


# ---------------------------------------------------------------- findings


def shares(*rows, several=True):
    return make.publication(make.table("tools", rows, several=several, title="Tools"))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("Ansible", 0.6, "ok"), ("Puppet", 0.2, "ok")], "Tools: most often “Ansible”, 60 %"),
        ([("Ansible", 0.3, "ok"), ("Puppet", 0.28, "ok")], "Tools"),
        ([("Ansible", 0.6, "ok"), ("Puppet", 0.2, "suppressed")], "Tools"),
        ([("Ansible", 0.6, "imprecise"), ("Puppet", 0.2, "ok")], "Tools"),
        ([("A " * 40, 0.6, "ok"), ("Puppet", 0.2, "ok")], "Tools"),
    ],
    ids=["clear", "overlap", "one withheld", "imprecise", "too long"],
)
def test_a_title_says_who_leads_only_where_that_is_clear(rows, expected):
    published = shares(*(make.share_row(a, share, 300.0, status) for a, share, status in rows))
    (block,) = blocks_of(published)
    assert finding_of(block).replace("\xa0", " ") == expected


def test_a_title_says_what_changed_only_where_that_is_clear():
    (block,) = blocks_of(make.publication(make.differences()))
    assert re.match(r"Compute cores.*: .* (rose|fell) by \d", finding_of(block)) or (
        finding_of(block) == block.main.title
    )


def test_a_title_says_the_median_of_bands_and_the_number_of_a_single_answer():
    bands = make.table(
        "compute_cores",
        make.bands_by_edition()
        .frame.query("edition == '2024'")
        .drop(columns="edition")
        .to_dict("records"),
        title="Cores",
    )
    medians = build.medians()
    both = make.publication(
        bands, replace(medians, spec=replace(medians.spec, concept="compute_cores"))
    )
    (block,) = blocks_of(both)
    assert finding_of(block).replace("\xa0", " ") == "Cores: median about 41,000 cores"
    rows = [
        make.share_row("within 9 months", 0.1 + 0.01 * n, 300, edition=e)
        for n, e in enumerate(make.EDITIONS)
    ]
    (block,) = blocks_of(make.publication(make.table("new", rows, by=("edition",), title="New")))
    assert finding_of(block).replace("\xa0", " ") == "New: about 15 %"


def test_changes_of_numbers_stand_under_over_time(tmp_path):
    rows = make.bands_by_edition().frame.query("edition == '2024'").drop(columns="edition")
    bands = make.table("compute_cores", rows.to_dict("records"), title="Cores")
    changed = {"answer": "median", "count": 9, "base": 9, "value": 1.0, "low": 0.5, "high": 2.0,
               "status": "ok", "earlier": 3.0, "later": 4.0, "verdict": "clear change"}  # fmt: skip
    change = make.table("change", [changed], measure=Measure.NUMBER, statistic="compare_numbers")
    options = (("earlier", "2023"), ("later", "2024"), ("statistic", "median"))
    spec = replace(change.spec, concept="compute_cores", options=options)
    (block,) = blocks_of(make.publication(bands, replace(change, spec=spec)))
    (view,) = [view for view in block.views if view.table.name == "change"]
    assert (view.name, view.tab, view.label) == (
        "time-change-median", "time", "Change of the median",
    )  # fmt: skip


def test_changes_of_numbers_by_group_are_named_by_the_number():
    row = {**make.share_row("total", 0.5, 90.0, region="Asia"), "verdict": "clear change"}
    change = make.table("change", [row], measure=Measure.NUMBER, statistic="compare_numbers",
                        by=("region",))  # fmt: skip
    spec = replace(change.spec, options=(("statistic", "total"),))
    (block,) = blocks_of(make.publication(replace(change, spec=spec)))
    assert block.views[0].label == "Change of the total"


def test_a_breakdown_that_only_exact_counts_can_give_is_not_published():
    block = Context(PUBLISHED, Publisher()).blocks[0]
    about = ("Cores", "", block.concept, ("industry",), ("2024",))
    here = {each: getattr(PUBLISHED, each) for each in ("tables", "edition", "vocabulary")}
    internal = PlannedTable("cores", *about, Fate.INTERNAL, "it needs exact counts")
    withheld = replace(internal, fate=Fate.WITHHELD, reason="too few answered")
    for entry, reason in ((internal, "this publication has no such table of any question"),
                          (withheld, "too few answered")):  # fmt: skip
        context = Context(SimpleNamespace(plan=(entry,), **here), Publisher())
        assert context.why_not(block, "industry") == reason


def test_why_a_question_is_not_broken_down_says_whether_others_are_and_whom_it_was_asked_of():
    by_stage = make.table("by_stage", [make.share_row("a", 0.2, 900.0, deployment_stage="b")],
                          by=("deployment_stage",))  # fmt: skip
    plain = make.table("plain", [make.share_row("a", 0.2, 900.0)])
    context = Context(make.publication(by_stage, plain), Publisher())
    mine, people = (SimpleNamespace(concept=name, cuts=()) for name in ("hypervisors", "industry"))
    assert context.why_not(mine, "deployment_stage") == (
        "published for other questions, not for this one"
    )
    assert context.why_not(mine, "region") == "this publication has no such table of any question"
    assert context.why_not(people, "deployment_stage") == (
        "it was asked of respondents, and this describes deployments"
    )


def test_the_glossary_explains_what_is_counted_and_why_n_differs():
    page = glossary_page(Context(PUBLISHED, Publisher()))
    words = page.split("<dt>deployment</dt>")[1]
    assert words.startswith("<dd>A cloud as one respondent described it. ")
    assert "<dt>why n differs</dt><dd>Public counts are changed by a few" in page


def test_breakdowns_that_no_question_of_a_page_has_can_be_read_but_not_chosen():
    by_stage = make.table("by_stage", [make.share_row("a", 0.2, 900.0, deployment_stage="b")],
                          by=("deployment_stage",))  # fmt: skip
    context = Context(make.publication(by_stage), Publisher())
    page = chapter_page(context.chapters[0], context)
    options = re.findall(r'<option value="(\w+)"( disabled)?>([^<]*)', page.split("choose-by")[2])
    assert ("deployment_stage", "", "Stage") in options
    assert ("region", " disabled", "Region: not on this page") in options


# ---------------------------------------------------------------- start page


def test_who_took_part_is_counted_in_shares_of_this_edition_alone():
    panel = make.table("panel", [make.share_row("grew", 0.2, 9_999.0)], statistic="growth_above")
    other = make.table(
        "other", [make.share_row("a", 0.2, 8_888.0, edition="2019")], by=("edition",)
    )
    mine = make.table("mine", [make.share_row("a", 0.2, 417.0)])
    page = Page(start_page(Context(make.publication(panel, other, mine), Publisher()), ()))
    took = "417 deployments took part. How many organizations they are from is not published."
    assert any(text.startswith(took) for text in page.words["p"])


@pytest.mark.parametrize(
    ("opened", "closed", "said"),
    [
        (
            date(2018, 3, 31),
            date(2018, 8, 20),
            "Answers were taken from 31 March 2018 to 20 August",
        ),
        (None, date(2018, 3, 30), "Answers were taken to 30 March 2018."),
        (None, None, ""),
    ],
)
def test_the_start_page_says_when_answers_were_taken_if_that_is_known(opened, closed, said):
    codebook = read_codebook()
    edition = replace(codebook.edition("2024"), opened=opened, closed=closed)
    dated = replace(codebook, editions={**codebook.editions, "2024": edition})
    page = start_page(Context(PUBLISHED, Publisher(), dated), ())
    assert said in page
    assert ("Answers were taken" in page) == bool(said)


@pytest.mark.parametrize("profile", ["protected", "internal"])
def test_organizations_are_counted_as_the_profile_publishes_them(profile):
    """Exactly for those who may see the answers; else from perturbed counts."""
    answers = invented(200, 5)
    tables = [
        share(answers, "industry").named("industry", "respondents"),
        share(answers, "industry", unit="organization", base="asked").named("whose", "respondents"),
    ]
    made = protect(tables, Policy(profile), title="S", edition="2019", answers=answers)
    page = Page(start_page(Context(made, Publisher()), ()))
    counted = int(made["whose"].frame["base"].max())
    exact = answers.respondents["organization"].nunique()
    assert (counted == exact) or (profile == "protected" and abs(counted - exact) < 10)
    (said,) = [text for text in page.words["p"] if "took part" in text]
    assert said.startswith(f"{counted} organizations and ")
    views = {view.name: view.label for block in blocks_of(made) for view in block.views}
    assert views["now-organizations"] == "Organizations"
    assert views["now"] == "Respondents", "both views are shares; what is counted tells them apart"


def changes_of_stages(verdict="could be noise"):
    rows = [
        {
            **make.share_row("Production", 0.03, 417.0),
            "value": -0.03,
            "low": -0.1,
            "high": 0.04,
            "earlier": 0.86,
            "later": 0.83,
            "verdict": verdict,
        }
    ]
    table = make.table("stage_change", rows, measure=Measure.DIFFERENCE, statistic="compare")
    options = (("earlier", "2023"), ("later", "2024"))
    return replace(table, spec=replace(table.spec, concept="deployment_stage", options=options))


@pytest.mark.parametrize("verdict", ["could be noise", "clear change"])
def test_a_headline_takes_its_verdict_from_the_table_of_changes(verdict):
    stage = make.table("deployment_stage", [make.share_row("Production", 0.83, 417.0)])
    published = make.publication(stage, changes_of_stages(verdict))
    said = _change(published, stage, {"answer": "Production"}).replace("\xa0", " ")
    expected = "a clear change" if verdict == "clear change" else "no clear change"
    assert said == f"2023: 86 %; {expected}, −3.0 points (−10 to +4.0 points)"
    assert _change(published, stage, {"answer": "Testing"}) == "", "another answer's change"


def test_a_headline_says_what_holds_without_a_model():
    table = make.totals_by_edition()
    row = next(r for r in records_of(table) if r["edition"] == "2024")
    assert _certain(table, row).startswith("Certain without a model: ")
    assert _certain(table, {}) == ""


@pytest.mark.parametrize(("least", "says"), [(2e7, "outside"), (4e7, "inside")])
def test_a_card_says_in_public_words_what_its_number_depends_on(least, says):
    table = make.totals_by_edition()
    newest = table.frame["edition"] == "2024"
    given = {"low": 3e7, "high": 6e7, "models_low": least, "models_high": 5e7}
    frame = table.frame.copy()
    for name, number in given.items():
        frame.loc[newest, name] = number
    total = table.with_frame(frame).named("compute_cores_total", "sizes")
    score = make.score_by_edition()
    score = replace(score, spec=replace(score.spec, statistic="nps"))
    score = score.named("nps_by_edition", "people")
    shares = make.releases_ungrouped()
    cards = {card.table: card for card in headlines(make.publication(total, score, shares))}
    said = cards["compute_cores_total"].depends.replace("\xa0", " ")
    bands = "The interval is about those that answered: what the bands of their answers hide."
    models = f"{bands} Other models of sizes inside the bands give {least / 1e6:g} to 50 million"
    assert said == f"{models}, {says} its interval"
    counted = "Counted from the answers, without a model; who answered decides it"
    for name in ("nps_by_edition", shares.name):
        assert cards[name].depends == counted


@pytest.mark.parametrize("apart", [True, False])
def test_a_card_calls_a_release_the_most_used_where_its_interval_lies_above_all(apart):
    table = make.releases_ungrouped()
    frame = table.frame.copy()
    first, second, *_ = frame["value"].sort_values(ascending=False).index
    frame["low"], frame["high"] = frame["value"] - 0.001, frame["value"] + 0.001
    reach = frame.loc[first, "low"] - (0.0001 if apart else 0.0)
    frame.loc[second, "high"] = reach
    (card,) = headlines(make.publication(table.with_frame(frame)))
    named = "Most used release" if apart else "Among the most used releases"
    assert card.label == f"{named}: {frame.loc[first, 'answer']}"


@pytest.mark.parametrize("status", ["ok", "imprecise"])
def test_a_card_says_where_its_number_is_imprecise(status, tmp_path):
    score = make.score_by_edition()
    score = score.with_frame(score.frame.assign(status=status)).named("nps_by_edition", "people")
    write_dashboard(make.publication(score), tmp_path)
    start = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert ("Imprecise: use with care" in start) is (status == "imprecise")


# ---------------------------------------------------------------- pages


def test_ids_are_unique_and_links_lead_somewhere(pages, folder, records):
    for name, page in pages.items():
        ids = page.having("id")
        assert len(ids) == len(set(ids)), name
        for tag, attrs in page.elements:
            if tag != "a":
                continue
            file, _, rest = attrs["href"].partition("#")
            target = pages.get(file or name)
            assert target is not None or (folder / file).exists() or file == "survey.xlsx", file
            if rest.startswith("q="):
                assert rest.removeprefix("q=") in target.having("data-block")
            elif rest:
                assert rest in target.having("id")


def test_nothing_comes_from_elsewhere(pages, folder):
    for page in pages.values():
        for tag, attrs in page.elements:
            for name in ("src", "href"):
                if name in attrs and tag != "a":
                    assert (folder / attrs[name]).stat().st_size
            assert not any(name.startswith("on") or name == "style" for name in attrs)
            assert tag != "style"
            if tag == "script":
                assert "src" in attrs, "no script stands in a page"
    for sheet in folder.glob("assets/*.css"):
        assert "url(" not in sheet.read_text()
        assert "@import" not in sheet.read_text()


def test_every_page_has_the_strict_policy(pages):
    for page in pages.values():
        (policy,) = [
            attrs["content"] for _, attrs in page.elements
            if attrs.get("http-equiv") == "Content-Security-Policy"
        ]  # fmt: skip
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        assert {name: rules[name] for name in POLICY} == POLICY
        assert set(rules) - set(POLICY) <= {"base-uri", "form-action"}


def test_every_page_says_its_language_and_has_one_heading_of_the_first_level(pages):
    for name, page in pages.items():
        tags = Counter(tag for tag, _ in page.elements)
        assert tags["h1"] == (0 if name == "embed.html" else 1)
        assert page.elements[0] == ("html", {"lang": "en"})
        assert tags["main"] == 1


def test_blocks_can_be_read_without_scripts(pages, folder):
    index = json.loads((folder / "blocks" / "index.json").read_text(encoding="utf-8"))
    for chapter in index["chapters"]:
        page = pages[chapter["page"]]
        tags = Counter(tag for tag, _ in page.elements)
        assert tags["table"] == len(chapter["blocks"])
        assert any("Source: OpenStack User Survey 2024" in word for word in page.words["p"])


@pytest.mark.parametrize("attack", build.ATTACKS[:5])
def test_markup_in_labels_titles_topics_and_notes_is_text(folder, attack):
    for path in folder.glob("*.html"):
        assert attack not in path.read_text(encoding="utf-8")
    for path in folder.glob("data/*.js"):
        assert "<" not in path.read_text(encoding="utf-8")


def test_a_lone_surrogate_and_control_characters_do_not_stop_the_writer(tmp_path):
    title = "half \ud800 a pair"
    labels = ["bell \x07", "turned \u202e around", "x" * 40_000, "$a$ %{b}"]
    rows = [make.share_row(label, 0.1 * (n + 1), 90.0) for n, label in enumerate(labels)]
    write_dashboard(
        make.publication(make.table("odd", rows, title=title, notes=(title,))), tmp_path
    )
    text = (tmp_path / "blocks" / "odd.json").read_text(encoding="utf-8")
    view = json.loads(text)["views"][0]
    assert view["title"] == "half \ufffd a pair"
    assert [row[0] for row in view["table"]["rows"]] == labels


def test_what_is_withheld_is_in_no_file(tmp_path):
    secret = 0.123456789
    rows = [make.share_row("Shown", 0.5, 100.0), make.share_row("Gone", 0.2, 100.0, "suppressed")]
    rows[1] |= {"value": secret, "low": secret, "high": secret, "count": 12.3456789}
    write_dashboard(make.publication(make.table("gone", rows)), tmp_path)
    for path in (*tmp_path.glob("*.html"), *tmp_path.glob("data/*"), *tmp_path.glob("blocks/*")):
        assert not re.search(r"12\.3|0\.1234", path.read_text(encoding="utf-8")), path.name
    assert "withheld" in (tmp_path / "data" / "gone.js").read_text(encoding="utf-8")


def test_invented_answers_are_announced_on_every_page_and_real_ones_are_not(pages, tmp_path):
    for name, page in pages.items():
        assert "Invented data." in page.words["strong"], name
    write_dashboard(make.publication(make.releases_ungrouped()), tmp_path)
    for path in tmp_path.glob("*.html"):
        assert "nvented" not in path.read_text(encoding="utf-8")


def test_what_holds_for_all_is_said_once(tmp_path):
    common = "Deployments of one organization are not independent."
    rows = [make.share_row("A", 0.5, 100)]
    tables = [
        make.table(f"t{number}", rows, notes=(RANDOM_DRAW, common, f"Only {number}"))
        for number in range(6)
    ]
    write_dashboard(make.publication(*tables), tmp_path)
    for number in range(6):
        record = json.loads((tmp_path / "blocks" / f"t{number}.json").read_text(encoding="utf-8"))
        (view,) = record["views"]
        assert view["notes"] == [f"Only {number}"]
        assert view["common_notes"] == [common]
    assert common in (tmp_path / "method.html").read_text(encoding="utf-8")


def test_method_names_rules_withheld_counts_and_sources(folder):
    text = (folder / "method.html").read_text(encoding="utf-8")
    assert PARTS_NEED_NOT_ADD_UP in text
    for rule in PUBLISHED.policy.rules().values():
        assert rule in text
    assert f"{PUBLISHED.withheld:,} of " in text
    for source in PUBLISHED.provenance.sources:
        assert source.name in text
        assert source.sha256 in text


def test_headlines_stand_with_interval_and_base_and_lead_to_their_block(pages, folder):
    text = (folder / "index.html").read_text(encoding="utf-8")
    assert "Cores &lt;in&gt; all" in text
    words = {word.replace("\xa0", " ") for word in pages["index.html"].words["span"]}
    assert {"45 million", "40 to 50 million (95 % interval)", "267 deployments"} <= words
    links = [attrs.get("href") for tag, attrs in pages["index.html"].elements if tag == "a"]
    assert any(link.endswith("#q=total_cores") for link in links)


def test_the_search_index_has_titles_answers_and_wording(folder):
    _, index = handed_over(folder / "data" / "search.js")
    words = {entry["id"]: entry["words"] for entry in index}
    assert set(words) == {block.id for block in blocks_of(PUBLISHED)}
    assert "train" in words["releases_in_use"]
    assert "<script>" in words["attacks-script"]


# ---------------------------------------------------------------- files


def test_the_same_publication_gives_the_same_bytes(tmp_path, folder):
    again = write_dashboard(
        build.everything(), tmp_path, CARDS, downloads=(("survey.xlsx", "the workbook"),)
    )
    written = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    assert {path.relative_to(tmp_path) for path in again} == written
    for path in again:
        assert path.read_bytes() == (folder / path.relative_to(tmp_path)).read_bytes()


def test_the_vendored_script_is_the_one_that_its_note_names(folder):
    from hashlib import sha256

    root = files("survey.publish.dashboard").joinpath("assets")
    note = root.joinpath("plotly-basic.txt").read_text("utf-8")
    content = root.joinpath("plotly-basic.min.js").read_bytes()
    assert sha256(content).hexdigest() in note
    version = re.search(rb"plotly.js \(basic - minified\) v([\d.]+)", content)[1].decode()
    assert f"version {version}" in note
    written = (folder / "assets" / "plotly-basic.js").read_text("utf-8")
    assert written == plotly_in_steps()
    assert "Licensed under the MIT license" in written
    assert all(line in written for line in sorted(content.decode().splitlines(), key=len)[-4:-1])
    names = ORDER.read_text("utf-8").split()
    assert len(set(names)) == len(names) > 300


def test_no_clock_and_no_machine_in_the_pages(folder):
    for path in folder.glob("*.html"):
        assert not re.search(r"\d{4}-\d{2}-\d{2}|\d{2}:\d{2}", path.read_text(encoding="utf-8"))


def test_a_chapter_makes_its_first_block_while_plotly_is_compiled(pages, folder):
    for name in (name for name in pages if name.startswith("chapter-")):
        scripts = [found for tag, found in pages[name].elements if tag == "script"]
        first, data, own, plotly = (script["src"] for script in scripts)
        assert (first, own) == ("assets/start.js", "assets/dashboard.js")
        assert data.startswith("data/")
        assert plotly == "assets/plotly-basic.js"
        assert [script.get("blocking") for script in scripts] == [None, None, "render", None]
        assert all((folder / script["src"]).is_file() for script in scripts)


def test_pages_are_small(folder):
    assert (folder / "index.html").stat().st_size < 150_000
    assets = sum(p.stat().st_size for p in folder.glob("assets/*") if "plotly" not in p.name)
    for page in folder.glob("chapter-*.html"):
        assert page.stat().st_size + assets < 400_000, page.name


def test_a_publication_without_tables_is_refused(tmp_path):
    with pytest.raises(PublishError, match="protect some tables first"):
        write_dashboard(make.publication(), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_a_file_is_reported(tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(PublishError, match="a folder to write to"):
        write_dashboard(PUBLISHED, tmp_path / "taken")
    assert (tmp_path / "taken").read_text() == "mine"


def test_only_html_goes_unescaped():
    assert element("p", "<i>", HTML("<b>x</b>")) == "<p>&lt;i&gt;<b>x</b></p>"
    assert element("a", "x", href='"><script>') == '<a href="&quot;&gt;&lt;script&gt;">x</a>'


def test_blocks_follow_the_schema_of_the_documentation(folder, records):
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((ROOT / "docs" / "block.schema.json").read_text(encoding="utf-8"))
    check = jsonschema.Draft202012Validator(schema)
    for record in records.values():
        assert [error.message for error in check.iter_errors(record)] == []
        whole = {**record, "views": list(views_of(folder, record).values())}
        assert [error.message for error in check.iter_errors(whole)] == []
