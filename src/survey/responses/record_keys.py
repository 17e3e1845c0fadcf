"""Record keys: a secret number for each record, from which published counts get their noise."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from survey.responses.pseudonyms import Pseudonyms

__all__ = ["record_keys"]


def record_keys(
    pseudonyms: Pseudonyms, edition: str, unit: str, frame: pd.DataFrame
) -> npt.NDArray[np.uint64]:
    """Return 64 bits for each record of an edition, the same whenever it is cleaned.

    The key of a record is an HMAC-SHA-256 of the edition, the unit and the record's number, cut
    to 64 bits. The number is that of the survey system, so that a record keeps its key when an
    answer of it is corrected, when its organization is joined with another one, and when other
    records come or go. Without the secret key nobody can work it out.

    Parameters
    ----------
    pseudonyms
        Holds the secret key.
    edition, unit
        Which edition the records are of, and what a record is: the column with its number.
    frame
        The records.

    Examples
    --------
    >>> frame = pd.DataFrame({"respondent": [7, 8]})
    >>> first, second = record_keys(Pseudonyms(b"secret"), "2024", "respondent", frame)
    >>> bool(first == second)
    False
    """
    digests = b"".join(
        pseudonyms.digest(f"record\0{edition}\0{unit}\0{number}".encode())[:8]
        for number in frame[unit].tolist()
    )
    return np.frombuffer(digests, dtype=">u8").astype(np.uint64)
