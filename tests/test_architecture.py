"""The house's own rules, read from the source with ``ast``: direction, size, cleanliness.

Every import counts wherever it stands: at the top, inside a function, under ``TYPE_CHECKING``,
relative, or by name through ``import_module``.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.snapshot.measure import names_decided

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "src" / "survey"

FOUNDATION = (
    "errors",
    "checked",
    "doors",
    "renamed",
    "provenance",
    "frozen",
    "dataclass",
    "collector",
    "underway",
    "files",
    "_identity",
    "_version",
)
ROOMS = (
    *FOUNDATION,
    "codebook",
    "exports",
    "responses",
    "estimates",
    "topics",
    "admission",
    "disclosure",
    "publish",
)
PROJECT = ("project", "new_edition")
PARTS = {  # of a room, from the lowest: each may use those of its level and below
    "estimates": (
        *(("design",), ("tabulation",), ("precision", "weighting")),
        ("numbers", "shares", "change"),
    ),
    "disclosure": (("perturbation",), ("ledger",)),
}
LEVELS = {
    f"{room}.{part}": level
    for room, levels in PARTS.items()
    for level, parts in enumerate(levels)
    for part in parts
}
DOORS = (*PROJECT, "console", "notebook", "cli", "__main__", "__init__")
MAY_USE = {room: {*FOUNDATION, *ROOMS[: number + 1]} for number, room in enumerate(ROOMS)}
MAY_USE["synthetic"] = {*FOUNDATION, "codebook", "synthetic"}
MAY_USE |= {door: {*ROOMS, "synthetic", *DOORS} for door in DOORS}
ONLY_IN = {  # outside package -> where it may be named
    "plotly": {"publish"},
    "openpyxl": {"publish"},
    "click": {"cli"},
    "rich": {"console"},
    "ipywidgets": {"notebook"},
    "tomlkit": {"project", "new_edition"},
    "rapidfuzz": {"responses"},
}
LONGEST_FILE, LONGEST_FUNCTION, USUAL_FUNCTION = 400, 60, 20


class Import(NamedTuple):
    """One import: where it stands and the full name of the module that it asks for."""

    module: str
    line: int
    target: str
    at_import: bool  # runs when the module is imported
    opens: str = ""  # the module that has the name, behind the doors of its rooms

    def __str__(self) -> str:
        return f"{self.module}, line {self.line}: imports {self.target}"

    @property
    def room(self) -> str:
        return room_of(self.module)

    @property
    def target_room(self) -> str:
        return room_of(self.target)


def room_of(module: str) -> str:
    """Return the room of a module of ours; the front door is ``__init__``."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def module_name(path: Path) -> str:
    parts = path.relative_to(HOUSE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def sources() -> dict[str, Path]:
    return {module_name(path): path for path in sorted(HOUSE.rglob("*.py"))}


MODULES = sources()


def imports_of(module: str, tree: ast.Module, *, package: bool) -> Iterator[Import]:
    """Yield what a module imports, with ``from x import y`` meaning ``x.y`` where that exists."""
    late = late_nodes(tree)
    for node in ast.walk(tree):
        for target, opens in targets(node, module, package=package):
            yield Import(module, node.lineno, target, id(node) not in late, opens)


def targets(node: ast.AST, module: str, *, package: bool) -> Iterator[tuple[str, str]]:
    """Yield the modules that a statement names, each with the one that it imports in the end."""
    if isinstance(node, ast.Import):
        yield from ((alias.name, alias.name) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            parts = module.split(".")
            parts = parts[: len(parts) - node.level + package]
            base = ".".join([*parts, *([node.module] if node.module else [])])
        for alias in node.names:
            inner = f"{base}.{alias.name}"
            yield inner if inner in MODULES else base, behind_doors(base, alias.name)
    elif isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        first = node.args[0] if node.args else None
        if name in ("import_module", "__import__") and isinstance(first, ast.Constant):
            yield str(first.value), str(first.value)


def behind_doors(module: str, name: str) -> str:
    """Return the module that ``from module import name`` imports in the end."""
    if name in DOORS_OF.get(module, {}):
        return behind_doors(DOORS_OF[module][name], name)
    inner = f"{module}.{name}"
    return inner if inner in MODULES else module


def doors_in(tree: ast.Module) -> dict[str, str]:
    """Return the names that a room fetches when they are first used, with their modules."""
    if "open_room" not in {getattr(node, "id", "") for node in ast.walk(tree)}:
        return {}
    return {
        alias.name: node.module or ""
        for block in tree.body
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def late_nodes(tree: ast.Module) -> set[int]:
    """Return the nodes that do not run on import: function bodies and TYPE_CHECKING blocks."""
    late: set[int] = set()
    for node in ast.walk(tree):
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if is_function or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)):
            late |= {id(inner) for inner in ast.walk(node)}
    return late


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=path.name)


