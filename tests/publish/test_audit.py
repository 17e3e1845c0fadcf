"""The audit of documents: the slips in the committee's published tables, and nothing else.

The numbers are those of the analyses of 2019, 2021 and 2022 by OpenStack's technical committee.
"""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.errors import PublishError
from survey.publish import audit, audit_text, write_report
from survey.publish.documents import read_document
from tests.publish import workbook_builders as make

WAYS_2019 = {
    "Bug reports": (123, 86), "Participate in forum sessions at the summit": (70, 47),
    "Participate in ops meetups": (57, 39), "Bug fixes on master": (54, 36),
    "Documentation improvement": (49, 33), "Code review on master": (46, 31),
    "Participate in PTG sessions": (38, 26), "Backporting bug fixes": (34, 23),
    "Feature design review": (33, 22), "Code review on stable branches": (30, 20),
    "Sponsor in-person events": (30, 20), "Host third-party jobs": (13, 9),
    "Contribute resources to run CI jobs": (12, 8),
}  # fmt: skip
PROJECTS_2019 = {
    "Aodh": (12, 48, 25), "Barbican": (9, 48, 19), "Blazar": (3, 3, 100),
    "Ceilometer": (21, 153, 14), "Cinder": (27, 285, 9), "Heat": (18, 212, 8),
    "Kuryr": (5, 7, 71), "TripleO": (9, 34, 16), "Zaqar": (3, 13, 23),
}  # fmt: skip
PROJECTS_2021 = {
    "Aodh": (3, 31, 9, 25), "Barbican": (8, 70, 11, 19), "Blazar": (6, 4, 150, 100),
    "Cinder": (40, 216, 19, 9), "Keystone": (34, 235, 15, 9), "Kolla": (34, 69, 49, 52),
    "Kuryr": (5, 8, 63, 71), "Nova": (63, 230, 27, 15), "QA": (2, "N/A", "N/A", "N/A"),
    "TripleO": (11, 26, 42, 16),
}  # fmt: skip
UPGRADES_2021 = {
    "Upgrade all coordinated releases": (83, 30), "Skip/Fast-forward releases": (91, 33),
    "Not Upgrade": (65, 23), "Deploy from master": (13, 5), "Deploy all releases": (20, 7),
}  # fmt: skip
UPGRADES_2022 = {
    "Skip/fast-forward releases": (84, 34), "Upgrade all coordinated releases": (75, 30),
    "Not upgrade": (65, 26), "Deploy from master": (12, 4), "Deploy all releases": (12, 4),
}  # fmt: skip


def grid(head, rows):
    """A grid table of reStructuredText; the first cell of each row takes two lines."""
    lines = [[head], *[[(label, *cells), ("(more)", *[""] * len(cells))] for label, cells in rows]]
    flat = [tuple(map(str, line)) for row in lines for line in row]
    widths = [max(len(line[place]) for line in flat) + 2 for place in range(len(head))]
    rule = "+" + "+".join("-" * width for width in widths) + "+"
    text = [rule]
    for row in lines:
        for line in row:
            cells = [f" {str(c).ljust(w - 1)}" for c, w in zip(line, widths, strict=True)]
            text.append("|" + "|".join(cells) + "|")
        text.append(rule)
    return "\n".join(text)


def pipes(head, rows):
    lines = [head, ["---"] * len(head), *[(label, *cells) for label, cells in rows]]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def html(head, rows):
    def row(cells, tag):
        return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"

    body = "".join(row((label, *cells), "td") for label, cells in rows)
    return f"<!doctype html><html><body><table>{row(head, 'th')}{body}</table></body></html>"


WRITTEN = {"rst": grid, "md": pipes, "html": html}
THREE = ("Project", "Contributors", "Users", "% Participation")
TWO = ("Answer", "Users", "Percentage of Responses")


def found(text, suffix=""):
    return [slip.label.removesuffix(" (more)") for slip in audit_text(text, suffix)]


@pytest.mark.parametrize("form", WRITTEN)
@pytest.mark.parametrize(
    ("head", "rows", "slips"),
    [
        (TWO, WAYS_2019, ["Bug reports"]),
        (THREE, PROJECTS_2019, ["TripleO"]),
        ((*THREE, "2019 % Participation"), PROJECTS_2021, ["Aodh", "Keystone"]),
    ],
    ids=["ways 2019", "projects 2019", "projects 2021"],
)
def test_known_slips_are_found_in_every_form_and_nothing_else(form, head, rows, slips):
    assert found(WRITTEN[form](head, rows.items()), f".{form}") == slips


