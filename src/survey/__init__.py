"""The OpenStack User Survey: clean its exports, aggregate its answers, publish its numbers.

>>> import survey as sv
>>> answers = sv.clean(sv.read_export("data/raw/Survey_20240831120000.csv"))  # doctest: +SKIP
>>> cores = sv.share(answers, "compute_cores")  # doctest: +SKIP
>>> sv.bars(cores)  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import survey.frozen  # noqa: F401 - read-only mappings can then be copied
from survey._identity import check_identity
from survey.provenance import VERSION
from survey.renamed import missing_name

check_identity()

if TYPE_CHECKING:
    from survey.codebook import read_codebook
    from survey.disclosure import Policy, Publication, protect
    from survey.errors import SurveyError
    from survey.estimates import (
        Base,
        Design,
        Estimates,
        Status,
        association,
        compare,
        crosstab,
        design,
        median,
        new_clouds,
        nps,
        poststratify,
        quantile,
        rake,
        rank_associations,
        ratio,
        regress,
        sensitivity,
        share,
        topline,
        total,
        trend,
        weighting_effect,
    )
    from survey.exports import draft_codebook, read_editions, read_export
    from survey.notebook import explore
    from survey.publish import (
        audit,
        bars,
        figure,
        read_publication,
        write_report,
        write_workbook,
    )
    from survey.responses import Responses, clean, pool, read_answers, read_frame
    from survey.synthetic import simulate
    from survey.topics import standing_tables


__version__ = VERSION

__all__ = [
    "Base",
    "Design",
    "Estimates",
    "Policy",
    "Publication",
    "Responses",
    "Status",
    "SurveyError",
    "association",
    "audit",
    "bars",
    "clean",
    "compare",
    "crosstab",
    "design",
    "draft_codebook",
    "explore",
    "figure",
    "median",
    "new_clouds",
    "nps",
    "pool",
    "poststratify",
    "protect",
    "quantile",
    "rake",
    "rank_associations",
    "ratio",
    "read_answers",
    "read_codebook",
    "read_editions",
    "read_export",
    "read_frame",
    "read_publication",
    "regress",
    "sensitivity",
    "share",
    "simulate",
    "standing_tables",
    "topline",
    "total",
    "trend",
    "weighting_effect",
    "write_report",
    "write_workbook",
]

_ROOM_OF = {
    "Base": "estimates",
    "Design": "estimates",
    "Estimates": "estimates",
    "Policy": "disclosure",
    "Publication": "disclosure",
    "Responses": "responses",
    "Status": "estimates",
    "SurveyError": "errors",
    "association": "estimates",
    "audit": "publish",
    "bars": "publish",
    "clean": "responses",
    "compare": "estimates",
    "crosstab": "estimates",
    "design": "estimates",
    "draft_codebook": "exports",
    "explore": "notebook",
    "figure": "publish",
    "median": "estimates",
    "new_clouds": "estimates",
    "nps": "estimates",
    "pool": "responses",
    "poststratify": "estimates",
    "protect": "disclosure",
    "quantile": "estimates",
    "rake": "estimates",
    "rank_associations": "estimates",
    "ratio": "estimates",
    "read_answers": "responses",
    "read_codebook": "codebook",
    "read_editions": "exports",
    "read_export": "exports",
    "read_frame": "responses",
    "read_publication": "publish",
    "regress": "estimates",
    "sensitivity": "estimates",
    "share": "estimates",
    "simulate": "synthetic",
    "standing_tables": "topics",
    "topline": "estimates",
    "total": "estimates",
    "trend": "estimates",
    "weighting_effect": "estimates",
    "write_report": "publish",
    "write_workbook": "publish",
}


def __getattr__(name: str) -> Any:
    """Fetch a public name from its room when it is first used, to keep the import quick."""
    room = _ROOM_OF.get(name)
    if room is None:
        missing_name("survey", name)
    value = getattr(import_module(f"survey.{room}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
