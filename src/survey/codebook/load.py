"""Read codebook files: TOML in, a Codebook out, every mistake in one error."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from survey.codebook.codebook import Codebook, Edition
from survey.codebook.question import Band, Choice, Kind, Missing, Question, Unit
from survey.errors import CodebookError, Problem, did_you_mean

__all__ = ["read_codebook"]

_QUESTION_KEYS = frozenset({
    "concept", "heading", "title", "kind", "unit", "choices", "rows", "series", "measure",
    "required", "flat", "personal", "write_in_of", "note", "choices_by_edition",
})
_EDITION_KEYS = frozenset({
    "name", "names", "title", "status", "extends", "opened", "closed", "note",
})
_CHOICE_KEYS = frozenset({"value", "label", "low", "high", "missing"})
_Enum = TypeVar("_Enum", bound=StrEnum)


def read_codebook(*paths: Path | str) -> Codebook:
    """Return the shipped codebook, with the editions of further files added or replaced.

    Parameters
    ----------
    paths
        Edition files in TOML. A file whose edition is already shipped replaces it.

    Raises
    ------
    CodebookError
        If a file cannot be read or is wrong; the error lists every mistake of every file.

    Examples
    --------
    >>> read_codebook().edition("2019").question("compute_cores").kind
    <Kind.SINGLE: 'single'>
    """
    shipped = sorted(
        (Path(str(entry)) for entry in files("survey.codebook").joinpath("data/editions").iterdir()
         if entry.name.endswith(".toml")),
        key=lambda path: path.name,
    )
    reading = _Reading()
    documents = [reading.document(Path(path)) for path in (*shipped, *paths)]
    editions: dict[str, Edition] = {}
    for path, document in sorted(
        (pair for pair in documents if pair is not None),
        key=lambda pair: "extends" in pair[1].get("edition", {}),
    ):
        editions.update(reading.editions(path, document, editions))
    if reading.problems:
        raise CodebookError("The codebook cannot be used", reading.problems)
    return Codebook(MappingProxyType(dict(sorted(editions.items()))))


@dataclass
class _Reading:
    """One reading of several files; collects problems instead of stopping at the first."""

    problems: list[Problem] = field(default_factory=list)

    def wrong(self, where: str, got: str, expected: str = "", hint: str = "") -> None:
        self.problems.append(Problem(where, got, expected, hint))

    def document(self, path: Path) -> tuple[Path, dict[str, Any]] | None:
        try:
            return path, tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            self.wrong(path.name, error.strerror or "an unreadable file", "a codebook file")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            self.wrong(path.name, str(error), "valid TOML in UTF-8")
        return None

    def editions(
        self, path: Path, document: Mapping[str, Any], known: Mapping[str, Edition]
    ) -> dict[str, Edition]:
        head = document.get("edition")
        if not isinstance(head, dict):
            self.wrong(path.name, "no [edition] table", "[edition] with a name")
            return {}
        self.unknown_keys(f"{path.name}, [edition]", head, _EDITION_KEYS)
        names = [str(name) for name in head.get("names", [head.get("name", "")])]
        if not all(names):
            self.wrong(f"{path.name}, [edition]", "no name", 'name = "2018"')
            return {}
        parent = self.parent(path, head, known)
        entries = document.get("questions", [])
        return {name: self.edition(path, head, name, parent, entries) for name in names}

    def parent(
        self, path: Path, head: Mapping[str, Any], known: Mapping[str, Edition]
    ) -> Edition | None:
        name = head.get("extends")
        if name is not None and name not in known:
            self.wrong(f"{path.name}, [edition]", f"extends = {name!r}", "an edition that is known",
                       did_you_mean(str(name), known))
        return known.get(str(name))

    def edition(
        self, path: Path, head: Mapping[str, Any], name: str, parent: Edition | None,
        entries: Sequence[Mapping[str, Any]],
    ) -> Edition:
        questions = {question.concept: question for question in parent.questions} if parent else {}
        for number, entry in enumerate(entries, start=1):
            where = f"{path.name}, question {number} ({entry.get('concept', 'no concept')})"
            inherited = questions.get(str(entry.get("concept")))
            question = self.question(where, entry, name, inherited)
            if question is not None:
                if inherited is None and question.concept in questions:
                    self.wrong(where, "a concept used twice", "each concept once")
                questions[question.concept] = question
        self.duplicates(path.name, questions.values())
        ordered = sorted(questions.values(), key=lambda question: question.unit is Unit.DEPLOYMENT)
        return Edition(
            name=name,
            title=str(head.get("title", "OpenStack User Survey {name}")).replace("{name}", name),
            status=str(head.get("status", "observed")),
            questions=tuple(ordered),
            opened=self.day(path.name, head, "opened"),
            closed=self.day(path.name, head, "closed"),
            note=str(head.get("note", "")),
        )

    def question(
        self, where: str, entry: Mapping[str, Any], edition: str, inherited: Question | None
    ) -> Question | None:
        self.unknown_keys(where, entry, _QUESTION_KEYS)
        entry = dict(entry)
        by_edition = entry.pop("choices_by_edition", {})
        if edition in by_edition:
            entry["choices"] = by_edition[edition]
        needed = () if inherited else ("concept", "heading", "title", "kind", "unit")
        lacking = [key for key in needed if not entry.get(key)]
        if lacking:
            self.wrong(where, f"no {', '.join(lacking)}", "every question to have them")
            return None
        values: dict[str, Any] = {key: entry[key] for key in entry if key in _QUESTION_KEYS}
        for key, enum in (("kind", Kind), ("unit", Unit)):
            if key in values:
                values[key] = self.member(f"{where}, {key}", enum, values[key])
        for key in ("choices", "rows"):
            if key in values:
                values[key] = tuple(self.choices(f"{where}, {key}", values[key]))
        if inherited is not None:
            return replace(inherited, **values)
        values.setdefault("series", values["concept"])
        return Question(**values)

    def choices(self, where: str, entries: Iterable[Any]) -> Iterable[Choice]:
        for entry in entries:
            if isinstance(entry, str):
                yield Choice(entry, entry)
                continue
            self.unknown_keys(where, entry, _CHOICE_KEYS)
            value = entry.get("value")
            if not isinstance(value, str) or not value:
                self.wrong(where, f"a choice without a value: {entry!r}", 'value = "..."')
                continue
            missing = entry.get("missing")
            yield Choice(
                value,
                str(entry.get("label", value)),
                self.band(f"{where}, {value!r}", entry),
                self.member(f"{where}, {value!r}", Missing, missing) if missing else None,
            )

    def band(self, where: str, entry: Mapping[str, Any]) -> Band | None:
        if "low" not in entry:
            if "high" in entry:
                self.wrong(where, "high without low", "low, and high unless the band is open")
            return None
        band = Band(entry["low"], entry.get("high"))
        if band.high is not None and band.high < band.low:
            self.wrong(where, f"low = {band.low}, high = {band.high}", "low up to high")
        return band

    def member(self, where: str, enum: type[_Enum], name: object) -> _Enum | None:
        try:
            return enum(str(name))
        except ValueError:
            known = [member.value for member in enum]
            self.wrong(where, repr(name), f"one of {', '.join(known)}",
                       did_you_mean(str(name), known))
            return None

    def day(self, where: str, head: Mapping[str, Any], key: str) -> date | None:
        day = head.get(key)
        if day is not None and not isinstance(day, date):
            self.wrong(f"{where}, [edition]", f"{key} = {day!r}", "a date such as 2018-03-01")
            return None
        return day

    def unknown_keys(
        self, where: str, entry: Mapping[str, Any], known: frozenset[str]
    ) -> None:
        for key in sorted(set(entry) - known):
            self.wrong(where, f"unknown key {key!r}", "", did_you_mean(key, known))

    def duplicates(self, where: str, questions: Iterable[Question]) -> None:
        questions = tuple(questions)
        for heading, times in Counter(question.heading for question in questions).items():
            if times > 1:
                self.wrong(where, f"heading {heading!r} {times} times", "each heading once")
