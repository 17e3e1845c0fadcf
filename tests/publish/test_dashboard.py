"""The dashboard as files: complete, offline, escaped, the same bytes each time."""

import json
import re
import runpy
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest

from survey.publish.dashboard import write_dashboard

make = SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("workbook_builders.py"))))
PUBLISHED = make.everything()


class Page(HTMLParser):
    """Collects what the tests ask about."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def ids(self) -> list[str]:
        return [attrs["id"] or "" for _, attrs in self.tags if "id" in attrs]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dashboard")
    write_dashboard(PUBLISHED, out)
    return out


@pytest.fixture(scope="module")
def page(folder: Path) -> Page:
    return Page((folder / "index.html").read_text(encoding="utf-8"))


def test_every_table_has_a_chart_a_table_and_an_entry(page: Page) -> None:
    charts = [attrs["data-chart"] for tag, attrs in page.tags if "data-chart" in attrs]
    tables = [attrs["data-name"] for tag, attrs in page.tags if "data-name" in attrs]
    entries = [attrs["data-for"] for tag, attrs in page.tags if "data-for" in attrs]
    assert sorted(charts) == sorted(tables) == sorted(entries) == sorted(PUBLISHED.tables)


def test_ids_are_unique_and_links_lead_somewhere(page: Page) -> None:
    ids = page.ids()
    assert len(ids) == len(set(ids))
    links = [attrs["href"] for tag, attrs in page.tags if tag == "a" and "href" in attrs]
    assert all(link and link.startswith("#") and link[1:] in ids for link in links)


def test_nothing_comes_from_elsewhere(page: Page, folder: Path) -> None:
    for _, attrs in page.tags:
        for name in ("src", "href"):
            assert not re.match(r"[a-z]+:|//", attrs.get(name) or "")
        assert not any(name.startswith("on") for name in attrs)
    for asset in re.findall(r'(?:src|href)="(assets/[^"]+)"', (folder / "index.html").read_text()):
        assert (folder / asset).stat().st_size


def test_what_is_embedded_is_json_and_cannot_end_its_block(folder: Path) -> None:
    text = (folder / "index.html").read_text(encoding="utf-8")
    blocks = re.findall(r'<script type="application/json" id="[^"]*">(.*?)</script>', text)
    assert len(blocks) == 1 + 2 * len(PUBLISHED.tables)
    for block in blocks:
        assert "<" not in block
        json.loads(block)


def test_invented_answers_are_announced(folder: Path) -> None:
    assert "Invented data." in (folder / "index.html").read_text()


def test_the_same_publication_gives_the_same_bytes(tmp_path: Path, folder: Path) -> None:
    again = write_dashboard(PUBLISHED, tmp_path)
    for path in again:
        assert path.read_bytes() == (folder / path.relative_to(tmp_path)).read_bytes()
