"""Bands that a question does not list yet: read from their wording, with edges, in order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from survey.codebook import Band, Choice, Question
from survey.codebook.bands import Reading, Scale, read_scale, readings
from survey.codebook.bands.band_words import plain
from survey.responses.drafting.scales import declines
from survey.responses.drafting.texts import Listing, new_choice

__all__ = ["band_choices", "measure_of", "reband"]

_SCHEME = 3
_PERSON = {"person": "people", "people": "people", "persons": "people", "ips": "addresses"}


def reband(
    listing: Listing, question: Question, unknown: Mapping[str, int], given: Collection[str]
) -> dict[str, int]:
    """Add unlisted bands to a listing, and return the answers that are none.

    Another edge is another band, never another name for a listed one. Listed bands that share
    numbers with a band that was given cannot have been offered beside it, and go.
    """
    texts = [text for text in unknown if not declines(text) and readings(text)]
    left = {text: times for text, times in unknown.items() if text not in texts}
    if not texts:
        return left
    listed = {choice.value: choice for choice in listing.choices if choice.band}
    in_use = {value: c.band for value, c in listed.items() if c.band and c.label in given}
    scale = read_scale(texts, in_use)
    if scale is None:
        return dict(unknown)
    kept = _without_overlaps(listed.values(), scale, in_use)
    spelled = _same_edges(listing, kept, scale, texts)
    new = {text: scale.readings[text] for text in texts if text not in spelled}
    if new:
        _put_in_order(listing, question, kept, new)
        listing.doubts.extend(_shared(scale))
    return left


def _shared(scale: Scale) -> Iterator[str]:
    for one, other in scale.overlaps:
        yield f"{one!r} and {other!r} share numbers: correct their edges"


def _without_overlaps(
    listed: Collection[Choice], scale: Scale, in_use: Mapping[str, Band]
) -> list[Choice]:
    """Return the listed bands that somebody gave, or that can have stood beside those given."""
    given = [each.band for each in scale.readings.values()]
    if not in_use and len(given) >= _SCHEME and not any(c.band in given for c in listed):
        return []  # a scheme of its own
    return [
        choice
        for choice in listed
        if choice.band
        and (
            choice.value in in_use
            or choice.band in given
            or not any(map(choice.band.overlaps, given))
        )
    ]


def _same_edges(
    listing: Listing, kept: Sequence[Choice], scale: Scale, texts: Collection[str]
) -> set[str]:
    """Give listed bands the wording that the file has, where the edges are the same."""
    by_band = {choice.band: choice for choice in kept}
    spelled = set()
    for text in texts:
        reading = scale.readings[text]
        choice = by_band.get(reading.band)
        if choice is not None and choice in listing.choices:
            place = listing.choices.index(choice)
            listing.choices[place] = replace(choice, value=reading.text)
            listing.evidence.append(f"{choice.value!r} is worded {reading.text!r}: the same edges")
            spelled.add(text)
    return spelled


def _put_in_order(
    listing: Listing, question: Question, kept: Sequence[Choice], new: Mapping[str, Reading]
) -> None:
    """Add new bands, take out those that they replace, and fill and name what is missing."""
    edges = {choice.band for choice in kept if choice.band}
    gone = [c for c in listing.choices if c.band and c.band not in edges]
    listing.choices[:] = [c for c in listing.choices if c not in gone]
    bands = [c for c in listing.choices if c.band]
    others = [c for c in listing.choices if not c.band]
    bands += [Choice(each.text, each.text, each.band) for each in new.values()]
    bands.sort(key=lambda choice: _place(choice.band))
    bands, faults = _filled(bands, question.measure)
    listing.choices[:] = [*_joined(bands, gone, question.measure), *others]
    names = ", ".join(repr(each.text) for each in new.values())
    listing.doubts.append(f"other bands than before, read from their wording: {names}")
    if (
        gone
        and bands[-1].band
        and bands[-1].band.high is not None
        and question.measure != "percent"
    ):
        listing.doubts.append(_no_higher_band(bands[-1], gone))
    if gone:
        listing.evidence.append(
            "no longer listed, as they share numbers with these: "
            + ", ".join(repr(choice.label) for choice in gone)
        )
    listing.doubts.extend(faults)


def band_choices(texts: Sequence[str]) -> tuple[list[Choice], str, list[str]]:
    """Return new bands with edges in order, what they count, and what is doubtful.

    Examples
    --------
    >>> choices, measure, doubts = band_choices(["10 or more people", "1 person", "2-9 people"])
    >>> [choice.label for choice in choices], measure, doubts
    (['1 person', '2-9 people', '10 or more people'], 'people', [])
    """
    scale = read_scale([text for text in texts if not declines(text)])
    if scale is None:
        return [], "", []
    measure = measure_of(scale)
    bands = [Choice(each.text, each.text, each.band) for each in scale.readings.values()]
    bands, faults = _filled(bands, measure)
    faults += [said for said in _shared(scale) if said not in faults]
    return [*bands, *(new_choice(text) for text in texts if declines(text))], measure, faults


def measure_of(scale: Scale) -> str:
    """Return what bands count, as a plural where the wording has one."""
    return _PERSON.get(scale.measure, scale.measure) or "number"


def _filled(bands: Sequence[Choice], measure: str) -> tuple[list[Choice], list[str]]:
    """Return bands with those between them that nobody gave, and what does not fit."""
    known = {choice.value: choice.band for choice in bands if choice.band}
    scale = read_scale((), known)
    faults = []
    filled = list(bands)
    for gap in scale.gaps if scale else ():
        text = _worded(gap, bands, measure)
        filled.append(Choice(text, text, gap))
        faults.append(f"nobody gave a band of {gap}: it is filled with {text!r}")
    for one, other in scale.overlaps if scale else ():
        faults.append(f"{one!r} and {other!r} share numbers: correct their edges")
    filled.sort(key=lambda choice: _place(choice.band))
    return filled, faults


def _worded(gap: Band, bands: Sequence[Choice], measure: str) -> str:
    """Return the words of a band in the way of the others."""
    likeness = next((c.label for c in bands if c.band and c.band.high and c.band.low), "")
    between = " - " if " - " in likeness else "-" if "-" in likeness else " to "
    noun = plain(likeness).rsplit(" ", 1)[-1]
    tail = likeness[len(likeness) - len(noun) :] if noun.isalpha() else measure
    low, high = (f"{edge:,}" if edge is not None else "" for edge in (gap.low, gap.high))
    return f"{low}{between}{high} {tail}".strip()


def _no_higher_band(highest: Choice, gone: Sequence[Choice]) -> str:
    """Ask for the highest band, and for the words that let it be compared with former ones."""
    said = f"nobody gave a band above {highest.value!r}: add it if the form offers one"
    divided = [c.label for c in gone if _overlap(c, _open(highest)) and not _below(c, highest)]
    if not divided:
        return said
    names = ", ".join(f'"{label}"' for label in divided)
    return f"{said}, with renamed_from = [{names}] on both lines, so that they compare as one"


def _joined(bands: Sequence[Choice], gone: Sequence[Choice], measure: str) -> list[Choice]:
    """Say which former bands a band took the place of, where both make up the same numbers.

    Bands that overlap belong together. If they begin and end alike, all of them together can
    be compared with all of the former ones. Where nobody gave what the former ones had above the
    highest new band, this one stands for all of it: the form's own highest band is missing.
    """
    reach = {choice: choice for choice in bands}
    if measure != "percent" and any(c.band and not _below(c, bands[-1]) for c in gone):
        reach[bands[-1]] = _open(bands[-1])
    found = list(bands)
    for olds, news in _groups([c for c in gone if c.band], list(reach.values())):
        if _edges(olds) == _edges(news) and (len(olds) > 1 or len(news) > 1):
            for choice in (each for each, whole in reach.items() if whole in news):
                parts = tuple(c.label for c in olds if _overlap(c, reach[choice]))
                found[found.index(choice)] = replace(choice, renamed_from=parts)
    return found


def _open(choice: Choice) -> Choice:
    """Return a band without an upper end."""
    return replace(choice, band=replace(choice.band, high=None)) if choice.band else choice


def _below(choice: Choice, highest: Choice) -> bool:
    """Whether a band ends at the end of another one, or below it."""
    return _place(choice.band)[1] <= _place(highest.band)[1]


def _groups(
    olds: Sequence[Choice], news: Sequence[Choice]
) -> list[tuple[list[Choice], list[Choice]]]:
    """Return former and new bands that overlap, directly or through others."""
    groups: list[tuple[list[Choice], list[Choice]]] = []
    for old in olds:
        touched = [new for new in news if _overlap(old, new)]
        joined = [group for group in groups if any(new in group[1] for new in touched)]
        groups = [group for group in groups if group not in joined]
        groups.append(
            (
                [*(each for group in joined for each in group[0]), old],
                list(dict.fromkeys([*(n for group in joined for n in group[1]), *touched])),
            )
        )
    return [group for group in groups if group[1]]


def _overlap(one: Choice, other: Choice) -> bool:
    return one.band is not None and other.band is not None and one.band.overlaps(other.band)


def _edges(choices: Sequence[Choice]) -> tuple[float, float]:
    places = [_place(choice.band) for choice in choices]
    return min(low for low, _ in places), max(high for _, high in places)


def _place(band: Band | None) -> tuple[float, float]:
    if band is None:
        return float("inf"), float("inf")
    return band.low, float("inf") if band.high is None else band.high
