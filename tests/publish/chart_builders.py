"""Publications made by hand for the tests of charts and dashboard, named by the shape of tables.

What the tests of the workbook need, too, is in ``workbook_builders.py``; here are the shapes that
only charts tell apart, and labels that attack a web page.
"""

from __future__ import annotations

import math
from typing import Any

from survey.disclosure.publication import Publication
from survey.estimates.table import Estimates, Measure
from tests.publish import workbook_builders as make

ATTACKS = (
    "<script>window.attacked = 1</script>",
    "<img src=x onerror=window.attacked=1>",
    "\"'><svg onload=window.attacked=1>",
    "<a href='javascript:window.attacked=1'>a link</a>",
    "</script><script>window.attacked=1</script>",
    "<b>bold</b> & co &lt;i&gt;",
    "%{x} and %{customdata}",
    "=HYPERLINK(1)",
    "-1+1",
    "中国移动通信集团 " * 3,
    make.LONG_LABEL,
)
TOOLS = {"Ansible": 0.46, "Kolla": 0.31, "Puppet": 0.24, "Juju": 0.08}


def attacks() -> Estimates:
    rows = [make.share_row(label, 0.04 * (place + 2), 150.0) for place, label in enumerate(ATTACKS)]
    return make.table(
        "attacks</script>", rows, several=True, topic="<b>topic</b>", title=" ".join(ATTACKS[:3]),
        notes=(ATTACKS[1],),
    )  # fmt: skip


def attacks_by_group() -> Estimates:
    rows = [
        make.share_row(label, 0.1, 150.0, region=group)
        for group in ATTACKS[:2]
        for label in ATTACKS[2:6]
    ]
    return make.table("attacks_by_group", rows, by=("region",), topic="landscape", several=True)


def tools_by_edition() -> Estimates:
    """A few answers over editions: 2019 not comparable, one not offered, one withheld."""
    rows = []
    for step, edition in enumerate(make.EDITIONS):
        for place, (tool, share) in enumerate(TOOLS.items()):
            status = "ok" if step else "not comparable"
            status = "not offered" if (step, place) == (2, 1) else status
            status = "suppressed" if (step, place) == (3, 3) else status
            moved = share + 0.01 * step
            rows.append(make.share_row(tool, moved, 240.0 + step, status, edition=edition))
    return make.table(
        "deployment_tools_by_edition", rows, by=("edition",), several=True, topic="landscape",
        title="Deployment tools, by edition",
    )  # fmt: skip


def projects_by_level() -> Estimates:
    """A matrix of 49 rows and three levels, some withheld."""
    rows = []
    for place in range(49):
        item = f"Project {place + 1:02d}"
        for level, share in (("Production", 0.93), ("Testing", 0.12), ("Interested", 0.2)):
            shrunk = share * (1 - place / 52) ** 2
            status = "suppressed" if place > 44 and level == "Testing" else "ok"
            row = make.share_row(f"{item} / {level}", shrunk, 254.0, status)
            rows.append({**row, "item": item, "level": level})
    return make.table("projects_used_by_level", rows, several=True, topic="landscape",
                      title="Projects, by how they are used")  # fmt: skip


def medians() -> Estimates:
    """Medians with bounds over more than three powers of ten, one bound open."""
    rows: list[dict[str, Any]] = []
    for step, edition in enumerate(make.EDITIONS):
        value = 40.0 * 4**step
        rows.append(
            {
                "edition": edition, "answer": "median", "count": 240, "base": 240, "value": value,
                "low": value / 2, "high": value * 2, "status": "imprecise" if step == 1 else "ok",
                "lower_bound": value / 4, "upper_bound": math.nan if step == 5 else value * 4,
                "band": "a band", "imprecise_because": "few" if step == 1 else "",
            }
        )  # fmt: skip
    return make.table("cores_median", rows, by=("edition",), measure=Measure.NUMBER,
                      statistic="quantile", counts="cores", title="The median cloud")  # fmt: skip


def everything() -> Publication:
    tables = make.everything().tables.values()
    return make.publication(
        *tables, attacks(), attacks_by_group(), tools_by_edition(), projects_by_level(), medians(),
        provenance=make.INVENTED,
    )  # fmt: skip
