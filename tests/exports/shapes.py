"""One invented survey of bakeries as four survey tools write it, from the same seed.

Columns, heading lines, ticks and write-ins are those of the tools' own exports; every answer is
invented.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

ROLES = ("Owner", "Baker", "Apprentice")
TOOLS = ("Mixer", "Proofing oven", "Scale, digital", "Bread slicer")
DAYS = ("Monday", "Tuesday, early", "Sunday")
TASKS = ("Baking", "Selling")
LEVELS = ("Never", "Sometimes", "Often", "Always")
SIZES = ("1-9", "10-49", "50 or more")
WRITTEN = ("a rolling pin", "Grandmother's bowl, wooden", 'the "big" fork', "dough scraper")
TEXTS = ("More flour, please", "Nothing.", 'Say "hello"\nto the team', "Ümläute and 日本語", "")
COUNTRIES = ("Germany", "Brazil", "Japan", "France")
NAMES = ("Müller", "Silva & Sons", "Tanaka", "Dupont, Paris", "Old Mill")


@dataclass(frozen=True)
class Answers:
    """What one respondent answered; empty where they did not."""

    number: int
    role: str
    role_written: str
    tools: tuple[str, ...]
    tool_written: str
    level: dict[str, str]
    days: dict[str, tuple[str, ...]]
    size: str
    loaves: str
    score: str
    text: str
    country: str
    company: str
    contact: str
    more: str


def answers(seed: int, number: int = 60) -> list[Answers]:
    """Return what invented respondents answered."""
    rng = random.Random(seed)

    def some(choices: Sequence[str], most: int) -> tuple[str, ...]:
        chosen = set(rng.sample(choices, rng.randint(0, most)))
        return tuple(each for each in choices if each in chosen)

    def maybe(text: str, often: float = 0.85) -> str:
        return text if rng.random() < often else ""

    people = []
    for place in range(number):
        role = maybe(rng.choice((*ROLES, "Other")), 0.9)
        people.append(
            Answers(
                1000 + place,
                role,
                f"{rng.choice(WRITTEN)} {place % 7}" if role == "Other" else "",
                some(TOOLS, 3),
                maybe(f"{rng.choice(WRITTEN)} {place % 9}", 0.2),
                {task: maybe(rng.choice(LEVELS)) for task in TASKS},
                {task: some(DAYS, 2) for task in TASKS},
                maybe(rng.choice(SIZES)),
                maybe(str(rng.randint(1, 4000))),
                maybe(str(rng.randint(0, 10))),
                f"{text} ({place})" if (text := rng.choice(TEXTS)) else "",
                maybe(rng.choice(COUNTRIES)),
                maybe(f"{rng.choice(NAMES)} {place % 23}"),
                maybe(f"baker{place}@example.org", 0.3),
                maybe(rng.choice(("Yes", "No", "Prefer not to say"))),
            )
        )
    return people


MORE = (
    "In which country is your bakery?",
    "What is the name of your company?",
    "Your e-mail address, if we may ask more",
    "Will your bakery grow?",
)
KINDS = ("single", "multiple", "matrix", "single", "single", "single", "text", "country",
         "organization", "text", "single")  # fmt: skip
"""Kinds of the questions that every tool asks, in the order of their columns."""


def _more(each: Answers) -> tuple[str, ...]:
    return each.country, each.company, each.contact, each.more


def _text(rows: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def surveymonkey(people: Sequence[Answers]) -> str:
    """Return two heading lines: the question, and under it the choices."""
    keys = ("Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address")
    top = [*keys, "What is your role?", "", "Which tools do you use?", *[""] * len(TOOLS)]
    below = [*[""] * len(keys), "Response", "Other (please specify)"]
    below += [*TOOLS, "Other (please specify)"]
    top += ["How often do you do this?", "", "How many people work here?", "Loaves per day"]
    below += [*TASKS, "Response", "Open-Ended Response"]
    top += ["How likely are you to recommend us?", "Anything else?", *MORE]
    below += ["Response", *["Open-Ended Response"] * 4, "Response"]
    rows = [top, below]
    for each in people:
        start = f"05/{1 + each.number % 28:02}/2031 01:02:03 PM"
        rows.append(
            [
                str(118_000_000_000 + each.number),
                "400500600",
                start,
                start,
                "192.0.2.1",
                "Other (please specify)" if each.role == "Other" else each.role,
                each.role_written,
                *(tool if tool in each.tools else "" for tool in TOOLS),
                each.tool_written,
                *(each.level[task] for task in TASKS),
                each.size,
                each.loaves,
                each.score,
                each.text,
                *_more(each),
            ]
        )
    return _text(rows)


def qualtrics(people: Sequence[Answers]) -> str:
    """Return three heading lines, previews among the records, a column per choice."""
    keys = ["StartDate", "EndDate", "Status", "Progress", "Duration (in seconds)", "ResponseId"]
    names = [*keys, "Q1", "Q1_4_TEXT", *(f"Q2_{n}" for n in range(1, 6)), "Q2_5_TEXT"]
    names += ["Q3_1", "Q3_2", "Q4", "Q5", "Q6", "Q7", "Q8", "Q9", "Q10", "Q11"]
    asked = ["Start Date", "End Date", "Response Type", "Progress", "Duration (in seconds)"]
    asked += ["Response ID", "What is your role? - Selected Choice", "What is your role? - Other"]
    asked += [f"Which tools do you use? - Selected Choice - {tool}" for tool in (*TOOLS, "Other")]
    asked += ["Which tools do you use? - Other - Text"]
    asked += [f"How often do you do this? - {task}" for task in TASKS]
    asked += ["How many people work here?", "Loaves per day", "Recommend us?", "Anything else?"]
    asked += MORE
    rows = [names, asked, [f'{{"ImportId":"QID{n}"}}' for n in range(len(names))]]
    for place, each in enumerate(people):
        when = f"2031-05-{1 + each.number % 28:02} 13:02:03"
        status = "Survey Preview" if place % 13 == 5 else "IP Address"
        rows.append(
            [
                when,
                when,
                status,
                "30" if place % 17 == 3 else "100",
                str(30 + place),
                f"R_{each.number}xYz",
                each.role,
                each.role_written,
                *(tool if tool in each.tools else "" for tool in TOOLS),
                "Other" if each.tool_written else "",
                each.tool_written,
                *(each.level[task] for task in TASKS),
                each.size,
                each.loaves,
                each.score,
                each.text,
                *_more(each),
            ]
        )
    return _text(rows)


def google_forms(people: Sequence[Answers]) -> str:
    """Return one column per question; lists joined by commas, write-ins among the answers."""
    rows = [
        [
            "Timestamp",
            "What is your role?",
            "Which tools do you use?",
            *(f"How often do you do this? [{task}]" for task in TASKS),
            *(f"On which days? [{task}]" for task in TASKS),
            "How many people work here?",
            "Loaves per day",
            "How likely are you to recommend us?",
            "Anything else?",
            *MORE,
        ]
    ]
    for each in people:
        chosen = [*each.tools, *([each.tool_written] if each.tool_written else [])]
        rows.append(
            [
                f"2031/05/{1 + each.number % 28:02} 3:14:07 PM GMT+2",
                each.role_written if each.role == "Other" else each.role,
                ", ".join(chosen),
                *(each.level[task] for task in TASKS),
                *(", ".join(each.days[task]) for task in TASKS),
                each.size,
                each.loaves,
                each.score,
                each.text,
                *_more(each),
            ]
        )
    return _text(rows)


def limesurvey(people: Sequence[Answers]) -> str:
    """Return question codes as headings, Yes and No for ticks, texts of "Other" apart.

    Who saw the question on tools and ticked nothing has No everywhere; who left before has
    nothing.
    """
    keys = ["id", "submitdate", "lastpage", "startlanguage", "seed"]
    names = [*keys, "role", "role[other]"]
    names += [*(f"tools[SQ{n:03}]" for n in range(1, 5)), "tools[other]"]
    names += [*(f"often[SQ{n:03}]" for n in range(1, 3)), "size", "loaves", "score", "remark"]
    names += ["country", "company", "contactEmail", "growing"]
    rows = [names]
    for place, each in enumerate(people):
        left = place % 11 == 4
        ticks = ["" if left else "Yes" if tool in each.tools else "No" for tool in TOOLS]
        rows.append(
            [
                str(each.number),
                f"2031-05-{1 + each.number % 28:02} 13:02:03",
                "1" if left else "3",
                "en" if each.number % 2 else "de",
                "4711",
                each.role,
                each.role_written,
                *ticks,
                "" if left else each.tool_written,
                *(each.level[task] for task in TASKS),
                each.size,
                each.loaves,
                each.score,
                each.text.replace("\n", " "),
                *_more(each),
            ]
        )
    return _text(rows, ";", "\r\n")


WRITERS: dict[str, Callable[[Sequence[Answers]], str]] = {
    "surveymonkey": surveymonkey,
    "qualtrics": qualtrics,
    "google_forms": google_forms,
    "limesurvey": limesurvey,
}
