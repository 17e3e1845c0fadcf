"""Run the notebooks of the site, so that its pages show what the cells give.

A chart is written beside the pages as a file of its own and shown in a frame, like those of the
gallery; everything else stays as the notebook has it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["run_notebooks"]

PLOTLY = "application/vnd.plotly.v1+json"
STYLE = "width: 100%; height: {height}px; border: 0"


def run_notebooks(folder: Path, charts: Path, beside: Path) -> None:
    """Run every notebook of ``folder`` in ``beside``, and keep its outputs.

    Parameters
    ----------
    folder
        Copies of the notebooks, which are written anew.
    charts
        Where their charts are written.
    beside
        Where the notebooks find their data: the folder of the originals.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails.
    """
    import nbformat
    from nbclient import NotebookClient

    charts.mkdir(parents=True)
    for path in sorted(folder.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        resources = {"metadata": {"path": str(beside)}}
        NotebookClient(notebook, timeout=300, kernel_name="python3", resources=resources).execute()
        outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
        for number, output in enumerate(outputs, start=1):
            if PLOTLY in output.get("data", {}):
                output.data = frame_of(output.data[PLOTLY], charts / f"{path.stem}-{number}.html")
        for cell in notebook.cells:
            cell.metadata.pop("execution", None)  # when it ran
        nbformat.write(notebook, path)


def frame_of(described: dict[str, Any], target: Path) -> dict[str, str]:
    """Write a chart to a file, and return the output that shows it."""
    import plotly.io

    chart = plotly.io.from_json(json.dumps(described), skip_invalid=True)
    chart.write_html(target, include_plotlyjs="directory", div_id=target.stem)
    style = STYLE.format(height=(chart.layout.height or 480) + 30)
    place = f"../_static/{target.parent.name}/{target.name}"
    return {"text/html": f'<iframe src="{place}" title="Chart" style="{style}"></iframe>'}
