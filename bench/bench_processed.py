"""What it costs to use stored answers again, beside reading and cleaning the exports anew."""

from __future__ import annotations

import tempfile
from pathlib import Path

from timing import Ratio, side_by_side

from survey.project import Project, intake_of, project_answers, read_exports, read_project
from survey.responses import clean
from survey.synthetic import simulate


def bench_reuse() -> Ratio:
    """Check every digest and read the answers of about 10,000 deployments back."""
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "data" / "raw"
        raw.mkdir(parents=True)
        (raw / "Survey_1.csv").write_bytes(simulate("2024", respondents=7200).by_heading)
        project = read_project(folder)
        project_answers(project)
        return side_by_side(
            "answers used again, 10,000 deployments",
            lambda: _used_again(project),
            lambda: clean(read_exports(intake_of(project).exports, project.codebook())),
            against="reading and cleaning",
            limit=0.5,
        )


def _used_again(project: Project) -> None:
    if not project_answers(project).reused:
        raise RuntimeError("the stored answers were not used")
