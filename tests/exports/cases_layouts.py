"""Cases of the layouts beside the main one: lists, one graph's data, JSON, the survey until 2015."""

from __future__ import annotations

import json
from typing import Any

from survey.codebook import read_codebook
from survey.exports import Layout
from survey.exports.layouts import LAYOUTS
from tests.exports.record_results import Case
from tests.exports.survey_files import text

_BOOK = read_codebook()
_SURVEYS = ["ID", "LastEdited", "Created By", "Organization", "Current Step", "Is Completed ?",
            "Has Deployments ?", "Lang"]  # fmt: skip
_DEPLOYMENTS = ["ID", "LastEdited", "Created By", "Label", "Current Step", "Is Completed ?", "Lang"]
_TIME = "2018-06-01 10:00:00"
_LISTED = [
    _SURVEYS,
    ["1001", _TIME, "Ada Example", "Example- AG", "thank-you", "1", "2", "en_US"],
    ["1003", "2018-06-02 10:00", "Bo", "Muster", "about-you", "", "", "de_DE"],
]
_CLOUDS = [
    _DEPLOYMENTS,
    ["2001", _TIME, "Ada Example", "Prod", "thank-you", "1", "en_US"],
    ["1004", "02/13/2018 10:00", "Bo", "Cloud", "about-you", "0", "de_DE"],
]
_TEXTS = [["ID", "Answer", "Tags"], ["5001", "It works", "good,stable"], ["5002", "No, never", ""]]
LISTS = {
    "untouched": text(_LISTED, "\t"),
    "list of surveys with commas": text(_LISTED),
    "list of surveys without steps": text([row[:4] + row[5:] for row in _LISTED], "\t"),
    "list of surveys without three": text([row[:2] + row[5:] for row in _LISTED], "\t"),
    "list of surveys, moved": text([row[::-1] for row in _LISTED], "\t"),
    "list of surveys, one cell more": text([*_LISTED[:2], [*_LISTED[2], "x"]], "\t"),
    "list of surveys, number with decimals": text([_LISTED[0], ["7.0", *_LISTED[1][1:]]], "\t"),
    "list of surveys, blank words": text(
        [_LISTED[0], *[[f"{n}", _TIME, *["NULL"] * 6] for n in (1, 2)]], "\t"
    ),
    "list of deployments": text(_CLOUDS, "\t"),
    "list of deployments, no numbers": text(
        [_CLOUDS[0], *[["x", *r[1:]] for r in _CLOUDS[1:]]], "\t"
    ),
    "list of deployments with bars": text(_CLOUDS, "|"),
    **{
        f"list of surveys edited {' and '.join(times)}": text(
            [_SURVEYS, *[[str(n), time, *_LISTED[1][2:]] for n, time in enumerate(times)]], "\t"
        )
        for times in (
            ("2100-05-01 10:00:00",) * 2 + ("2019-05-01 10:00:00",),
            ("1899-05-01 10:00:00",) * 2 + ("2019-05-01 10:00:00",),
            ("2099-05-01 10:00:00",) * 2 + ("2019-05-01 10:00:00",),
            ("1900-05-01 10:00:00",) * 2 + ("2025-05-01 10:00:00",),
            ("31.12.2019", "2021-05-01"),
            ("31/12/2019 10:00",),
            ("5-1-2021 10:00", "2019"),
            ("2021-5-1 9:00", "2019-05-01"),
            ("2022/5/11 9:00", "2019"),
            ("'2022-05-01 10:00:00",),
            ("2022-05-01T10:00:00Z",),
            ("1.2.2022",),
            ("11.2.2022", "x"),
            ("2020-05-01 10:00:00", "2022-05-01 10:00:00"),
            ("2022-05-01 1:00", "2022-05-01 10:00:00", "2019-05-01 10:00:00"),
        )
    },
    "free texts": text(_TEXTS, "\t"),
    "free texts with semicolons": text(_TEXTS, ";"),
    "free texts, one without a number": text([*_TEXTS, ["", "x", ""]], "\t"),
    "free texts without tags": text([row[:2] for row in _TEXTS], "\t"),
}


