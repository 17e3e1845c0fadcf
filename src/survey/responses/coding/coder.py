"""What one text says in the terms of a coding frame and of the options listed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey.codebook import Question
from survey.dataclass import dataclass
from survey.responses.coding.frame import Code
from survey.responses.coding.listed import Name, Names, listed_names
from survey.responses.coding.parts import enumerated, lines, perhaps_several
from survey.responses.coding.phrases import Phrases
from survey.responses.coding.wording import says_nothing

__all__ = ["Coded", "Coder"]


@dataclass(frozen=True, slots=True)
class Coded:
    """What a text says.

    Attributes
    ----------
    listed
        Options that it names.
    codes
        Codes of the frame that fit.
    rest
        Parts of it that are neither.
    nothing
        Whether it declines to say anything.
    """

    listed: tuple[Name, ...] = ()
    codes: tuple[Name, ...] = ()
    rest: tuple[str, ...] = ()
    nothing: bool = False

    @property
    def options(self) -> tuple[Name, ...]:
        """Options that it certainly names: nothing else is said that could qualify them."""
        return () if self.rest else self.listed

    @property
    def found(self) -> bool:
        """Whether it has a code, or certainly names an option."""
        return bool(self.options or self.codes)


class Coder:
    """Reads texts by the codes of a frame and, for write-ins, by the options listed.

    A code decides before an option does: a person wrote it down. An option is certain only when
    nothing of the text is left unexplained: "Docker, planned" may not count as Docker.

    Parameters
    ----------
    codes
        Codes for the question.
    parent
        The question whose "Other" the text explains, if it does.
    others
        The same question in other editions: their wordings name the same options.

    Examples
    --------
    >>> coder = Coder([Code("Terraform", ("tf",)), Code("Upgrades", words=("upgrad*",))])
    >>> [name.label for name in coder.read("TF; painful upgrades; Nomad").codes]
    ['Terraform', 'Upgrades']
    >>> coder.read("TF; Nomad").rest, coder.read("n/a").nothing
    (('Nomad',), True)
    """

    def __init__(
        self, codes: Sequence[Code], parent: Question | None = None, others: Sequence[Question] = ()
    ) -> None:
        names = tuple(listed_names(parent, others)) if parent else ()
        options = {label for _, label in names}
        own = [(text, code.label) for code in codes for text in (code.label, *code.synonyms)]
        self._codes = Names(pair for pair in own if pair[1] not in options)
        self._options = Names([*names, *(pair for pair in own if pair[1] in options)])
        self._everything = Names([*names, *own])
        self._option_labels = frozenset(options)
        self._phrases = [(code.label, Phrases(code.words)) for code in codes if code.words]
        self._write_in = parent is not None

    def read(self, text: str) -> Coded:
        """Return what ``text`` says."""
        whole = self._named(text)
        if whole is not None:
            return self._coded([whole], ())
        if says_nothing(text):
            return Coded(nothing=True)
        found: list[Name] = []
        rest: list[str] = []
        for line in lines(text):
            self._read_line(line, found, rest)
        found += self._tags(text)
        rest = [part for part in rest if not self._tagged(part)]
        return self._coded(found, rest)

    def near(self, text: str) -> Name | None:
        """Return the code or option that a text resembles: nothing certain."""
        return self._everything.near(text)

    def _read_line(self, line: str, found: list[Name], rest: list[str]) -> None:
        """Sort the things that a line names into those known and those not."""
        for divide in (lambda whole: [whole], perhaps_several):
            parts = divide(line)
            names = [self._named(part) for part in parts]
            if all(names):
                found += [name for name in names if name]
                return
        for part in enumerated(line):
            name = self._named(part)
            if name is None:
                rest.append(part)
            else:
                found.append(name)

    def _named(self, text: str) -> Name | None:
        """Return the code or option that a whole text names, exactly rather than misspelt."""
        for names in (self._codes, self._options):
            if text in names:
                return names.find(text)
        if not self._write_in:
            return None
        return self._everything.find(text)

    def _tags(self, text: str) -> Iterator[Name]:
        for label, phrases in self._phrases:
            if phrases.found_in(text):
                yield Name(label, "words")

    def _tagged(self, part: str) -> bool:
        return any(True for _ in self._tags(part)) or says_nothing(part)

    def _coded(self, found: Sequence[Name], rest: Sequence[str]) -> Coded:
        once = {name.label: name for name in reversed(found)}
        listed = [name for name in once.values() if name.label in self._option_labels]
        codes = [name for name in once.values() if name.label not in self._option_labels]
        return Coded(tuple(reversed(listed)), tuple(reversed(codes)), tuple(rest))
