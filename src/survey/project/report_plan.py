"""What a project's report holds: chapters, tables left out, and tables of one's own.

``survey.toml`` says it, and a Python file of the project can yield more::

    [report]
    chapters = ["respondents", "landscape"]   # these topics, in this order; by default all
    without = ["nps_by_edition"]              # tables left out, by their names
    topics = ["our_tables.py"]                # files with a function tables(answers, edition)
    published_figures = ["figures.toml"]      # core counts that organizations made public
    breakdowns = ["primary_country"]          # every closed question by the answers to these

    [[tables]]
    concept = "ovens"
    statistic = "share"                       # share, median, total or nps
    by = "primary_country"
    where = { deployment_stage = "Open" }
    title = "Ovens of open bakeries, by country"
    text = "Bakers may have several ovens."
    weights.organization_size = { "1 to 9" = 60, "10 or more" = 40 }   # shares of the population
"""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from survey.codebook.fields import Fields
from survey.codebook.footprints import PublishedFigure
from survey.dataclass import dataclass
from survey.errors import Problem, ProjectError, SurveyError, did_you_mean
from survey.estimates import Estimates, median, nps, rake, share, total
from survey.estimates.shares.each import shares_of_each
from survey.project.settings_checks import FILE_NAME
from survey.responses import Responses

__all__ = ["OwnTable", "ReportPlan", "read_report_plan"]

