"""The committed final publication: ``python -m tests.disclosure.committed`` records it anew.

Exports, key and ledger of the invented data are committed; with them an edition is published again
as it was. With ``--from-nothing`` no column is reprinted: for a change of the noise itself.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from hashlib import sha256
from pathlib import Path

from click.testing import CliRunner

from survey.cli import main as survey
from survey.disclosure import LEDGER_FILE
from survey.project.inputs import KEY_FILE

__all__ = ["DIGESTS", "EDITION", "KEY", "LEDGER", "digests", "project_copy", "publish", "recorded"]

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "data" / "published"
EDITION = "2019"
KEY = FOLDER / "key-of-invented-data.txt"
LEDGER = FOLDER / "ledger-of-invented-data.json"
DIGESTS = FOLDER / f"{EDITION}.sha256"


def project_copy(folder: Path) -> Path:
    """Copy the project with its exports, key and ledger to a folder of its own."""
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw")
    shutil.copy(ROOT / "survey.toml", folder)
    for source, name in ((KEY, KEY_FILE), (LEDGER, LEDGER_FILE)):
        shutil.copy(source, folder / name)
        (folder / name).chmod(0o600)
    return folder


def publish(folder: Path, edition: str = EDITION) -> Path:
    """Publish an edition of the project in a folder; return the folder of its report."""
    asked = ["report", "--final", "--edition", edition]
    asked += ["--project", str(folder), "--out", str(folder / "reports")]
    done = CliRunner().invoke(survey, asked, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return folder / "reports" / edition


def digests(report: Path) -> dict[str, str]:
    """Return name -> digest of the tables of a report."""
    tables = sorted((report / "tables").glob("*.csv"))
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in tables}


def recorded() -> dict[str, str]:
    """Return the digests that were committed."""
    lines = DIGESTS.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ") for line in lines)}


def main() -> None:
    """Publish all editions once more, and record ledger and digests."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--from-nothing", action="store_true", help="as if nothing was published")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as root:
        folder = project_copy(Path(root))
        if options.from_nothing:
            (folder / LEDGER_FILE).unlink()
        report = publish(folder, "all").with_name(EDITION)
        shutil.copy(folder / LEDGER_FILE, LEDGER)
        LEDGER.chmod(0o644)
        lines = [f"{digest}  {name}\n" for name, digest in digests(report).items()]
        DIGESTS.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