def _graph(*lines: tuple[object, str], end: str = "") -> bytes:
    """Return a graph's data: number and answer of each line; who it was follows from the number."""
    rows = ['"SurveyId","Company","Submitter","Email","Answer"']
    for number, answer in lines:
        who = (
            ("N/A", "7003", "N/a")
            if number == 3
            else (f"Org {number}", "Ada", f"{number}@a.example")
        )
        rows.append(f"{number},{','.join(chr(34) + each + chr(34) for each in (*who, answer))}")
    return ("\n".join(rows) + end).encode()


_SIZES = [(1, "1 to 9 employees"), (2, "10 to 99 employees"), (3, "1,000 to 9,999 employees")]
_CORES = [
    (1, "1 to 9 cores"),
    (2, "10 to 99 cores"),
    (1, "1 to 9 cores"),
    (3, "1,000 to 9,999 cores"),
]
_USED = [
    (1, "Nova (Compute)/Production"),
    (1, "Cinder (Block Storage)/Testing"),
    (2, "Nova (Compute)/x"),
]
GRAPHS = [
    ("orgsize_12.csv", _graph(*_SIZES), None),
    ("orgsize.csv", _graph(*_SIZES), "2018"),
    ("orgsize_99.csv", _graph(*_SIZES), None),
    ("unnamed.csv", _graph(*_SIZES), None),
    ("unnamed.csv", _graph(*_SIZES), "2019"),
    ("organization_size.csv", _graph(*_SIZES), "2018"),
    ("OrgSizeSydney.csv", _graph(*_SIZES, end="\n"), "2018"),
    ("cores_13.csv", _graph(*_CORES), None),
    ("cores_13.csv", _graph(*_CORES, (1, "10 to 99 cores"), (2, "10 to 99 cores")), None),
    ("cores_15.csv", _graph(*_CORES, *[(n, "a") for n in range(4, 7)]), None),
    ("cores_13.csv", _graph(*[(n, f"{c.value}") for n, c in enumerate(
        _BOOK.question("compute_nodes", "2018").choices)]), None),
    ("projects_13.csv", _graph(*_USED[:2]), None),
    ("projects_13.csv", _graph(*_USED), None),
    ("drivers_12.csv", _graph((1, "Save money"), (1, "Avoid vendor lock-in"), (2, "Other")), None),
    ("roles_12.csv", _graph((1, "Cloud architect"), (1, "Other"), (2, "Other"), (2, "")), None),
    ("nps_12.csv", _graph((1, "9"), (2, "0"), (3, "10")), None),
    ("countries_12.csv", _graph((1, "DE"), (2, "NA"), (3, "XX")), None),
    ("countries_12.csv", _graph((1, "DE"), (2, "NA"), (3, "JP")), None),
    ("primary_country_12.csv", _graph((1, "DE"), (2, "NA"), (3, "JP")), None),
    ("contact_12.csv", _graph((1, "1"), (2, "0")), None),
    ("ok_to_contact_12.csv", _graph((1, "1"), (2, "0")), None),
    ("empty_12.csv", _graph(), None),
    ("blank_12.csv", _graph((1, ""), (2, "")), None),
    ("strange_12.csv", _graph((1, "quux"), (2, "quuux")), None),
    ("docs_14.csv", _graph((1, "Daily"), (2, "Never")), None),
    ("one in ten_12.csv", _graph(*[(n, c.value) for n, c in enumerate(
        _BOOK.question("roles", "2018").choices)]), None),
    ("feeds_12.csv", _graph((1, "two\nlines"), (2, "Daily")), None),
    ("docsfeedback_12.csv", _graph(*[(n, t) for n, t in enumerate(
        ("Daily", "Weekly", "Monthly", "Rarely", "Never", "x"))]), None),
    *(("deployment_tools_13.csv", _graph(*[(n, c.value) for n, c in enumerate(_BOOK.question("deployment_tools", "2018").choices[:known])], (99, "x")), None)
      for known in (8, 9, 10)),
    ("bad number_12.csv", _graph(("x", "Daily"), (2, "Daily")), None),
]  # fmt: skip


