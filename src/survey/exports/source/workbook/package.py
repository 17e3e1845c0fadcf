"""The package that a workbook is: checked as a whole before any part of it is parsed."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from xml.parsers import expat

from survey.dataclass import dataclass
from survey.errors import ExportError
from survey.exports.source.first_bytes import OLE
from survey.exports.source.raw_file import Raw, fault

__all__ = ["Events", "Package", "Start"]

MOST_PARTS = 2_000
MOST_UNFOLDED = 1 << 29
SMALL = 1 << 24
MOST_TIMES = 200
_CHUNK = 1 << 16
_WORKBOOK, _MANIFEST = "xl/workbook.xml", "META-INF/manifest.xml"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
_EXPECTED = "a workbook with one sheet of an export"
_SAVE = "open it and save the sheet as .xlsx or as CSV UTF-8"
Start = Callable[[str, dict[str, str]], None]


@dataclass(frozen=True)
class Events:
    """What to do at the beginning and the end of an element, and with its text."""

    start: Start
    end: Callable[[str], None]
    text: Callable[[str], None]


@dataclass(frozen=True)
class Package:
    """A workbook whose size is known to be bearable."""

    name: str
    archive: zipfile.ZipFile

    @classmethod
    def of(cls, raw: Raw) -> Package:
        """Open a workbook.

        Raises
        ------
        ExportError
            If it is damaged, encrypted, of another kind, holds macros, or would unfold to more
            than is bearable.
        """
        if raw.data.startswith(OLE):
            raise _old_or_encrypted(raw)
        try:
            package = cls(raw.name, zipfile.ZipFile(io.BytesIO(raw.data)))
        except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError) as error:
            raise _damaged(raw.name, error) from None
        package._refuse_other_kinds()
        package._refuse_too_much(len(raw.data))
        return package

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of everything in the package."""
        return tuple(self.archive.namelist())

    @property
    def is_open_document(self) -> bool:
        """Whether it is a workbook of LibreOffice and its kin (.ods)."""
        return _OPEN_DOCUMENT in self._beginning("mimetype") and "content.xml" in self.parts

    def _beginning(self, part: str) -> bytes:
        """Return the first bytes of a small part, if it is there and sound."""
        if part not in self.parts:
            return b""
        try:
            with self.archive.open(part) as content:
                return content.read(_CHUNK)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
            raise _damaged(self.name, error) from None
        except (NotImplementedError, UnicodeError, ValueError) as error:
            raise _damaged(self.name, error) from None

    def _refuse_other_kinds(self) -> None:
        parts = set(self.parts)
        if any(info.flag_bits & 1 for info in self.archive.infolist()):
            raise fault(self.name, "an encrypted archive", _EXPECTED, "remove the password")
        if any(PurePosixPath(part).name.lower() == "vbaproject.bin" for part in parts):
            hint = "save it as .xlsx, which has no macros"
            raise fault(self.name, "a workbook with macros", "a workbook without", hint)
        if self.is_open_document and b"encryption-data" in self._beginning(_MANIFEST):
            raise fault(self.name, "an encrypted workbook", _EXPECTED, "remove the password")
        if _WORKBOOK in parts or self.is_open_document:
            return
        kinds = {
            "xl/workbook.bin": "a binary workbook (.xlsb)",
            "content.xml": "an OpenDocument file",
            "word/document.xml": "a text document",
        }
        got = next((kind for part, kind in kinds.items() if part in parts), "")
        raise fault(
            self.name, got or "a workbook or zip archive without a workbook in it", _EXPECTED, _SAVE
        )

    def _refuse_too_much(self, packed: int) -> None:
        infos = self.archive.infolist()
        whole = sum(info.file_size for info in infos)
        twice = len(infos) - len({info.filename for info in infos})
        got = ""
        if len(infos) > MOST_PARTS:
            got = f"{len(infos):,} parts in one workbook"
        elif twice:
            got = f"a workbook that has {twice} of its parts twice"
        elif whole > MOST_UNFOLDED:
            got = f"a workbook of {whole:,} bytes once unpacked"
        elif whole > SMALL and whole > MOST_TIMES * packed:
            got = f"{packed:,} bytes that unfold to {whole:,}"
        if got:
            hint = "export the answers again as CSV"
            raise fault(self.name, got, "a workbook of bearable size", hint)

    def parse(self, part: str, events: Events) -> None:
        """Parse one part, bit by bit.

        Raises
        ------
        ExportError
            If it is damaged, or declares a document type, which no workbook does.
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attributes: events.start(_bare(name), attributes)
        parser.EndElementHandler = lambda name: events.end(_bare(name))
        parser.CharacterDataHandler = events.text
        parser.StartDoctypeDeclHandler = self._refuse_document_type
        parser.EntityDeclHandler = self._refuse_document_type
        try:
            for chunk in self._chunks(part):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise _damaged(self.name, error) from None
        except (NotImplementedError, RuntimeError, LookupError, ValueError, OverflowError) as error:
            raise _damaged(self.name, error) from None

    def _chunks(self, part: str) -> Iterator[bytes]:
        with self.archive.open(part) as content:
            while chunk := content.read(_CHUNK):
                yield chunk

    def _refuse_document_type(self, *_: object) -> None:
        raise fault(
            self.name,
            "a workbook that declares a document type or entities",
            "a workbook as spreadsheets write it",
            "do not open it: it may have been made to do harm",
        )


def _bare(name: str) -> str:
    """Return the name of an element without its namespace."""
    return name.rpartition(" ")[2]


def _damaged(name: str, error: Exception) -> ExportError:
    said = str(error).split("\n")[0] or type(error).__name__
    return fault(
        name,
        f"a workbook or zip archive that is damaged ({said})",
        _EXPECTED,
        "save it again, or export the answers as CSV",
    )


def _old_or_encrypted(raw: Raw) -> ExportError:
    if "EncryptedPackage".encode("utf-16-le") in raw.data:
        return fault(raw.name, "an encrypted workbook", _EXPECTED, "remove the password")
    return fault(raw.name, "an old Excel workbook (.xls)", _EXPECTED, _SAVE)
