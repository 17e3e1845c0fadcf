"""Tables as Parquet: typed, the same bytes each time, and useful without this package.

The file's metadata has, under the key ``survey``, a JSON text that says what every column is:
concept, unit, kind, title, heading in the export, choices, edges of bands, edition, digest of
the codebook. Any reader can get it::

    pyarrow   pq.read_schema(path).metadata[b"survey"]
    DuckDB    SELECT value FROM parquet_kv_metadata('...') WHERE key = 'survey'
    polars    pl.read_parquet_metadata(path)["survey"]
    R         arrow::read_parquet(path, as_data_frame = FALSE)$metadata$survey
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from survey.responses.store.stored_columns import Column, to_arrow

__all__ = ["arrow_table", "parquet_bytes", "read_parquet"]


def arrow_table(frame: pd.DataFrame, columns: Sequence[Column]) -> pa.Table:
    """Return a table of pandas as Arrow holds it."""
    arrays = [to_arrow(frame[column.name], column) for column in columns]
    return pa.Table.from_arrays(arrays, names=[column.name for column in columns])


def parquet_bytes(table: pa.Table, about: Mapping[str, Any]) -> bytes:
    """Return a Parquet file that says of itself what its columns mean."""
    said = json.dumps(about, ensure_ascii=False).encode()
    sink = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata({b"survey": said}), sink, compression="zstd")
    return bytes(sink.getvalue())


def read_parquet(content: bytes) -> pa.Table:
    """Return the table in a Parquet file.

    Raises
    ------
    pyarrow.ArrowInvalid, OSError
        If it is damaged.
    """
    return pq.read_table(pa.BufferReader(content))