_STATISTICS: Final[Mapping[str, Callable[..., Estimates]]] = MappingProxyType(
    {"share": share, "median": median, "total": total}
)
_REPORT_KEYS = ("chapters", "without", "topics", "published_figures", "breakdowns")
_TABLE_KEYS = (
    "concept",
    "statistic",
    "by",
    "where",
    "name",
    "topic",
    "title",
    "text",
    "editions",
    "weights",
    "published_figures",
)
_FUNCTION = "tables"


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A table that a project adds to its report.

    Attributes
    ----------
    concept, statistic, by
        What is estimated: a share, a median or a total of a question, or a net promoter score.
    where
        Concepts, each with the answers of which a record has one.
    name, topic, title, text
        Name of the table and its chapter, its title, and a note under it.
    editions
        Whether all editions up to the one that is published count; else this one alone.
    weights
        Concepts, each with its answers' shares of the population, to which answers are raked.
    published_figures
        Whether a total takes core counts that organizations made public in place of bands.
    """

    concept: str
    statistic: str = "share"
    by: str = ""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    name: str = ""
    topic: str = "own"
    title: str = ""
    text: str = ""
    editions: bool = False
    weights: tuple[tuple[str, tuple[tuple[str, float], ...]], ...] = ()
    published_figures: bool = False

    def estimate(
        self, answers: Responses, edition: str, figures: Sequence[PublishedFigure] = ()
    ) -> Estimates:
        """Return the table, of answers up to an edition; ``figures`` are core counts in public."""
        counted = answers if self.editions or self.by == "edition" else answers.in_edition(edition)
        options: dict[str, Any] = {}
        if self.weights:
            margins = {concept: dict(shares) for concept, shares in self.weights}
            options["weights"] = rake(counted, margins, unit=counted.question(self.concept).unit)
        if self.published_figures:
            options["published_figures"] = figures
        if self.where:
            conditions: dict[str, Any] = dict(self.where)
            counted = counted.where(**conditions)
        by = self.by or None
        if self.statistic == "nps":
            table = nps(counted, by, concept=self.concept, **options)
        else:
            table = _STATISTICS[self.statistic](counted, self.concept, by, **options)
        named = table.named(self.called, self.topic, self.title or None)
        return named.noted(self.text) if self.text else named

    @property
    def called(self) -> str:
        """Name of the table in the report."""
        parts = (self.concept, self.statistic, *(("by", self.by) if self.by else ()))
        return self.name or "_".join(("own", *parts))


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """Which tables a report holds, in which order."""

    chapters: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    own: tuple[OwnTable, ...] = ()
    figure_files: tuple[Path, ...] = ()
    breakdowns: tuple[str, ...] = ()

    def tables(
        self,
        standing: Iterable[Estimates],
        answers: Responses,
        edition: str,
        figures: Sequence[PublishedFigure] = (),
    ) -> tuple[Estimates, ...]:
        """Return the tables of the report: standing ones that are wanted, and the project's own.

        Raises
        ------
        ProjectError
            If a chapter or table that is named does not exist, two tables have one name, or a
            Python file of the project cannot be used.
        """
        upto = answers.in_edition(*(name for name in answers.editions if name <= edition))
        given = list(standing)
        given += _broken_down(given, answers.in_edition(edition), self.breakdowns)
        given += (each.estimate(upto, edition, figures) for each in self.own)
        given += [table for path in self.files for table in _from_file(path, upto, edition)]
        problems = [*self._unknown(given), *_twice(given)]
        if problems:
            raise ProjectError("The report cannot be put together", problems)
        kept = [table for table in given if table.name not in self.without]
        if not self.chapters:
            return tuple(kept)
        return tuple(t for topic in self.chapters for t in kept if t.topic == topic)

    def _unknown(self, tables: Iterable[Estimates]) -> Iterator[Problem]:
        names, topics = {table.name for table in tables}, {table.topic for table in tables}
        for key, wanted, known in (
            ("without", self.without, names),
            ("chapters", self.chapters, topics),
        ):
            for name in wanted:
                if name not in known:
                    hint = did_you_mean(name, known) or f"one of {', '.join(sorted(known))}"
                    got, expected = repr(name), f"a {key.rstrip('s')} of the report"
                    if key == "without":
                        expected = "the name of a table of the report"
                    yield Problem(f"{FILE_NAME}, [report], {key}", got, expected, hint)


def _broken_down(
    tables: Sequence[Estimates], answers: Responses, breakdowns: Iterable[str]
) -> Iterator[Estimates]:
    """Yield each one-way share by the answers to other questions, under the table's own chapter.

    What stands already in this form is not made twice.
    """
    where, expected = f"{FILE_NAME}, [report], breakdowns", "a question of the edition"
    problems = [
        Problem(where, repr(group), expected, did_you_mean(group, answers.concepts))
        for group in breakdowns
        if group not in answers.concepts
    ]
    if problems:
        raise ProjectError("The report cannot be put together", problems)
    there = {table.name for table in tables}
    plain = [
        table
        for table in tables
        if table.spec.statistic == "share"
        and not table.groups
        and table.spec.concept in answers.concepts
    ]
    for group in breakdowns:
        wanted = {f"{each.name}_by_{group}": each for each in plain if each.spec.concept != group}
        new = {name: each for name, each in wanted.items() if name not in there}
        concepts = [each.spec.concept for each in new.values()]
        made = shares_of_each(answers, concepts, (group,))
        for (name, whole), table in zip(new.items(), made, strict=True):
            yield table.named(name, whole.topic)


def _twice(tables: Iterable[Estimates]) -> Iterator[Problem]:
    for name, times in Counter(table.name for table in tables).items():
        if times > 1:
            hint = 'give yours another one: name = "..."'
            yield Problem(FILE_NAME, f"{times} tables called {name!r}", "a name for each", hint)


def _from_file(path: Path, answers: Responses, edition: str) -> Iterator[Estimates]:
    """Yield the tables that the function ``tables`` of a project's Python file makes."""
    function = _function_of(path)
    with _named(path):
        found = list(function(answers, edition))
    for number, table in enumerate(found, start=1):
        if not isinstance(table, Estimates):
            got = f"{type(table).__name__} as table {number}"
            raise ProjectError(
                f"{path.name} cannot be used", [Problem(path.name, got, "Estimates of a verb")]
            )
        yield table if table.topic else table.named(table.name or f"{path.stem}_{number}", "own")


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Say which file of the project an error comes from, unless it says enough itself."""
    try:
        yield
    except SurveyError:
        raise
    except Exception as error:
        problem = Problem(path.name, f"{type(error).__name__}: {error}", "a file that runs")
        raise ProjectError(f"{path.name} cannot be used", [problem]) from error


def _function_of(path: Path) -> Callable[[Responses, str], Iterable[Estimates]]:
    spec = importlib.util.spec_from_file_location(f"survey_project_{path.stem}", path)
    if spec is None or spec.loader is None or not path.is_file():
        problem = Problem(
            f"{FILE_NAME}, [report], topics", path.name, "a Python file that is there"
        )
        raise ProjectError(f"{path.name} cannot be used", [problem])
    module = importlib.util.module_from_spec(spec)
    with _named(path):
        spec.loader.exec_module(module)
    if not callable(getattr(module, _FUNCTION, None)):
        problem = Problem(path.name, "no function tables", "def tables(answers, edition): ...")
        raise ProjectError(f"{path.name} cannot be used", [problem])
    function: Callable[[Responses, str], Iterable[Estimates]] = getattr(module, _FUNCTION)
    return function


def read_report_plan(
    root: Path, report: object, tables: object, problems: list[Problem]
) -> ReportPlan:
    """Return the plan that ``[report]`` and ``[[tables]]`` of a project file describe."""
    fields = Fields(f"{FILE_NAME}, [report]", report, problems)
    fields.only(_REPORT_KEYS)
    entries = tables if isinstance(tables, list) else []
    own = tuple(_own_table(number, entry, problems) for number, entry in enumerate(entries, 1))
    files = tuple(root / name for name in fields.texts("topics"))
    figures = tuple(root / name for name in fields.texts("published_figures"))
    return ReportPlan(
        fields.texts("chapters"),
        fields.texts("without"),
        files,
        own,
        figures,
        fields.texts("breakdowns"),
    )


def _own_table(number: int, entry: object, problems: list[Problem]) -> OwnTable:
    fields = Fields(f"{FILE_NAME}, [[tables]], entry {number}", entry, problems)
    fields.only(_TABLE_KEYS)
    statistic = fields.text("statistic") or "share"
    if statistic not in (*_STATISTICS, "nps"):
        known = (*_STATISTICS, "nps")
        fields.wrong(
            f"statistic = {statistic!r}",
            f"one of {', '.join(known)}",
            did_you_mean(statistic, known),
        )
    if not fields.text("concept"):
        fields.wrong("no concept", 'concept = "team_size"')
    if fields.flag("published_figures") and statistic != "total":
        fields.wrong(f"published_figures for a {statistic}", 'statistic = "total"')
    return OwnTable(
        fields.text("concept"),
        statistic,
        fields.text("by"),
        tuple(_conditions(fields)),
        fields.text("name"),
        fields.text("topic") or "own",
        fields.text("title"),
        fields.text("text"),
        fields.flag("editions"),
        tuple(_margins(fields)),
        fields.flag("published_figures"),
    )


def _margins(fields: Fields) -> Iterator[tuple[str, tuple[tuple[str, float], ...]]]:
    """Yield concepts with the shares of the population that give each answer."""
    for concept in fields.table("weights"):
        inner = Fields(f"{fields.where}, weights", fields.table("weights"), fields.problems)
        shares = Fields(f"{inner.where}, {concept}", inner.table(concept), fields.problems)
        found = {answer: shares.number(answer) for answer in inner.table(concept)}
        if any(share is not None and share < 0 for share in found.values()):
            shares.wrong("a share below 0", "shares or numbers of the population")
        yield concept, tuple((answer, share or 0.0) for answer, share in found.items())


def _conditions(fields: Fields) -> Iterator[tuple[str, tuple[str, ...]]]:
    given: Mapping[str, Any] = fields.table("where")
    for concept, wanted in given.items():
        answers = [wanted] if isinstance(wanted, str) else wanted
        if not isinstance(answers, list) or not all(isinstance(each, str) for each in answers):
            fields.wrong(f"where {concept} = {wanted!r}", "an answer, or a list of answers")
            continue
        yield concept, tuple(answers)
