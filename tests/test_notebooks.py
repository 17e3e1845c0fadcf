"""Every notebook runs from top to bottom, and is kept without outputs."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
FOUND = sorted(NOTEBOOKS.glob("*.ipynb"))
MINUTES = 5


def test_there_is_a_first_tour():
    assert NOTEBOOKS / "first_tour.ipynb" in FOUND


@pytest.mark.parametrize("path", FOUND, ids=[path.stem for path in FOUND])
def test_a_notebook_is_kept_clean(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not [cell.source for cell in cells if cell.outputs or cell.execution_count]
    assert set(notebook.metadata) <= {"kernelspec", "language_info"}


@pytest.mark.locked
@pytest.mark.filterwarnings("default")  # of the machinery that talks to the kernel, not of ours
@pytest.mark.parametrize("path", FOUND, ids=[path.stem for path in FOUND])
def test_a_notebook_runs_without_error_or_warning(path):
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=60 * MINUTES,
        kernel_name="python3",
        resources={"metadata": {"path": str(NOTEBOOKS)}},
    )
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert outputs, "a tour shows something"
    assert not [output.text for output in outputs if output.get("name") == "stderr"]