def old_rows(
    edition: str, *cells: dict[str, str], layout: Layout = Layout.OLD_MODEL
) -> list[list[str]]:
    headings = LAYOUTS[layout](_BOOK.edition(edition))
    apps = layout is Layout.OLD_MODEL_APPS
    rows = []
    for number, own in enumerate(cells, start=1):
        known = {
            "SurveyID": str(number), "SurveyCreated": f"2015-04-0{number} 10:00:00",
            "SurveyEdited": f"2015-04-0{number} 11:00:00", "OrgID": str(40 + number),
            **({} if apps else {"DeploymentID": str(100 + number)}), **own,
        }  # fmt: skip
        assert set(known) <= set(headings), set(known) - set(headings)
        rows.append([known.get(heading, "") for heading in headings])
    return [list(headings), *rows]


_LISTS = (
    {
        "ProjectsUsed": "Openstack Compute (Nova)-Openstack Dashboard (Horizon)",
        "OrgName": "Example",
    },
    {"NetworkDrivers": "nova-network-Hyper-V-Cisco", "DeploymentType": "Public Cloud"},
    {"DeploymentStage": "Production", "ComputeCores": "unspecified", "Label": "a{comma} b"},
    {"OperatingSystems": ""} and {"Hypervisors": "kvm-xenserver-our own-thing", "IsPublic": "1"},
    {"DeploymentType": "On-Premise Private Cloud", "DeploymentStage": "Dev/QA"},
    {"CountriesPhysicalLocation": "DE-AT", "OpenStackRecommendRate": "9", "OkToContact": "1"},
)
_COMMAS = (
    {"ProjectsUsed": "Openstack Compute (Nova),Openstack Dashboard (Horizon)", "Label": "one"},
    {"Label": "one, two", "OrgName": "Example"},
    {"ComputeCores": "501-1,000 cores", "ComputeNodes": "501-1,000 nodes"},
    {"BusinessDrivers": "Ability to innovate, compete,Cost savings", "Label": "three"},
    {"FurtherEnhancement": "more, please", "WhatDoYouLikeMost": "all, nothing"},
    {"FirstName": "x, y", "Surname": "z"},
    {"CountriesPhysicalLocation": "DE,AT", "Label": "so"},
)
_MANY_COMMAS = (
    {"Label": ",".join("ab" * 40)},
    {"Label": ",".join("abc" * 27)},
    {"Label": "x"},
    {"Label": "y"},
)
_CHOICES = _BOOK.edition("2014").by_concept


def _spread(
    rows: list[list[str]], concept: str, ticks: dict[int, tuple[str, ...]]
) -> list[list[str]]:
    """Return rows with a column for each choice of a question."""
    question = _CHOICES[concept]
    at = rows[0].index(question.heading)
    values = [choice.value for choice in question.choices]
    found = [[*rows[0][:at], *[f"{question.heading} - {v}" for v in values], *rows[0][at + 1 :]]]
    for number, row in enumerate(rows[1:], start=1):
        given = ["1" if v in ticks.get(number, ()) else "0" for v in values]
        found.append([*row[:at], *given, *row[at + 1 :]])
    return found


