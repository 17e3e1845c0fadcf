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
    return pd.DataFrame(rows)


if __name__ == "__main__":
    draw().to_csv(sys.argv[1], index=False, lineterminator="\n")