DOORS_OF = {
    module: doors_in(parsed(path)) for module, path in MODULES.items() if path.name == "__init__.py"
}


def all_imports() -> list[Import]:
    return [
        found
        for module, path in MODULES.items()
        for found in imports_of(module, parsed(path), package=path.name == "__init__.py")
    ]


IMPORTS = all_imports()
ROOMS_WITH_DOORS = {module for module, doors in DOORS_OF.items() if doors}


def ours(found: Import) -> bool:
    return found.target.split(".")[0] == "survey"


# ---------------------------------------------------------------- direction


def test_every_module_lies_in_a_room_that_this_test_knows():
    unknown = {module for module in MODULES if room_of(module) not in MAY_USE}
    assert not unknown, "say in MAY_USE which rooms these may use"


def test_no_room_uses_a_later_one():
    wrong = [
        str(found)
        for found in IMPORTS
        if ours(found) and found.target_room not in MAY_USE[found.room]
    ]
    assert not wrong


def test_no_part_of_a_room_uses_a_later_one():
    assert not [str(found) for found in IMPORTS if goes_up_in_a_room(found)]


def goes_up_in_a_room(found: Import) -> bool:
    """Whether a part uses a later one, or what stands beside the parts of its room.

    Beside those of ``estimates`` stand values that all of them use, such as a table.
    """
    own, target = (part_of_room(module) for module in (found.module, found.opens))
    if own not in LEVELS or room_of(found.opens) != own.partition(".")[0]:
        return False
    beside = target not in LEVELS and room_of(found.opens) == "disclosure"
    return beside or LEVELS[own] < LEVELS.get(target, 0)


def part_of_room(module: str) -> str:
    return ".".join(module.split(".")[1:3])


def test_no_room_goes_through_the_front_door():
    wrong = [
        str(found) for found in IMPORTS if found.target == "survey" and found.room not in DOORS
    ]
    assert not wrong


def test_no_cycle_between_modules_when_they_are_imported():
    edges = defaultdict(set)
    for found in IMPORTS:
        if ours(found) and found.at_import and found.opens in MODULES:
            edges[found.module] |= run_by(found)
    assert not cycle_in(edges)


def test_no_import_is_circular_not_even_for_a_type_or_inside_a_function():
    assert not cycle_in(edges_of(IMPORTS))


def edges_of(imports: list[Import]) -> dict[str, set[str]]:
    """Return module -> modules that it names anywhere; doors of a room lead to what they open."""
    edges = defaultdict(set)
    for found in imports:
        if ours(found) and found.opens in MODULES and found.module not in ROOMS_WITH_DOORS:
            edges[found.module].add(found.opens)
    return edges


def run_by(found: Import) -> set[str]:
    """Return what an import runs: the module, and the packages that it lies in."""
    parts = found.opens.split(".")
    packages = {".".join(parts[: number + 1]) for number in range(1, len(parts))}
    return {each for each in packages if not f"{found.module}.".startswith(f"{each}.")}


def cycle_in(edges: dict[str, set[str]]) -> list[str]:
    """Return the modules of one cycle, or nothing."""
    done: set[str] = set()

    def visit(module: str, path: list[str]) -> list[str]:
        if module in path:
            return [*path[path.index(module) :], module]
        if module in done:
            return []
        for target in sorted(edges.get(module, ())):
            if target != module and (found := visit(target, [*path, module])):
                return found
        done.add(module)
        return []

    return next((found for module in sorted(edges) if (found := visit(module, []))), [])


