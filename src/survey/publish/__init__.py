"""Numbers -> what people look at; the only room that names plotly and openpyxl writers."""

from typing import TYPE_CHECKING

from survey.doors import open_room

if TYPE_CHECKING:
    from survey.publish.audit import Slip, audit, audit_text
    from survey.publish.bundle import write_report
    from survey.publish.cards import write_cards
    from survey.publish.chart_json import write_charts
    from survey.publish.charts import bars, figure
    from survey.publish.claims import claims_of, write_claims
    from survey.publish.dashboard import write_dashboard
    from survey.publish.earlier_report import refuse_report, unchanged_report
    from survey.publish.evidence import Claim
    from survey.publish.headlines import Headline, headlines
    from survey.publish.narrative import narrative_of, write_narrative
    from survey.publish.own_claims import CLAIM_KEYS, CheckedClaim, Verdict, check_claims
    from survey.publish.plain_tables import write_tables
    from survey.publish.publisher import Publisher
    from survey.publish.quality_page import quality_page, refuse_quality_page, write_quality_page
    from survey.publish.read_back import ReadPublication, read_publication
    from survey.publish.single import refuse_table_file, write_table_file
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
    "write_cards",
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

if not TYPE_CHECKING:  # a type checker shall go on to report names that are not there
    open_room(
        __name__,
        {
            "CLAIM_KEYS": "own_claims",
            "CheckedClaim": "own_claims",
            "Claim": "evidence",
            "Headline": "headlines",
            "Publisher": "publisher",
            "ReadPublication": "read_back",
            "Slip": "audit",
            "Verdict": "own_claims",
            "audit": "audit",
            "audit_text": "audit",
            "bars": "charts",
            "check_claims": "own_claims",
            "claims_of": "claims",
            "figure": "charts",
            "headlines": "headlines",
            "narrative_of": "narrative",
            "quality_page": "quality_page",
            "read_publication": "read_back",
            "refuse_quality_page": "quality_page",
            "refuse_report": "earlier_report",
            "refuse_table_file": "single",
            "unchanged_report": "earlier_report",
            "write_cards": "cards",
            "write_charts": "chart_json",
            "write_claims": "claims",
            "write_dashboard": "dashboard",
            "write_narrative": "narrative",
            "write_quality_page": "quality_page",
            "write_report": "bundle",
            "write_table_file": "single",
            "write_tables": "plain_tables",
            "write_workbook": "workbook",
        },
    )