@pytest.mark.parametrize(
    ("rows", "base", "slips"),
    [
        (UPGRADES_2021, "276", ["Not Upgrade"]),
        (UPGRADES_2022, "249", ["Deploy from master", "Deploy all releases"]),
    ],
)
def test_a_base_that_the_text_names_is_used(rows, base, slips):
    text = (
        "Upgrades\n--------\n\nIn 2019 there were 337 responses, of which 35% did not upgrade; "
        f"the number of responses, {base}, was used.\n\n{grid(TWO, rows.items())}\n"
    )
    assert found(text) == slips
    assert base in audit_text(text)[0].why


def test_a_cell_that_repeats_last_years_is_told():
    rows = {**PROJECTS_2021, "TripleO": (11, 26, 16, 16)}
    slips = audit_text(pipes((*THREE, "2019 % Participation"), rows.items()))
    assert "column '2019 % Participation' has the same number" in slips[-1].why


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Of those, 9 of 34 (16 %) contribute.", 1),
        ("Of those, 9 of 34 (26 %) contribute.", 0),
        ("Of those, 9/34 (16 %) contribute.", 1),
        ("We heard from 1,204 out of 2,000 clouds (60.2%).", 0),
        ("Released on 12/2019, used by 40 %.", 0),
        ("In 2019 35 % did, and 23 % in 2021.", 0),
        ("5 of 8 is 63 % or, rounded down, 62 %.", 0),
    ],
)
def test_sentences_with_count_and_base_are_checked(text, expected):
    assert len(audit_text(text)) == expected


def test_other_tables_are_left_alone():
    sizes = {"Small": (10, 31), "Large": (400, 2), "Huge": (7, 90), "Odd": (50, 3), "e": (9, 44)}
    assert found(pipes(("Size", "Nodes", "% full"), sizes.items())) == []
    whole = {"A": (0, 0, 0), "B": (1, 1, 100), "C": (0, 4, 0), "D": (2, 4, 50)}
    assert found(pipes(THREE, whole.items())) == []


@given(
    st.lists(st.integers(1, 200), min_size=6, max_size=12, unique=True),
    st.integers(200, 900),
    st.integers(0, 5),
)
def test_right_tables_pass_and_one_wrong_cell_is_found(counts, base, place):
    rows = {f"r{n}": (count, base, round(100 * count / base)) for n, count in enumerate(counts)}
    assert found(pipes(THREE, rows.items())) == []
    count, _, share = rows[f"r{place}"]
    rows[f"r{place}"] = (count, base, share + 7)
    assert found(pipes(THREE, rows.items())) == [f"r{place}"]


def test_nothing_is_found_in_our_own_report(tmp_path):
    write_report(make.everything(), tmp_path)
    documents = [*tmp_path.rglob("*.html"), *tmp_path.rglob("*.md")]
    assert len(documents) > 6
    assert {path.name: audit(path) for path in documents if audit(path)} == {}


def test_simple_tables_and_list_tables_are_read():
    simple = "=====  =====\nAnswer Users\n=====  =====\nYes    12\nNo     3\n=====  =====\n"
    (table,) = read_document(simple).tables
    assert [cells for _, cells in table.rows] == [("Yes", "12"), ("No", "3")]
    listed = ".. list-table::\n\n   * - Answer\n     - Users\n   * - Yes\n     - 12\n"
    (table,) = read_document(listed).tables
    assert (table.heading, table.rows) == (("Answer", "Users"), ((5, ("Yes", "12")),))


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "report.md"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PublishError, match="save the document as text"):
        audit(path)


