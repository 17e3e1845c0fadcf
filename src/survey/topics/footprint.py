"""How large clouds are: cores, nodes, instances, users, addresses, storage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from survey.checked import checked
from survey.codebook import PublishedFigure
from survey.codebook.hierarchies import class_of as classes_of
from survey.errors import EstimateError
from survey.estimates import Estimates, median, ratio, share
from survey.responses import Responses
from survey.topics.headline import PublishedTotal, totals
from survey.topics.words import worded

__all__ = ["SIZES", "footprint", "in_classes"]

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
_RATIOS = (
    ("cores_per_node", "compute_cores", "compute_nodes", "Compute cores per compute node"),
    ("instances_per_core", "compute_instances", "compute_cores", "Instances per compute core"),
)
_OVER_YEARS = ("compute_cores", "compute_nodes", "compute_instances")


@checked(EstimateError)
@worded
def footprint(
    answers: Responses,
    edition: str,
    figures: Sequence[PublishedFigure] = (),
    published: Sequence[PublishedTotal] = (),
) -> Iterator[Estimates]:
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
            f"{concept}_median", "footprint", f"{title}: the median {{unit}}"
        )
    if "compute_cores" in answers.concepts:
        yield from totals(answers, figures, published)
        if {"compute_cores", "deployment_stage"} <= set(now.concepts):
            yield in_classes(now, "compute_cores", by="deployment_stage").named(
                "compute_cores_by_stage", "footprint", "Compute cores, by stage of the deployment"
            )

    for name, above, below, title in _RATIOS:
        if above in answers.concepts and below in answers.concepts:
            yield ratio(answers, above, below, "edition").named(name, "footprint", title)


def in_classes(answers: Responses, concept: str, by: str) -> Estimates:
    """Return the shares of bands by groups; bands are joined as the codebook says for groups.

    The classes are the same whatever was answered. Every unit is in one class, so that the shares
    of a group add up to 1.
    """
    bands = answers.question(concept).bands
    class_of = {band: name for band, name in classes_of(concept).items() if band in bands}
    ends = {
        name: tuple(band for band in class_of if class_of[band] == name)
        for name in class_of.values()
    }
    between = [band for band in bands if band not in class_of]
    # with no band between the classes, all bands are counted and the classes alone are kept
    table = share(answers, concept, by, items=between or None, nets=ends or None)
    order = list(dict.fromkeys(class_of.get(band, band) for band in bands))
    rows = [
        part.iloc[part["answer"].map(order.index).argsort(kind="stable")]
        for _, part in table.with_frame(table.frame[table.frame["answer"].isin(order)]).per_group()
    ]
    return replace(table, frame=pd.concat(rows, ignore_index=True), several=False)