@pytest.mark.parametrize("package", sorted(ONLY_IN))
def test_an_outside_package_is_named_in_its_room_alone(package):
    users = [found for found in IMPORTS if found.target.split(".")[0] == package]
    assert users, f"nobody imports {package}; is it still needed?"
    wrong = [str(found) for found in users if found.room not in ONLY_IN[package]]
    assert not wrong


# ---------------------------------------------------------------- the test can see


@pytest.mark.parametrize(
    ("code", "target"),
    [
        ("from survey.publish import bars", "survey.publish"),
        ("import survey.publish.charts", "survey.publish.charts"),
        ("from survey import publish", "survey.publish"),
        ("from .. import publish", "survey.publish"),
        ("from ..publish import bars", "survey.publish"),
        ("def f():\n    from survey import publish", "survey.publish"),
        ("if TYPE_CHECKING:\n    import survey.publish", "survey.publish"),
        ("import_module('survey.publish')", "survey.publish"),
    ],
)
def test_a_way_around_is_seen(code, target):
    found = list(imports_of("survey.codebook.load", ast.parse(code), package=False))
    assert [each.target for each in found] == [target]
    assert found[0].target_room not in MAY_USE[found[0].room]


@pytest.mark.parametrize(
    ("module", "target", "run"),
    [
        (
            "survey.estimates.table",
            "survey.estimates.design.left_out",
            {"survey.estimates.design", "survey.estimates.design.left_out"},
        ),
        ("survey.estimates.design.design", "survey.estimates.table", {"survey.estimates.table"}),
    ],
)
def test_an_import_runs_the_packages_around_it(module, target, run):
    assert run_by(Import(module, 1, target, at_import=True, opens=target)) == run


def test_doors_are_seen_through():
    assert behind_doors("survey.responses", "propose_frame") == "survey.responses.coding.propose"
    assert behind_doors("survey.estimates", "design") == "survey.estimates.design.design"
    assert behind_doors("survey.estimates.table", "Base") == "survey.estimates.table"


def test_a_cycle_is_seen():
    edges = {"a": {"b"}, "b": {"c"}, "c": {"b"}}
    assert cycle_in(edges) == ["b", "c", "b"]


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("survey.codebook.kinds", "from survey.responses.clean import clean"),
        ("survey.exports.export", "if TYPE_CHECKING:\n    from survey.estimates import Estimates"),
        ("survey.responses.responses", "def f():\n    from survey.project import read_project"),
        ("survey.estimates.table", "import survey.publish.rows"),
        ("survey.topics.registry", "import_module('survey.disclosure.protect')"),
        ("survey.publish.rows", "from ..cli import table"),
        ("survey.synthetic.simulation", "from survey.exports import read_export"),
    ],
)
def test_a_planted_import_that_goes_up_is_seen(module, code):
    (found,) = imports_of(module, ast.parse(code), package=False)
    assert module in MODULES
    assert found.target_room not in MAY_USE[found.room]


@pytest.mark.parametrize(
    ("module", "target"),
    [
        ("survey.estimates.design.sample", "survey.estimates.tabulation.sums"),
        ("survey.estimates.tabulation.sums", "survey.estimates.numbers.banded"),
        ("survey.estimates.precision.intervals", "survey.estimates.shares.share"),
        ("survey.disclosure.perturbation.counts", "survey.disclosure.ledger.register"),
        ("survey.disclosure.ledger.register", "survey.disclosure.publication"),
    ],
)
def test_a_planted_import_that_goes_up_in_a_room_is_seen(module, target):
    assert goes_up_in_a_room(Import(module, 1, target, at_import=False, opens=target))
    assert not goes_up_in_a_room(Import(target, 1, module, at_import=False, opens=module))


