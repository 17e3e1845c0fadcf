"""Record keys: who has which, and what changes them."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey import read_export
from survey.responses import Responses, clean
from survey.synthetic import simulate

KEY = bytes(range(32))


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Responses:
    folder = tmp_path_factory.mktemp("exports")
    written = simulate("2024", respondents=40, seed=3).write(folder)
    return clean(read_export(written[0]), key=KEY)


def test_a_key_is_an_hmac_of_edition_unit_and_number(answers: Responses) -> None:
    row = answers.deployments.iloc[5]
    message = f"record\0{row['edition']}\0deployment\0{row['deployment']}".encode()
    digest = hmac.new(KEY, message, hashlib.sha256).digest()
    assert int(row["record_key"]) == int.from_bytes(digest[:8], "big")


def test_keys_are_64_bits_and_no_two_are_alike(answers: Responses) -> None:
    keys = pd.concat([answers.respondents["record_key"], answers.deployments["record_key"]])
    assert keys.dtype == np.uint64
    assert keys.is_unique
    assert keys.max() > np.uint64(2**63)


def test_a_file_with_fewer_records_gives_the_rest_the_same_keys(tmp_path: Path) -> None:
    written = simulate("2024", respondents=40, seed=3).write(tmp_path)
    whole = clean(read_export(written[0]), key=KEY).deployments
    lines = written[0].read_bytes().splitlines(keepends=True)
    fewer = tmp_path / "fewer.csv"
    fewer.write_bytes(b"".join(lines[: len(lines) // 2]))
    part = clean(read_export(fewer, edition="2024"), key=KEY).deployments
    kept = part.merge(whole, on="deployment", suffixes=("", "_whole"))
    assert len(kept) >= 10
    assert (kept["record_key"] == kept["record_key_whole"]).all()


def test_another_secret_key_gives_other_record_keys(answers: Responses, tmp_path: Path) -> None:
    written = simulate("2024", respondents=40, seed=3).write(tmp_path)
    other = clean(read_export(written[0]), key=bytes(32)).respondents["record_key"]
    assert not np.isin(answers.respondents["record_key"], other).any()
