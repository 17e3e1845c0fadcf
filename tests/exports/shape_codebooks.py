"""Codebooks of the invented survey of bakeries, one per tool that writes it."""

from __future__ import annotations

_HEAD = """
[edition]
name = "bakeries-2031"
title = "Bakeries 2031"

[vocabulary]
subject = "our bakery"
respondent = "baker"
unit = "bakery"
units = "bakeries"
counted = "loaves"
"""
_LEVELS = 'ordinal = true\nchoices = ["Never", "Sometimes", "Often", "Always"]'
_SIZES = """measure = "people"
choices = [
    { value = "1-9", low = 1, high = 9 },
    { value = "10-49", low = 10, high = 49 },
    { value = "50 or more", low = 50 },
]"""
_LOAVES = """measure = "loaves"
choices = [
    { value = "up to 99", low = 0, high = 99 },
    { value = "100 to 999", low = 100, high = 999 },
    { value = "1,000 or more", low = 1000 },
]"""
_SCORES = "choices = [{}]".format(", ".join(f'"{score}"' for score in range(11)))
_TOOLS = '"Mixer", "Proofing oven", "Scale, digital", "Bread slicer"'


def _question(concept: str, heading: str, kind: str, rest: str = "") -> str:
    return (
        f'\n[[questions]]\nconcept = "{concept}"\nheading = "{heading}"\ntitle = "{concept}"\n'
        f'kind = "{kind}"\nunit = "respondent"\n{rest}\n'
    )


def _common(often: str, size: str, loaves: str, score: str, text: str, rows: str) -> str:
    return "".join(
        (
            _question("often", often, "matrix", f"{_LEVELS}\nrows = [{rows}]"),
            _question("people", size, "single", _SIZES),
            _question("loaves", loaves, "single", _LOAVES),
            _question("likelihood_to_recommend", score, "single", _SCORES),
            _question("remark", text, "text"),
        )
    )


SURVEYMONKEY = (
    _HEAD
    + """
[layout]
family = "table"
header_rows = 2
respondent = "Respondent ID"
created = "Start Date"
time_format = "%m/%d/%Y %I:%M:%S %p"
"""
    + _question(
        "role",
        "What is your role?",
        "single",
        'choices = ["Owner", "Baker", "Apprentice", { value = "Other (please specify)", '
        'label = "Other" }]',
    )
    + _question(
        "tools",
        "Which tools do you use?",
        "multiple",
        f'choices = [{_TOOLS}, {{ value = "Other (please specify)", label = "Other" }}]',
    )
    + _common(
        "How often do you do this?",
        "How many people work here?",
        "Loaves per day",
        "How likely are you to recommend us?",
        "Anything else?",
        '"Baking", "Selling"',
    )
)
_ROLES = 'choices = ["Owner", "Baker", "Apprentice", "Other"]'
_NAMED = ("Mixer", "Proofing oven", "Scale, digital", "Bread slicer", "Other")
QUALTRICS = (
    _HEAD
    + """
[layout]
family = "table"
header_rows = 3
respondent = "ResponseId"
created = "StartDate"

[[layout.leave_out]]
column = "Status"
is = ["Survey Preview"]
because = "preview"

[[layout.leave_out]]
column = "Progress"
below = 50
because = "unfinished"
"""
    + _question("role", "Q1", "single", _ROLES)
    + _question(
        "tools",
        "Q2",
        "multiple",
        "choices = [{}]".format(
            ", ".join(
                f'{{ value = "{tool}", column = "Q2_{number}" }}'
                for number, tool in enumerate(_NAMED, start=1)
            )
        ),
    )
    + _common(
        "Q3",
        "Q4",
        "Q5",
        "Q6",
        "Q7",
        '{ value = "Baking", column = "Q3_1" }, { value = "Selling", column = "Q3_2" }',
    )
)
GOOGLE_FORMS = (
    _HEAD
    + """
[layout]
family = "table"
created = "Timestamp"
time_format = "%Y/%m/%d %I:%M:%S %p GMT%z"
separator = ", "
"""
    + _question("role", "What is your role?", "single", _ROLES)
    + _question("tools", "Which tools do you use?", "multiple", f'choices = [{_TOOLS}, "Other"]')
    + _question(
        "days",
        "On which days?",
        "matrix",
        'multiple = true\nchoices = ["Monday", "Tuesday, early", "Sunday"]\n'
        'rows = ["Baking", "Selling"]',
    )
    + _common(
        "How often do you do this?",
        "How many people work here?",
        "Loaves per day",
        "How likely are you to recommend us?",
        "Anything else?",
        '"Baking", "Selling"',
    )
)
LIMESURVEY = (
    _HEAD
    + """
[layout]
family = "table"
delimiter = "semicolon"
respondent = "id"
created = "submitdate"
language = "startlanguage"
nothing_ticked = "None of these"
"""
    + _question("role", "role", "single", _ROLES)
    + _question(
        "tools",
        "tools",
        "multiple",
        "choices = [{}]".format(
            ", ".join(
                f'{{ value = "{tool}", column = "tools[{code}]" }}'
                for tool, code in zip(
                    _NAMED, ("SQ001", "SQ002", "SQ003", "SQ004", "other"), strict=True
                )
            )
        ),
    )
    + _common(
        "often",
        "size",
        "loaves",
        "score",
        "remark",
        '{ value = "Baking", column = "often[SQ001]" }, '
        '{ value = "Selling", column = "often[SQ002]" }',
    )
)
CODEBOOKS = {
    "surveymonkey": SURVEYMONKEY,
    "qualtrics": QUALTRICS,
    "google_forms": GOOGLE_FORMS,
    "limesurvey": LIMESURVEY,
}