# ---------------------------------------------------------------- changes


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("Use of Kolla increased by 3 points (95 % interval −1.5 to 7.5).", (-1.5, 7.5)),
        ("Kolla rose by 3 points [-1, 7].", (-1.0, 7.0)),
        ("It\nhas grown (interval: -2 to\n+4 points) since 2023.", (-2.0, 4.0)),
        ("Kolla fell from 40 of 200 to 36 of 210.", (-10.4, 4.7)),
        ("The share went up, from 12 out of 90 to 15 out of 95.", (-8.0, 12.7)),
    ],
)
def test_a_change_whose_interval_holds_zero_is_found(text, interval):
    (found,) = audit_text(text)
    assert (found.low, found.high) == interval
    assert "but the interval is" in str(found)


@pytest.mark.parametrize(
    "text",
    [
        "Use of Kolla increased by 3 points (95 % interval 1.5 to 7.5).",
        "Kolla fell by 6 points (−10 to −2).",
        "Kolla rose from 40 of 200 to 120 of 210.",
        "No clear change: Kolla rose by 3 points (−1 to 7).",
        "Kolla rose by 3 points (−1 to 7), which could be noise.",
        "Kolla is used by 40 of 200 clouds (20 %), Juju by 36 of 210.",
        "It was asked (see pages 3 to 7) whether teams grew.",
        "Between 2019-2021 (and 5 to 9 years before) the survey grew.",
    ],
)
def test_other_sentences_about_changes_are_left_alone(text):
    assert audit_text(text) == ()


def test_lists_of_counts_are_read_as_tables():
    """A post of another kind: no table, but a list with counts and percentages behind names."""
    answers = {"Kubernetes": 178, "Nomad": 52, "Docker Swarm": 41, "None of these": 30}
    lines = [f"- {name}: {count} ({100 * count / 301:.0f} %)" for name, count in answers.items()]
    lines[1] = "- Nomad: 52 (71 %)"
    text = "\n".join(["# What we run", "", "301 people answered.", "", *lines, "", "Thank you!"])
    (slip,) = audit_text(text)
    assert (slip.line, slip.label, slip.base, slip.printed, slip.expected) == (
        6, "Nomad", 301, "71", "17",
    )  # fmt: skip
    assert audit_text(text.replace("71 %", "17 %")) == ()
    html = "<h1>What we run</h1><p>301 people answered.</p><ul>" + "".join(
        f"<li>{line[2:]}</li>" for line in lines
    )
    (slip,) = audit_text(f"{html}</ul>", ".html")
    assert slip.label == "Nomad"


# ---------------------------------------------------------------- documents of others

PLANTED = {
    "community.rst": [
        (36, "Reviewing changes"), (64, "6 to 10"), (89, "31 of 95 (43 %"),
        (94, "The share of those who write documentation rose"), (95, "Reporting bugs grew"),
    ],
    "tools.html": [
        (15, "BSD"), (24, "vi, vim, neovim"), (48, "Move to Linux"),
        (49, "Interest in machine weaving dropped"),
    ],
    "operators.txt": [
        (22, "Other"), (30, "39 of 268 (51%"), (34, "Generators fell"), (35, "Gas lamps are down"),
    ],
}  # fmt: skip
"""Invented reports in the style of other surveys, and what was printed wrong in them on purpose."""


@pytest.mark.parametrize("name", PLANTED)
def test_in_reports_of_others_all_that_was_planted_is_found_and_nothing_else(name):
    path = Path(__file__).with_name("documents") / name
    slips = audit(path)
    assert [(slip.line, slip.label[: len(label)]) for slip, (_, label) in
            zip(slips, PLANTED[name], strict=True)] == PLANTED[name]  # fmt: skip


def test_a_cell_is_not_said_to_repeat_itself():
    slips = audit(Path(__file__).with_name("documents") / "operators.txt")
    assert not any("has the same number" in slip.why for slip in slips)


COUNTS = {"KVM": 140, "Xen": 61, "VMware": 33, "LXC": 9, "Other": 4}


def two_questions(base, followed, form):
    """A table of percentages of ``followed`` in a section that names ``base``."""
    rows = [(name, (count, round(100 * count / followed))) for name, count in COUNTS.items()]
    text = (
        "# Stages\n\n305 deployments answered the question on stages.\n\n"
        f"# Hypervisors\n\n{base} deployments named their hypervisors.\n\n"
    )
    if form == "html":
        text = re.sub("# (.*)\n", "<h2>\\1</h2>\n", text).replace("\n\n", "\n\n<p>")
    return text + WRITTEN[form](TWO, rows) + "\n"


