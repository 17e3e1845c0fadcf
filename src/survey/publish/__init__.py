"""Numbers -> what people look at; the only room that names plotly and openpyxl writers."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from survey.publish.audit import Slip, audit, audit_text
from survey.publish.chart_json import write_charts
from survey.publish.charts import bars, figure
from survey.publish.claims import claims_of, write_claims
from survey.publish.dashboard import write_dashboard
from survey.publish.evidence import Claim
from survey.publish.headlines import Headline, headlines
from survey.publish.narrative import narrative_of, write_narrative
from survey.publish.own_claims import CLAIM_KEYS, CheckedClaim, Verdict, check_claims
from survey.publish.publisher import Publisher
from survey.publish.quality_page import quality_page, refuse_quality_page, write_quality_page
from survey.publish.reading import ReadPublication, read_publication
from survey.publish.single import refuse_table_file, write_table_file
from survey.publish.tables import write_tables
from survey.renamed import missing_name

if TYPE_CHECKING:
    from survey.publish.bundle import refuse_report, unchanged_report, write_report
    from survey.publish.workbook import write_workbook

__all__ = [
    "CLAIM_KEYS",
    "CheckedClaim",
    "Claim",
    "Headline",
    "Publisher",
    "ReadPublication",
    "Slip",
    "Verdict",
    "audit",
    "audit_text",
    "bars",
    "check_claims",
    "claims_of",
    "figure",
    "headlines",
    "narrative_of",
    "quality_page",
    "read_publication",
    "refuse_quality_page",
    "refuse_report",
    "refuse_table_file",
    "unchanged_report",
    "write_charts",
    "write_claims",
    "write_dashboard",
    "write_narrative",
    "write_quality_page",
    "write_report",
    "write_table_file",
    "write_tables",
    "write_workbook",
]

_LATER = {
    "refuse_report": "bundle",
    "unchanged_report": "bundle",
    "write_report": "bundle",
    "write_workbook": "workbook",
}


def __getattr__(name: str) -> Any:
    """Fetch what writes workbooks when it is first used: a chart does not need openpyxl."""
    if name not in _LATER:
        missing_name(__name__, name)
    value = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = value
    return value