@pytest.mark.parametrize(
    ("module", "code", "way_back"),
    [
        (
            "survey.estimates.tidy",
            "if TYPE_CHECKING:\n    from survey.estimates.statistic import Statistic",
            "survey.estimates.statistic",
        ),
        (
            "survey.estimates.statistic",
            "if TYPE_CHECKING:\n    from survey.estimates import Estimates",
            "survey.estimates.table",
        ),
        (
            "survey.responses.view",
            "def f():\n    from survey.responses import Responses",
            "survey.responses.responses",
        ),
        (
            "survey.estimates.sensitivity",
            "def f():\n    from . import registry",
            "survey.estimates.registry",
        ),
    ],
)
def test_a_planted_circle_is_seen(module, code, way_back):
    planted = list(imports_of(module, ast.parse(code), package=False))
    circle = cycle_in(edges_of([*IMPORTS, *planted]))
    assert {module, way_back} <= set(circle)


# ---------------------------------------------------------------- size and names


def test_a_file_can_be_read_without_scrolling_far():
    lengths = {
        module: len(path.read_text(encoding="utf-8").splitlines())
        for module, path in MODULES.items()
    }
    long = {module: length for module, length in lengths.items() if length > LONGEST_FILE}
    assert not long, "divide these: each has two things to say"


def function_lengths() -> dict[str, int]:
    """Return the lines of every function without its docstring."""
    lengths = {}
    for module, path in MODULES.items():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef):
                words = node.body[0].end_lineno if ast.get_docstring(node) else node.lineno
                lengths[f"{module}.{node.name}"] = (node.end_lineno or 0) - (words or 0)
    return lengths


def test_functions_do_one_thing():
    lengths = function_lengths()
    long = {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION}
    assert not long
    usual = sum(length <= USUAL_FUNCTION for length in lengths.values())
    assert usual >= 0.85 * len(lengths), "most functions fit into twenty lines"


def test_frozen_classes_are_quick_to_define():
    """The standard library compiles six functions for each when it is imported (decision 81)."""
    slow = [
        module
        for module, path in MODULES.items()
        if re.search(
            r"^from dataclasses import .*\bdataclass\b", text := path.read_text("utf-8"), re.M
        )
        and "@dataclass(frozen=True" in text
    ]
    assert slow == [], "take dataclass from survey.dataclass"


def test_there_is_no_drawer_for_everything():
    assert not [path.name for path in HOUSE.rglob("*.py") if path.stem in ("utils", "helpers")]


SAME_ROLE = {  # stems that several rooms have, since what lies there does the same for its room
    "adoption": "a statistic and its chart",
    "reading": "files, and texts that answer a question, each in its way",
    "registry": "one for statistics, charts and topics each",
    "table": "what a verb returns, the family of layouts, and the command",
    "view": "how a value looks in a notebook",
    "words": "how a room words its notes and titles",
}


def test_a_module_has_a_name_of_its_own():
    """A command may be called like what it runs, and a topic like what it is about."""
    stems = defaultdict(list)
    for module, path in MODULES.items():
        if path.stem != "__init__" and room_of(module) not in ("cli", "topics"):
            stems[path.stem].append(module)
    shared = {stem: modules for stem, modules in stems.items() if len(modules) > 1}
    assert set(shared) <= set(SAME_ROLE), shared


# ---------------------------------------------------------------- registries


def kinds_asked(tree: ast.Module) -> list[str]:
    """Return the kinds of questions that code compares with, matches, or looks up by name."""
    return [name for name in names_decided(tree) if name.startswith("Kind.")]


def test_no_code_knows_a_kind_of_question_by_name():
    """A kind is made by name, and asked for its traits (``survey.codebook.kinds``)."""
    wrong = {
        module: found for module, path in MODULES.items() if (found := kinds_asked(parsed(path)))
    }
    assert not wrong


@pytest.mark.parametrize(
    "code",
    [
        "q.kind is Kind.TEXT",
        "k in (Kind.TEXT, Kind.SINGLE)",
        "{Kind.TEXT: f}",
        "match k:\n    case Kind.TEXT | Kind.SINGLE:\n        pass",
    ],
)
def test_a_kind_that_is_known_by_name_is_seen(code):
    assert "Kind.TEXT" in kinds_asked(ast.parse(code))