@pytest.mark.parametrize("form", WRITTEN)
def test_a_table_on_the_base_of_another_question_is_found(form):
    slips = audit_text(two_questions(214, 305, form), f".{form}")
    assert {slip.label.split(" (")[0] for slip in slips} == set(COUNTS)
    assert {slip.base for slip in slips} == {214}
    assert slips[0].expected == "65"
    assert "the table follows 305, of line 3" in slips[0].why


@pytest.mark.parametrize(
    "base",
    [
        305,  # its own
        "305 respondents and 214",  # two are named, either may be meant
        120,  # fewer than its largest count: of something else
    ],
)
def test_a_table_on_a_base_that_its_section_may_mean_is_left_alone(base):
    assert audit_text(two_questions(base, 305, "md")) == ()


# ---------------------------------------------------------------- words, cells and brackets

REGIONAL = Path(__file__).with_name("documents") / "regional.html"
SLIPS_OF_REGIONAL = {
    3: ("'Half of the clouds, 96 of 240'", "96 of 240", "110 of 240"),
    12: ("NFS", "18%", "15%"),
    20: ("over 20", "52%", "25%"),
    23: ("increased", "-4 to +10", "+1 to +5"),
}


def test_words_headings_and_intervals_of_a_review_are_read():
    found = {slip.line: str(slip) for slip in audit(REGIONAL)}
    assert list(found) == list(SLIPS_OF_REGIONAL)
    for line, (label, _, _) in SLIPS_OF_REGIONAL.items():
        assert label in found[line]
    assert "base: 80, in the heading of the column" in found[20]


def test_the_same_review_without_its_slips_has_no_finding():
    text = REGIONAL.read_text(encoding="utf-8")
    for _, wrong, right in SLIPS_OF_REGIONAL.values():
        assert text.count(wrong) == 1
        text = text.replace(wrong, right)
    assert audit_text(text, ".html") == ()


@pytest.mark.parametrize(
    ("said", "slips"),
    [
        ("Half (96 of 200) answered.", 0),
        ("Half (60 of 200) answered.", 1),
        ("More than half of the clouds (150 of 200) answered.", 0),
        ("More than half of the clouds (96 of 200) answered.", 1),
        ("Fewer than a third (60 of 200) answered.", 0),
        ("Three in four of them, 150 of 200, answered.", 0),
        ("Two out of five, 150 of 200, answered.", 1),
        ("Half run Ceph, and 30 of 200 run LVM.", 0),
        ("The other half was silent; 30 of 200 run LVM.", 0),
    ],
)
def test_shares_in_words_are_held_to_the_counts_beside_them(said, slips):
    assert len(audit_text(said)) == slips


@pytest.mark.parametrize(
    ("bracket", "clear"),
    [
        ("−3 points, 95 % interval −7 to −1", True),
        ("−3 points, 95 % interval −7 to +1", False),
        ("+3 points, 95% CI -4, 10", False),
        ("+9 points; 95 per cent limits +3 to +15", True),
    ],
)
def test_the_level_of_an_interval_is_none_of_its_ends(bracket, clear):
    assert (audit_text(f"The share rose ({bracket}) since 2030.") == ()) is clear


def test_cells_with_count_and_percentage_follow_from_the_column():
    cells = {"a": "40 % (20)", "b": "30% (n=15)", "c": "30 % (10)", "d": "10 % (5)"}
    rows = "".join(f"| {name} | {cell} |\n" for name, cell in cells.items())
    (slip,) = audit_text(f"| Tool | Clouds |\n|---|---|\n{rows}", ".md")
    assert (slip.label, slip.count, slip.base, slip.expected) == ("c", 10, 50, "20")


@pytest.mark.parametrize(
    "text",
    [
        f"half{' ' * 40_000}of",
        f"The share rose (+3 points, 95 %{' ' * 40_000}x) since 2030.",
        f"half of {'of ' * 13_000}",
        f"The share rose {'(' * 40_000}",
        f"The share rose ({'1 to ' * 8_000}",
        f"{' ' * 40_000}half {'-' * 40_000}",
    ],
)
def test_long_runs_of_one_thing_take_no_long_time(text):
    began = time.thread_time()
    assert audit_text(text) == ()
    assert time.thread_time() - began < 2
