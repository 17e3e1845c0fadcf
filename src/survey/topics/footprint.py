"""How large clouds are: cores, nodes, instances, users, addresses, storage."""

from __future__ import annotations

from collections.abc import Iterator

from survey.estimates import Estimates, median, share, total
from survey.responses import Responses

__all__ = ["SIZES", "footprint"]

SIZES = (
    "compute_cores",
    "compute_nodes",
    "compute_instances",
    "cloud_users",
    "ip_addresses",
    "block_storage",
    "object_storage",
    "object_count",
)
_OVER_YEARS = ("compute_cores", "compute_nodes", "compute_instances")


def footprint(answers: Responses, edition: str) -> Iterator[Estimates]:
    """Yield the tables on the size of clouds.

    Sizes are bands, so medians come with the edges of the band that holds them, and totals
    with bounds that need no model.
    """
    now = answers.in_edition(edition)
    for concept in SIZES:
        if concept in now.concepts:
            yield share(now, concept).named(concept, "footprint")
    for concept in _OVER_YEARS:
        if concept not in answers.concepts:
            continue
        title = answers.question(concept).title
        yield share(answers, concept, by="edition").named(
            f"{concept}_by_edition", "footprint", f"{title}: over the editions"
        )
        yield median(answers, concept, by="edition").named(
            f"{concept}_median", "footprint", f"{title}: the median cloud"
        )
    if "compute_cores" in answers.concepts:
        yield total(answers, "compute_cores", by="edition").named(
            "compute_cores_total", "footprint", "Compute cores in the clouds that answered"
        )
        yield share(now, "compute_cores", by="deployment_stage").named(
            "compute_cores_by_stage", "footprint", "Compute cores, by stage of the deployment"
        )