def statistics_asked(tree: ast.Module) -> list[str]:
    """Return where code decides by the name of a table's statistic."""
    return [
        text
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare | ast.Call | ast.Subscript)
        and (text := _decided(node))
        and re.search(r"\b(spec|shape)\.statistic\b|\bstatistic\.name\b", text)
    ]


def _decided(node: ast.expr) -> str:
    """Return the source of a comparison or look-up, or of a text's ``startswith``; else nothing."""
    if not isinstance(node, ast.Call):
        return ast.unparse(node)
    looks_up = isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "startswith")
    return ast.unparse(node) if looks_up and "STATISTICS.get" not in ast.unparse(node.func) else ""


BY_STATISTIC = {
    "publish.charts.adoption": "a kind of chart that is drawn for one statistic",
    "publish.charts.differences": "a kind of chart that is drawn for comparisons",
    "publish.charts.multiples": "a kind of chart that is offered beside shares",
    "publish.charts.waterfall": "a kind of chart that is drawn for one statistic",
    "publish.dashboard.blocks": "where the page of a question has which of its tables",
    "publish.dashboard.findings": "what is found about a question, in sentences",
    "publish.dashboard.start_page": "which tables stand on the first page",
    "publish.headlines": "what the sentences on the headlines say",
    "project.report_plan": "which tables are broken down by the questions of survey.toml",
    "estimates.weighting_effect": "the statistics whose part in each cluster it can linearize",
}


def test_no_code_knows_a_statistic_by_name():
    """View, workbook, CSV, JSON, disclosure, sensitivity and words ask its record.

    Left are kinds of charts made for one statistic, and pages that choose which table they show.
    """
    found = {module for module, path in MODULES.items() if statistics_asked(parsed(path))}
    assert found == {f"survey.{module}" for module in BY_STATISTIC}


@pytest.mark.parametrize(
    "code",
    [
        "table.spec.statistic == 'median'",
        "table.spec.statistic in ('a', 'b')",
        "WORDS.get(table.spec.statistic, '')",
        "WORDS[shape.statistic]",
        "shape.statistic.startswith('compare')",
        "statistic.name in KNOWN",
    ],
)
def test_a_statistic_that_is_known_by_name_is_seen(code):
    assert statistics_asked(ast.parse(code))


@pytest.mark.parametrize(
    "code", ["STATISTICS.get(table.spec.statistic)", "text(table.spec.statistic)"]
)
def test_to_look_up_the_record_is_not_to_know_it(code):
    assert not statistics_asked(ast.parse(code))


# ---------------------------------------------------------------- nothing of one machine


def kept_files() -> list[Path]:
    """Return the files that are under version control, or would be after the next commit."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git work tree")
    return [path for name in run.stdout.split("\0") if name and (path := ROOT / name).is_file()]


HOSTS = ("pypi" r"\.org", "pythonhosted" r"\.org", "registry" r"\.npmjs", "deb" r"\.debian")
FOLDERS = (
    r"/home/\w+/",
    r"/Users/\w+/",
    r"/ro" r"ot/",
    r"/wo" r"rk/\w",
    r"/tm" r"p/\w",
    r"C:\\Users",
)
TRACES = re.compile("|".join([*HOSTS, *(rf"(?<![\w.])(?:{folder})" for folder in FOLDERS)]))


def test_no_file_names_a_folder_or_registry_of_one_machine():
    wrong = []
    for path in kept_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if path != Path(__file__).resolve():
            wrong += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in TRACES.finditer(text)]
    assert not wrong


@pytest.mark.parametrize(
    "text", ["see /home/ann/x", "in /" + "tmp/a", "https://pypi" + ".org/simple"]
)
def test_such_a_trace_is_seen(text):
    assert TRACES.search(text)


def test_no_kept_file_is_very_large():
    large = [path.name for path in kept_files() if path.stat().st_size > 5_000_000]
    assert not large
