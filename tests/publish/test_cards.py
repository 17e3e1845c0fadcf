"""Cards of quotes: PNG where something draws, else SVG and a line on how to get PNG."""

import json
import re
from base64 import b64decode
from html import unescape

import plotly.graph_objects
import plotly.io
import pytest
from click.testing import CliRunner

from survey.cli import main as survey
from survey.errors import PublishError
from survey.publish import Publisher, cards, write_cards, write_report
from survey.publish.claims import claims_of
from tests.publish import chart_builders as build

PUBLISHED = build.everything()
SAID = sorted(claim.name for claim in claims_of(PUBLISHED) if claim.said)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    out = tmp_path_factory.mktemp("reports")
    write_report(PUBLISHED, out)
    return out / PUBLISHED.edition


@pytest.fixture
def installed(monkeypatch):
    """Say that kaleido is installed, or is not."""

    def say(found):
        monkeypatch.setattr(cards, "find_spec", lambda _: object() if found else None)

    return say


def asked(*arguments):
    done = CliRunner().invoke(survey, ["quotes", *map(str, arguments)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def test_each_quote_has_a_picture_where_something_draws(report, tmp_path):
    drawn = write_cards(report, tmp_path, draw=lambda svg: b"PNG of " + svg.encode("utf-8"))
    assert [path.name for path in drawn] == [f"{name}.png" for name in SAID] != []
    for path in drawn:
        svg = (report / "quotes" / f"{path.stem}.svg").read_bytes()
        assert path.read_bytes() == b"PNG of " + svg


def test_without_kaleido_there_are_svg_and_one_line_on_how_to_get_png(report, tmp_path, installed):
    installed(False)
    done = asked(report, "--cards", tmp_path, "--json")
    assert done.stderr.splitlines() == [cards.HOW_TO_GET_PNG]
    assert "openstack-survey[images]" in cards.HOW_TO_GET_PNG
    listed = [quote["card"] for quote in json.loads(done.stdout)["quotes"]]
    assert sorted(listed) == [(tmp_path / f"{name}.svg").as_posix() for name in SAID]
    for name in SAID:
        written = (tmp_path / f"{name}.svg").read_bytes()
        assert written == (report / "quotes" / f"{name}.svg").read_bytes()


def test_kaleido_draws_the_card_and_nothing_else(report, tmp_path, installed, monkeypatch):
    figures = []

    def to_image(figure, **given):
        figures.append((figure, given))
        return b"\x89PNG"

    installed(True)
    monkeypatch.setattr(plotly.io, "to_image", to_image)
    done = asked(report, "--cards", tmp_path)
    assert done.stderr == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{name}.png" for name in SAID]
    for name, (figure, given) in zip(SAID, figures, strict=True):
        (picture,) = figure["layout"]["images"]
        kind, _, content = picture["source"].partition(";base64,")
        assert kind == "data:image/svg+xml"
        assert b64decode(content) == (report / "quotes" / f"{name}.svg").read_bytes()
        assert (given["format"], given["width"], given["height"]) == ("png", 1200, 630)
        plotly.graph_objects.Figure(figure)


def test_a_drawer_without_a_browser_is_said(report, tmp_path, installed, monkeypatch):
    def to_image(figure, **given):
        raise RuntimeError("Kaleido requires Google Chrome")

    installed(True)
    monkeypatch.setattr(plotly.io, "to_image", to_image)
    with pytest.raises(PublishError, match="kaleido_get_chrome"):
        write_cards(report, tmp_path / "cards")
    assert not (tmp_path / "cards").exists()


def test_cards_are_not_written_into_a_report_nor_from_nowhere(report, tmp_path):
    with pytest.raises(PublishError, match="inside the report"):
        write_cards(report, report / "quotes")
    with pytest.raises(PublishError, match=r"claims\.json"):
        write_cards(tmp_path, tmp_path / "cards")


def test_without_a_folder_the_cards_of_the_report_are_named(report):
    quotes = json.loads(asked(report, "--json").stdout)["quotes"]
    assert [quote["card"] for quote in quotes] == [
        (report / "quotes" / f"{claim.name}.svg").as_posix()
        for claim in claims_of(PUBLISHED)
        if claim.said
    ]


def lines_of_card(report, name):
    card = (report / "quotes" / f"{name}.svg").read_text(encoding="utf-8")
    return [unescape(line) for line in re.findall(r"<text [^>]*>([^<]*)<", card)]


def test_a_card_carries_interval_base_and_who_was_asked(report):
    """A picture goes around without the page: what the sentence needs must stand on it."""
    for claim in claims_of(PUBLISHED):
        words = " ".join(lines_of_card(report, claim.name)) if claim.said else ""
        if claim.said and claim.low is not None:
            limits = re.search(r"interval: .*?(?=\.( |$))", claim.caveat.replace("\xa0", " "))
            assert limits.group() in words.replace("\xa0", " "), claim.name
        if claim.said:
            assert "those who answered, and who chose to" in words


@pytest.mark.parametrize("name", ["A Foundation", "A Foundation, " + "as an example, " * 9])
def test_the_source_of_a_card_is_whole_or_says_that_it_is_cut(tmp_path, name):
    write_report(PUBLISHED, tmp_path, publisher=Publisher(name, licence="CC0 1.0"))
    *_, before, last = lines_of_card(tmp_path / PUBLISHED.edition, SAID[0])
    index = tmp_path / PUBLISHED.edition / "blocks" / "index.json"
    source = json.loads(index.read_text(encoding="utf-8"))["source"]
    shown = f"{before} {last}"[f"{before} {last}".index("Source: ") :]
    assert shown == source or (len(source) > 2 * 80 and source.startswith(shown.rstrip("…")))
    assert shown.endswith("…") is (shown != source)


def test_no_line_of_a_card_reaches_its_edge_in_the_widest_font(report):
    """In pixels of DejaVu Sans: .65 of the size for a bold letter, .6 for another, on average."""
    lines = [
        (float(size), bool(bold), text)
        for card in report.glob("quotes/*.svg")
        for size, bold, text in re.findall(
            r'<text [^>]*font-size="([\d.]+)"( font-weight="700")?[^>]*>([^<]*)<', card.read_text()
        )
    ]
    assert len(lines) > 10
    for size, bold, text in lines:
        assert len(unescape(text)) * size * (0.65 if bold else 0.6) <= 1200 - 2 * 80, text