_FLAT_TICKS = {1: ("xen", "xenserver"), 2: ("xen",), 3: ("kvm",), 4: ("xenserver",)}
_RANKED = {1: ("Cost savings",), 2: ("Time to market",)}
OLD = {
    "lists joined by hyphens": text(old_rows("2014", *_LISTS)),
    "lists joined by hyphens, 2015": text(
        old_rows("2015", {"NetPromoter": "9", "DeploymentType": "Public Cloud"},
             {"ProjectsUsed": "OpenStack Bare Metal (Ironic)-Openstack Block Storage (Cinder)"},
             {"HorizontalWorkloadFrameworks": "OS: Windows Server- Linux-Database: mySQL- etc."},
             {"PaasTools": "None", "InteractingClouds": "Amazon-Other Clouds "})),
    "bare commas": text(old_rows("2014", *_COMMAS)),
    "bare commas, eighty and eighty-one": text(old_rows("2014", *_MANY_COMMAS)),
    "bare commas with tabs": text(old_rows("2014", *_COMMAS), "\t"),
    "bare commas that open two ways": text(
        old_rows("2014", {"Label": "a"}, {"Label": "b", "OtherHypervisor": "x,y", "OtherWhyNovaNetwork": "z"},
             {"FirstName": "a", "Surname": "b,c"})),
    "application developers": text(
        old_rows("2014", {"APIFormats": "JSON-XML", "Toolkits": "FOG-OpenStack.net", "OrgName": "E"},
             {"ProgrammingLanguages": "C/C++-C#", "DocsPriority": "Clear"}, layout=Layout.OLD_MODEL_APPS)),
    "flat, implied answers": text(
        _spread(old_rows("2014", {}, {}, {}, {}), "hypervisors", _FLAT_TICKS)),
    "flat, implied single answers": text(
        _spread(old_rows("2014", {}, {}), "operating_system", {1: ("SUSE Linux Enterprise", "openSUSE")})),
    "flat, ranked": text(_spread(old_rows("2014", {}, {}), "business_drivers", _RANKED)),
    "flat, lost systems": text(
        [[h if h != "DeploymentOperatingSystems" else "DeploymentOperatingSystems - Linux" for h in row]
         for row in old_rows("2014", {"DeploymentOperatingSystems": "1"})]),
    "headings with bare commas": text(
        _spread(old_rows("2014", {}, {}), "business_drivers", {1: ("Ability to innovate, compete",)})),
    "few of the headings": text([row[:40] for row in old_rows("2014", {}, {})]),
    "semicolons": text(old_rows("2014", *_LISTS), ";"),
    "no deployment": text(old_rows("2014", {"DeploymentID": ""}, {"DeploymentID": "x"})),
    "times without seconds": text(old_rows("2014", {"SurveyCreated": "2014-04-05 10:00"}, {})),
}  # fmt: skip


def _answer(question: str, value: object = "") -> dict[str, Any]:
    return {"id": 1, "question": f"<p>{question}</p>", "value": value, "step": 1}


def _survey(
    number: object, *answers: dict[str, Any], clouds: Any = (), **more: Any
) -> dict[str, Any]:
    return {
        "id": number, "last_edited": _TIME, "lang": "en_US", "state": "COMPLETE",
        "owner": {"id": 70, "email": "a@b.example"}, "steps": [{"id": 1, "answers": [*answers]}],
        "entity_surveys": list(clouds) if isinstance(clouds, tuple) else clouds, **more,
    }  # fmt: skip


