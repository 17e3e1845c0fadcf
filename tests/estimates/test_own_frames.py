"""Tables of a frame of one's own claim nothing of organizations and forms that it does not have."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import survey as sv


def notes(frame: pd.DataFrame, folder: Path, name: str) -> str:
    path = folder / "own.toml"
    path.write_text(sv.draft_codebook(frame, name=name), "utf-8")
    found = sv.read_frame(frame, sv.read_codebook(path), edition=name)
    return "\n".join(sv.share(found, "colour").notes)


def test_without_organizations_no_interval_allows_for_them(tmp_path: Path) -> None:
    frame = pd.DataFrame({"colour": ["red", "blue", "green"] * 20})
    said = notes(frame, tmp_path, "2024")
    assert "intervals take respondents as independent" in said
    assert "intervals allow for it" not in said
    assert "read alone" not in said
    named = frame.assign(organization=[f"firm {number // 2}" for number in range(60)])
    assert "Respondents of one organization are not independent" in notes(named, tmp_path, "x")
