"""Draw the answers that the oracle and the tests both read: ``python answers.py answers.csv``.

One row per deployment. Organizations are clusters of one to nine deployments that resemble
each other and mostly answer in several editions; cells are empty here and there, one group
has a single organization, and one answer is never, another always given.
"""

import sys

import numpy as np
import pandas as pd

STAGES = ("Production", "Testing", "Proof of concept")
SIZES = ("1 to 9", "10 to 99", "100 or more")
TOOLS = ("Ansible", "Puppet", "Kolla", "Juju", "None of these")
EDITIONS = ("2017", "2018", "2019")
PROJECTS = ("Nova", "Neutron", "Cinder")
LEVELS = ("Production", "Testing", "Interested")
ALONE = (("o00", "2017"), ("o10", "2018"))  # whose answers alone rank "Other"
DRIVERS = ("Save money", "Innovate", "Avoid lock-in", "Other")


def draw() -> pd.DataFrame:
    rng = np.random.default_rng(20190831)
    rows = []
    for organization in range(70):
        size = int(rng.choice([1, 1, 1, 2, 3, 5, 9]))
        taste = rng.random(12)
        for edition in EDITIONS:
            if rng.random() < 0.35:
                continue
            for _ in range(size):
                own = np.where(rng.random(12) < 0.6, taste, rng.random(12))
                late = 0.12 * (int(edition) - 2018)
                stage = STAGES[int(2.2 * min(max(own[0] + late, 0), 0.99) ** 1.5)]
                if organization == 7:
                    stage = STAGES[2]
                tools = [use < 0.35 + late * place / 3 for place, use in enumerate(own[1:4])]
                row = {
                    "edition": edition,
                    "organization": f"o{organization:02}",
                    "stage": stage if rng.random() > 0.08 else "",
                    "size": SIZES[int(3 * own[5])] if rng.random() > 0.08 else "",
                    "score": str(int(11 * own[6] ** 0.5)),
                    "weight": round(float(np.exp(rng.normal(0, 0.5))), 4),
                }
                answered = any(tools) or rng.random() > 0.15
                for tool, used in zip(TOOLS, [*tools, False, answered], strict=True):
                    row[f"tool_{tool}"] = int(used) if answered else ""
                rows.append(row)
    return pd.DataFrame(rows).join(pd.DataFrame(further(rows)))


def further(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Return a matrix and a ranking per row, drawn apart so that the rest stays what it was.

    Nobody has Cinder in production. In 2017 one deployment's answers rank "Other", in 2018
    those of one organization, in 2019 nobody's. Some fill in nothing.
    """
    rng = np.random.default_rng(20190901)
    habit: dict[object, list[float]] = {}
    found = []
    for row in rows:
        taste = habit.setdefault(row["organization"], list(rng.random(8)))
        own = np.where(rng.random(8) < 0.5, taste, rng.random(8))
        blank, unranked = rng.random() < 0.1, rng.random() < 0.2
        level = [LEVELS[int(3 * each)] for each in own[:3]]
        level[2] = LEVELS[1 + int(2 * own[2])]
        filled = {
            f"project_{name}": "" if blank or own[3 + place] < 0.25 else level[place]
            for place, name in enumerate(PROJECTS)
        }
        order = list(np.argsort(own[5:8]))[: 0 if unranked else 1 + int(3 * own[3])]
        ranks = {f"rank_{name}": "" for name in DRIVERS}
        if (row["organization"], row["edition"]) in ALONE:
            order = [*order, 3]
        ranks |= {f"rank_{DRIVERS[place]}": 1 + rank for rank, place in enumerate(order)}
        found.append({**filled, **ranks})
    return found


if __name__ == "__main__":
    draw().to_csv(sys.argv[1], index=False, lineterminator="\n")