def _cloud(number: object, *answers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": number, "state": "SAVED", "steps": [{"id": 1, "answers": [*answers]}], **more}


_ROLES, _SIZE, _HYPER = "OpenStackActivitySydney", "OrgSizeSydney", "Hypervisors"
_BASE = _survey(
    1001, _answer(_ROLES, "Cloud architect, Other"), _answer(_SIZE, "1,000 to 9,999 employees"),
    _answer("Organization", "Example AG"), _answer("BusinessDrivers", "Save money, Other"),
    clouds=(_cloud(2001, _answer(_HYPER, "KVM (x86), lxc"), _answer("Label", "Prod"),
                   _answer("ProjectsUsed", "Nova (Compute):Production, x:Testing"),
                   _answer("CountriesPhysicalLocation", "DE, AT")),
            _cloud(2002, _answer("IsPublic", "1"), state="COMPLETE")),
)  # fmt: skip
JSON: dict[str, Any] = {
    "api": _BASE,
    "api, two": [_BASE, _survey(1003, _answer("NetPromoter", 9), state="SAVED", lang=None)],
    "api, inside an object": {"survey": _BASE, "status": "ok"},
    "api, numbered": {"0": _BASE, "1": _survey(1003)},
    "api, alone inside": {"survey": _BASE},
    "api, other capitals": {("Id" if k == "id" else k.title()): v for k, v in _BASE.items()},
    "api, values as lists": _survey(
        1, _answer(_ROLES, ["Cloud architect", "Other"]), _answer(_SIZE, ["a", "b"]),
        _answer("NetPromoter", 9.0), _answer("OkToContact", True), _answer("Surname", {"value": "x"}),
        _answer("FirstName", {"0": "Ada", "1": None}), _answer("UserCountry", False)),
    "api, answered twice": _survey(1, _answer(_SIZE, "10 to 99 employees"), _answer(_SIZE, "x")),
    "api, unknown questions": _survey(1, _answer("Why?", "x"), _answer(_SIZE, "y"), _answer("Organization", "z")),
    "api, mostly unknown questions": _survey(1, _answer("Why?", "x"), _answer("How?", "y"), _answer(_SIZE, "z")),
    "api, half unknown questions": _survey(1, _answer("Why?", "x"), _answer(_SIZE, "z")),
    "api, no answers": _survey(1),
    "api, long unknown questions": _survey(1, _answer(_SIZE, "x"), _answer("Why so? " * 9, "x")),
    "api, four long unknown questions": _survey(1, *[_answer(f"{n} Why so? " * 9, "x") for n in range(4)]),
    "api, incomplete answers": _survey(
        1, {"question": _SIZE}, {"value": "x"}, {"question": "", "value": "y"}, _answer(_SIZE, "N/A"),
        _answer("Organization", "z")),
    "api, no number": [_survey("x", _answer(_SIZE, "z")), _BASE],
    "api, cloud without number": _survey(1, _answer(_SIZE, "z"), clouds=(_cloud(None, _answer("Label", "a")),)),
    "api, clouds as object": _survey(1, _answer(_SIZE, "z"), clouds={"3": _cloud(5, _answer("Label", "a"))}),
    "api, one cloud": _survey(1, _answer(_SIZE, "z"), clouds=_cloud(5, _answer("Label", "a"))),
    "api, clouds not there": {k: v for k, v in _BASE.items() if k != "entity_surveys"},
    "api, clouds null": _survey(1, _answer(_SIZE, "z"), clouds=None),
    "api, clouds as text": _survey(1, _answer(_SIZE, "z"), clouds="many"),
    "api, clouds in lists": _survey(1, _answer(_SIZE, "z"), clouds=([_cloud(5, _answer("Label", "a"))], 7, None)),
    "api, no steps": {k: v for k, v in _BASE.items() if k != "steps"},
    "api, answers elsewhere": _survey(1, _answer(_SIZE, "z"), more={"deep": [{"answers": []}]}, plain=[1]),
    "api, owner as text": _survey(1, _answer(_SIZE, "z"), owner="Ada"),
    "api, ambiguous list": _survey(1, _answer(_SIZE, "z"), clouds=(
        _cloud(5, _answer("WorkloadsCategories", "Big Data Analytics/ Data Mining/ Hadoop, Spark, etc., our own, thing")),)),
    "api, half of a character": _survey(1, _answer("Organization", "\ud83d x"), _answer(_SIZE, "z")),
    "api, two years": [_survey(n, _answer("NetPromoter", "9"), last_edited=f"{year}-05-0{n} 10:00:00")
                       for n, year in ((1, 2018), (2, 2018), (3, 2018), (4, 2019), (5, 2019), (6, 2019))],
    **{
        f"api, please specify behind {heading or 'nothing'}": _survey(
            1, _answer("NetPromoter", 9), clouds=(
                _cloud(2, *([_answer(heading, value)] if heading else []), _answer("Please specify", "mine"), _answer("Please specify", "again")),))
        for heading, value in (("", ""), (_HYPER, "lxc"), ("Label", "x"), ("ContainerFormat", "Docker"), ("OtherHypervisor", "x"))
    },
    "api, please specify twice": _survey(1, _answer("BusinessDrivers", "Save money"), _answer("Please specify", "mine"),
                                         _answer("EmergingTechnologies", "CI/CD"), _answer("Please specify:", "yours")),
    "api, please specify at last": _survey(1, _answer("BusinessDrivers", "Save money"), _answer("Please specify", "mine"),
                                           _answer("Please specify", "yours"), _answer("Please specify", "theirs")),
    "api, year unknown": [_survey(1, _answer("NetPromoter", "9"), last_edited=""), _BASE],
    "api, all years unknown": _survey(1, _answer("NetPromoter", "9"), last_edited="soon"),
    "api, another year": _survey(1, _answer("NetPromoter", "9"), last_edited="2031-05-05 10:00:00"),
    "api, time in another form": _survey(1, _answer("NetPromoter", "9"), last_edited="2018-05-05T10:00:00Z"),
    "json of counts": {"items": [], "total": 0},
    "json of another kind": {"a": 1},
    "json, a list of numbers": [1, 2],
    "json, empty": {},
}  # fmt: skip
_SHARED = """
[edition]
name = "2032"
title = "Questions that share a wording"
""" + "".join(
    f'\n[[questions]]\nconcept = "{concept}"\nheading = "{heading}"\ntitle = "x"\nkind = "single"\nunit = "respondent"\nchoices = {choices}\n'
    for concept, heading, choices in (
        ("one", "OtherBusinessDrivers", '["A", "B"]'),
        ("two", "EmergingTechnologiesOther", '["C", "B"]'),
    )
)
_STEP = json.dumps({"answers": [_answer("NetPromoter", 3)]})
_STEPS = json.dumps([{"answers": [_answer("Organization", "x")]}])
_LINES = (
    json.dumps(_BASE).encode() + b"\n" + json.dumps(_survey(7, _answer("NetPromoter", 3))).encode()
)
CASES = [
    *(Case(name, data) for name, data in LISTS.items()),
    *(Case(f"graph {number}: {name}", data, name, edition)
      for number, (name, data, edition) in enumerate(GRAPHS, start=1)),
    *(Case(name, data, "survey_results.csv") for name, data in OLD.items()),
    *(Case(name, json.dumps(found).encode(), "s.json") for name, found in JSON.items()),
    Case("api in 2019", json.dumps(_BASE).encode(), "s.json", "2019"),
    *(Case(f"api, wording shared, {given}", json.dumps(_survey(1, *[_answer("Please specify", each) for each in given])).encode(), "s.json", "2032", _SHARED)
      for given in (("A",), ("C",), ("B",), ("A", "C"), ("B", "A"), ("x",))),
    Case("json in lines", _LINES, "s.json"),
    Case("json with a mark", b"\xef\xbb\xbf " + json.dumps(_BASE).encode(), "s.json"),
    Case("broken json", b'{"id": 1,\n "steps": [}', "s.json"),
    Case("json that ends", b'{"id": 1, "steps": [', "s.json"),
    *(Case(f"json with steps twice, {first[:12]} and {second[:12]}", f'{{"id": 1, "steps": {first}, "Steps": {second}, "lang": "", "Lang": "en", "entity_surveys": []}}'.encode(), "s.json", "2018")
      for first in (_STEP, "null", _STEPS) for second in (_STEP, "null", _STEPS, '"x"')),
    Case("json with a key twice", b'{"id": 1, "ID": 2, "steps": [], "Steps": [{"answers": []}]}', "s.json"),
    Case("json, numbers without end", b'[{"id": NaN, "steps": []}]', "s.json"),
]  # fmt: skip
