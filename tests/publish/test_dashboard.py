"""The dashboard as files: complete, offline, escaped, the same bytes each time."""

import json
import re
from collections import Counter
from html.parser import HTMLParser

import pytest

from survey.errors import PublishError
from survey.estimates.notes import RANDOM_DRAW
from survey.publish.dashboard import write_dashboard
from survey.publish.html import HTML, element
from survey.publish.narrative import Headline
from tests.publish import chart_builders as build
from tests.publish import workbook_builders as make

PUBLISHED = build.everything()
CARDS = (
    Headline("Cores <in> all", "45 million", "40 to 50 million", "267 deployments", "total_cores"),
)
VOID = {"meta", "link", "input"}


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
    write_dashboard(PUBLISHED, out, CARDS)
    return out


@pytest.fixture(scope="module")
def text(folder):
    return (folder / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def blocks(text):
    found = re.findall(r'<script type="application/json" id="([^"]*)">(.*?)</script>', text)
    return {name: json.loads(content) for name, content in found}


def test_every_table_has_a_chart_data_and_an_entry(page, text):
    charts = page.having("data-chart")
    assert len(charts) == len(set(charts)) == len(PUBLISHED)
    assert set(page.having("id")) >= set(charts)
    assert {name for name in blocks(text) if name != "shared"} == {f"chart:{c}" for c in charts}
    assert Counter(tag for tag, _ in page.elements)["tbody"] == len(PUBLISHED) + 1  # and sources


def test_ids_are_unique_and_links_lead_somewhere(page):
    ids = page.having("id")
    assert len(ids) == len(set(ids))
    links = [attrs["href"] for tag, attrs in page.elements if tag == "a"]
    assert links
    assert all(link.startswith("#") and link[1:] in ids for link in links)


def test_nothing_comes_from_elsewhere(page, folder):
    for tag, attrs in page.elements:
        for name in ("src", "href"):
            if name in attrs and tag != "a":
                assert (folder / attrs[name]).stat().st_size
        assert not any(name.startswith("on") or name == "style" for name in attrs)
        assert tag != "style"
    assert not page.words.get("script", [""])[0].strip().startswith("var")
    for sheet in folder.glob("assets/*.css"):
        assert "url(" not in sheet.read_text()
        assert "@import" not in sheet.read_text()


def test_the_page_forbids_whatever_is_not_its_own(page):
    (policy,) = [
        attrs["content"] for _, attrs in page.elements
        if attrs.get("http-equiv") == "Content-Security-Policy"
    ]  # fmt: skip
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self' file:"
    assert "http" not in policy
    assert "unsafe-eval" not in policy


def test_it_says_its_language_and_has_one_heading_of_the_first_level(page):
    tags = Counter(tag for tag, _ in page.elements)
    assert tags["h1"] == 1
    assert page.elements[0] == ("html", {"lang": "en"})
    assert page.elements[[tag for tag, _ in page.elements].index("body") + 1][1]["href"] == "#main"


def test_every_chart_has_a_description_in_words(page):
    described = [attrs for _, attrs in page.elements if "data-chart" in attrs]
    assert all(attrs["role"] == "img" and len(attrs["aria-label"]) > 20 for attrs in described)
    labels = dict(zip(page.having("data-chart"), (a["aria-label"] for a in described), strict=True))
    assert "Largest: Train, 28" in labels["releases_in_use"]


@pytest.mark.parametrize("attack", build.ATTACKS[:5])
def test_markup_in_labels_titles_topics_and_notes_is_text(text, attack):
    outside = re.sub(r'<script type="application/json".*?</script>', "", text)
    assert attack not in outside
    for block in re.findall(r'<script type="application/json" id="[^"]*">(.*?)</script>', text):
        assert "<" not in block


def test_figures_in_tables_are_the_exact_ones(page):
    table = PUBLISHED["releases_in_use"].frame
    values = [float(value) for value in page.having("value")]
    assert all(any(abs(v - found) < 1e-9 for found in values) for v in table["value"])


def test_what_is_withheld_is_neither_in_table_nor_in_chart(tmp_path):
    secret = 0.123456789
    rows = [make.share_row("Shown", 0.5, 100.0), make.share_row("Gone", 0.2, 100.0, "suppressed")]
    rows[1] |= {"value": secret, "low": secret, "high": secret, "count": 12.3456789}
    write_dashboard(make.publication(make.table("gone", rows)), tmp_path)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"12\.3|0\.1234", text)
    assert "withheld" in text


def test_invented_answers_are_announced_and_real_ones_are_not(text, tmp_path):
    assert "Invented data." in text
    write_dashboard(make.publication(make.releases_ungrouped()), tmp_path)
    assert "nvented" not in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_what_holds_for_all_is_said_once(tmp_path):
    common = "Deployments of one organization are not independent."
    rows = [make.share_row("A", 0.5, 100)]
    tables = [
        make.table(f"t{number}", rows, notes=(RANDOM_DRAW, common, f"Only {number}"))
        for number in range(6)
    ]
    write_dashboard(make.publication(*tables), tmp_path)
    page = Page((tmp_path / "index.html").read_text(encoding="utf-8"))
    said = [word for words in page.words.values() for word in words]
    assert said.count(RANDOM_DRAW) == 1
    captions = [word for word in page.words["p"] if "Bar: share" in word]
    assert len(captions) == 6
    assert not [caption for caption in captions if common in caption]
    assert all(f"Only {number}" in caption for number, caption in enumerate(captions))


def test_method_names_rules_withheld_counts_and_sources(text):
    for rule in PUBLISHED.policy.rules().values():
        assert rule in text
    assert f"{PUBLISHED.withheld:,} of " in text
    for source in PUBLISHED.provenance.sources:
        assert source.name in text
        assert source.sha256 in text


def test_headlines_stand_with_interval_and_base_and_lead_to_their_chart(page, text):
    assert "Cores &lt;in&gt; all" in text
    assert {"45 million", "40 to 50 million (95 % interval)", "267 deployments"} <= set(
        page.words["span"]
    )
    links = [attrs.get("href") for tag, attrs in page.elements if tag == "a"]
    assert links.count("#total_cores") >= 3  # card, contents and its own anchor


def test_the_same_publication_gives_the_same_bytes(tmp_path, folder):
    again = write_dashboard(build.everything(), tmp_path, CARDS)
    assert len(again) == 5
    for path in again:
        assert path.read_bytes() == (folder / path.relative_to(tmp_path)).read_bytes()


def test_no_clock_and_no_machine_in_the_page(text):
    assert not re.search(r"\d{4}-\d{2}-\d{2}|\d{2}:\d{2}", text)


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
