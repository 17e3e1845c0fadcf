"""Colours that everybody can read and tell apart, computed rather than claimed."""

import re
from collections import Counter
from importlib.resources import files
from itertools import combinations

import numpy as np
import plotly.io
import pytest

from survey.publish.charts import figure
from survey.publish.dashboard.page_frame import colour_sheet
from survey.publish.theme import (
    DARK,
    LIGHT,
    exchange,
    luminance,
    ordered_colours,
    register_templates,
    template_of,
)
from tests.publish import chart_builders as build

PUBLISHED = build.everything()
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
VISION = {
    "full": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                            [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                              [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                            [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip
# Ottosson (2020), OKLab.
CONES = np.array([[0.4122214708, 0.5363325363, 0.0514459929],
                  [0.2119034982, 0.6806995451, 0.1073969566],
                  [0.0883024619, 0.2817188376, 0.6299787005]])  # fmt: skip
OPPONENTS = np.array([[0.2104542553, 0.7936177850, -0.0040720468],
                      [1.9779984951, -2.4285922050, 0.4505937099],
                      [0.0259040371, 0.7827717662, -0.8086757660]])  # fmt: skip


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def seen(colour: str, vision: str) -> np.ndarray:
    """Return a colour as somebody sees it, in hundredths of OKLab."""
    return 100 * OPPONENTS @ np.cbrt(CONES @ np.clip(VISION[vision] @ linear(colour), 0, 1))


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@THEMES
@pytest.mark.parametrize("vision", VISION)
def test_unordered_colours_can_be_told_apart(theme, vision):
    apart = {
        pair: float(np.linalg.norm(seen(pair[0], vision) - seen(pair[1], vision)))
        for pair in combinations(theme.qualitative, 2)
    }
    assert min(apart.values()) >= 9, min(apart, key=apart.__getitem__)


@THEMES
def test_marks_stand_out_from_the_paper(theme):
    marks = (*theme.qualitative, theme.lead, theme.whisker, theme.up, theme.down, theme.same)
    assert all(contrast(mark, theme.paper) >= 3 for mark in marks)


@THEMES
def test_text_can_be_read(theme):
    for text in (theme.ink, theme.quiet, theme.lead, theme.accent):
        assert contrast(text, theme.paper) >= 4.5
        assert contrast(text, theme.page) >= 4.5
    assert contrast(theme.ink, theme.notice) >= 4.5
    assert contrast(theme.accent, theme.notice) >= 4.5
    pairs = zip(theme.on_qualitative, theme.qualitative, strict=True)
    assert all(contrast(text, colour) >= 4.5 for text, colour in pairs)


def test_text_on_ordered_colours_can_be_read_in_both_themes():
    dark = exchange()
    for light in LIGHT.ordered:
        assert contrast(LIGHT.on(light), light) >= 4.5
        assert contrast(dark[LIGHT.on(light)], dark[light]) >= 4.5


@THEMES
def test_ordered_colours_keep_their_order_in_grey(theme):
    greys = [luminance(colour) for colour in theme.ordered]
    assert greys in (sorted(greys), sorted(greys, reverse=True))
    steps = np.abs(np.diff([seen(colour, "full")[0] for colour in theme.ordered]))
    assert steps.min() > 0.6 * steps.max()


def test_many_ordered_things_get_a_colour_each():
    for count in range(1, 15):
        assert len(set(ordered_colours(LIGHT, count))) == count


def test_each_colour_of_the_light_theme_turns_into_one_of_the_dark():
    dark = DARK.roles()
    assert {role: exchange()[colour] for role, colour in LIGHT.roles().items()} == dict(dark)


@pytest.mark.parametrize("name", PUBLISHED.tables)
def test_figures_use_no_colour_that_could_not_turn_dark(name):
    used = set(re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\([^)]*\)", figure(PUBLISHED, name).to_json()))
    assert used <= set(exchange()) | set(build.ATTACKS)


def test_templates_are_offered_but_not_imposed():
    before = plotly.io.templates.default
    names = register_templates()
    assert plotly.io.templates.default == before
    assert [plotly.io.templates[name].layout.paper_bgcolor for name in names] == [
        LIGHT.paper,
        DARK.paper,
    ]
    assert template_of(LIGHT) is template_of(LIGHT)


def test_the_style_sheet_has_every_role_in_both_themes():
    sheet = colour_sheet()
    for role, colour in LIGHT.roles().items():
        assert f"--{role}: {colour};" in sheet
        assert f"--{role}: {DARK.roles()[role]};" in sheet
        assert f".chip-{role} " in sheet


def test_no_rule_stands_in_two_style_sheets():
    """What pages share stands in ``base.css``; the dashboard and the quality page add to it."""
    root = files("survey.publish")
    sheets = ("assets/base.css", "assets/page.css", "assets/quality.css",
              "dashboard/assets/dashboard.css")  # fmt: skip
    found = Counter()
    for name in sheets:
        text = re.sub(r"/\*.*?\*/", "", root.joinpath(name).read_text("utf-8"), flags=re.S)
        text = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", text)
        found.update(" ".join(rule.split()) for rule in re.findall(r"[^{}]+\{[^{}]*\}", text))
    assert [rule for rule, count in found.items() if count > 1] == []
