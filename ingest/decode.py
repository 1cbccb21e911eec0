"""Bytes become UTF-8 text: where a table lies (plain, .gz, in a .zip) and which encoding it is in."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, cast

from ingest.faults import BadInput, Fault
from ingest.file_names import file_names

#: Stands in a cell for a byte that could not be decoded; it is no character, so no honest file holds it.
MARK = "\ufdd0"
TABLES = (".csv", ".txt", ".tsv", ".tab", ".dat", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
# A larger block has left the processor's cache by the time it is decoded.
_BLOCK = 1 << 18
_WORKBOOKS = ("xl/workbook.xml", "xl/workbook.bin", "content.xml")
#: What may be raised where a file is broken or cannot be opened; zipfile tells of a password and of a packing that it
#: does not know by RuntimeError and its kinds.
BROKEN = (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError)
#: Endings of packed files, and how notes without an ending begin.
_PACKINGS = (".gz", ".zip", ".7z", ".bz2", ".xz", ".zst", ".rar", ".tar", ".tgz", ".z")
_NOTES = ("readme", "license", "licence", "copying", "notice", "manifest", "changes", "version")
_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")
_BETWEEN_LETTERS = re.compile(rb"(?<=[A-Za-z])[\x80-\xff](?=[A-Za-z])")
#: Between letters: small letters in Mac Roman that are none in cp1252; ü é ä ö as DOS wrote them; those of cp1252.
_MAC = frozenset(b"\x87\x88\x89\x8d\x8f\x90\x93\x98\x99\x9d\x9f")
_DOS = frozenset(b"\x81\x82\x84\x94")
_WESTERN = frozenset(range(0xC0, 0x100))
_ENCODINGS = 'set encoding = "…" of the source, for example "utf-8", "cp1252" or "mac_roman"'
codecs.register_error("linkages.mark", lambda error: (MARK, cast("UnicodeDecodeError", error).end))


@dataclass(frozen=True)
class Piece:
    """One table: a file, or a member of a .zip.

    Attributes
    ----------
    file
        What a person calls it: relative to the study; for a member ``deals.zip/part1.csv``.
    path, member
        Where it lies.
    workbook
        True for Excel and OpenDocument sheets, told by content and not by name.
    """

    file: str
    path: Path
    member: str | None = None
    workbook: bool = False

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open the bytes, unpacked."""
        if self.member is not None:
            with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as stream:
                yield stream
        elif _first_bytes(self.path).startswith(b"\x1f\x8b"):
            with gzip.open(self.path) as stream:
                yield cast("IO[bytes]", stream)
        else:
            with self.path.open("rb") as stream:
                yield stream


def pieces(paths: Iterable[Path], root: Path | None = None) -> tuple[list[Piece], list[Fault]]:
    """Return the tables that lie in the files, and what is wrong with files that cannot be opened.

    Parameters
    ----------
    paths
        Files; of a .zip every member that is a table. A file that is meant twice, as by a link, is one.
    root
        The folder that file names are given from.

    Examples
    --------
    >>> tables, faults = pieces([Path("no such file.csv")])
    >>> tables, faults[0].expected
    ([], 'a file')
    """
    found: list[Piece] = []
    faults: list[Fault] = []
    for path, name in file_names(paths, root).items():
        if not name.isprintable() and (odd := name.encode("utf-8", "replace").decode()) != name:
            faults.append(Fault(odd, None, odd, "a name in UTF-8", "rename the file"))
            continue
        try:
            found += _tables(path, name)
        except BadInput as error:
            faults += error.faults
        except IsADirectoryError:
            faults.append(Fault(name, None, name, "a file; this is a folder", f'write files = ["{name}/*"]'))
        except FileNotFoundError:
            faults.append(Fault(name, None, name, "a file", "correct `files` of the source in study.toml"))
        except BROKEN as error:
            faults.append(_unreadable(name, error))
    return found, faults


def _tables(path: Path, name: str) -> list[Piece]:
    """Tell by its first bytes what a file is: a workbook, a .zip of tables, or text."""
    first = _first_bytes(path)
    if first.startswith(b"\xd0\xcf\x11\xe0"):
        return [Piece(name, path, workbook=True)]
    if not first.startswith(b"PK"):
        return [Piece(name, path)]
    with zipfile.ZipFile(path) as archive:
        members = sorted(archive.namelist())
    if any(member in _WORKBOOKS for member in members):
        return [Piece(name, path, workbook=True)]
    members = [member for member in members if not _left_behind(member)]
    if faults := [*_twice(name, members), *_unheard(name, members)]:
        raise BadInput(faults)
    tables = [member for member in members if member.lower().endswith(TABLES)]
    if not tables:
        raise zipfile.BadZipFile("it holds no table")
    return [Piece(f"{name}/{m}", path, m, PurePosixPath(m).suffix.lower() in TABLES[5:]) for m in tables]


def _left_behind(member: str) -> bool:
    """Tell folders and what a Mac leaves behind."""
    return member.endswith("/") or any(
        part in ("__MACOSX", ".DS_Store") or part.startswith("._") for part in member.split("/")
    )


def _twice(name: str, members: Sequence[str]) -> list[Fault]:
    """Name the members of which an archive holds two of one name: only the last of them could be opened."""
    twice = [member for member, number in Counter(members).items() if number > 1]
    mend = "pack the files anew, each under a name of its own"
    return [Fault(f"{name}/{member}", None, member, "one member of this name", mend) for member in twice]


def _unheard(name: str, members: Sequence[str]) -> list[Fault]:
    """Name the members that may be tables and are not read: packed once more, or without an ending."""
    mend = "unpack the archive, or take out of it what is no table"
    expected = f"a table that is not packed, ending in {', '.join(TABLES[:5])} or as a workbook does"
    return [Fault(f"{name}/{member}", None, member, expected, mend) for member in members if _may_be_one(member)]


def _may_be_one(member: str) -> bool:
    path = PurePosixPath(member.lower())
    return path.suffix in _PACKINGS or (not path.suffix.strip(".0123456789") and not path.name.startswith(_NOTES))


def _first_bytes(path: Path) -> bytes:
    """Return the bytes that tell what a file is."""
    with path.open("rb") as stream:
        return stream.read(8)


def _unreadable(name: str, error: BaseException) -> Fault:
    """Say that a file cannot be unpacked or read."""
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Fault(name, None, said[:200], "a file that can be read", "save or download it again")


def encoding_of(piece: Piece, encoding: str | None = None) -> str:
    """Return the encoding to decode a text with, after reading it through.

    A byte-order mark decides; else the text is UTF-8 when all of it is, or when at least as many of its
    accented lines are UTF-8 as are not (the others are set aside, see :data:`MARK`); else it is Mac Roman, where
    more letters between letters are accented in Mac Roman only than in cp1252 only, or else cp1252. Anything else
    must be set.

    Raises
    ------
    BadInput
        The file is empty or broken, or a byte belongs to no encoding: file, line and byte.
    """
    try:
        return _named(piece, encoding) if encoding else _detected(piece)
    except BROKEN as error:
        raise BadInput(_unreadable(piece.file, error)) from error


def _named(piece: Piece, encoding: str) -> str:
    """Check that the encoding that the user set fits."""
    try:
        name = codecs.lookup(encoding).name
        "".encode(encoding)  # refuses codecs that are not of texts, such as base64
    except LookupError:
        raise BadInput(Fault(piece.file, None, encoding, "the name of an encoding", _ENCODINGS)) from None
    _first_block(piece)
    if name in ("utf-8", "utf-8-sig"):
        return "utf-8-sig"
    if wrong := _undecodable(piece, name):
        raise BadInput(Fault(piece.file, wrong[0], wrong[1], f"text in {encoding}", _ENCODINGS))
    return name


def _detected(piece: Piece) -> str:
    """Find the encoding of a text that nobody named."""
    first = _first_block(piece)
    if first.startswith(_PACKED):
        fault = Fault(piece.file, None, "a packed file within a packed file", "one packing", "unpack the outer one")
        raise BadInput(fault)
    if first.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return _named(piece, "utf-32")
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _named(piece, "utf-16")
    if first.count(0) > len(first) // 5:  # fewer are damage: the rows that hold them are set aside
        name = "utf-16-le" if first[1:2] == b"\0" else "utf-16-be"
        raise BadInput(Fault(piece.file, 1, "\\x00", "text without zero bytes", f'set encoding = "{name}"'))
    if _undecodable(piece, "utf-8") is None:
        return "utf-8-sig" if first.startswith(codecs.BOM_UTF8) else "utf-8"
    if _mostly_utf8(piece):
        return "utf-8-sig"
    if _mac_roman(piece):
        return "mac-roman"
    if wrong := _undecodable(piece, "cp1252"):
        raise BadInput(Fault(piece.file, wrong[0], wrong[1], "text in UTF-8 or cp1252", _ENCODINGS))
    return "cp1252"


def _first_block(piece: Piece) -> bytes:
    """Return the first bytes of a text, which must have some."""
    with piece.open() as stream:
        first = stream.read(1 << 12)
    if not first.strip(b"\r\n\t \0\xef\xbb\xbf\xff\xfe"):
        raise BadInput(Fault(piece.file, None, "", "a heading and rows; the file is empty", "export it again"))
    return first


def _blocks(piece: Piece) -> Iterator[bytes]:
    """Read a text block by block, each ending with a line."""
    with piece.open() as stream:
        while block := stream.read(_BLOCK):
            yield block + stream.readline()


def _undecodable(piece: Piece, encoding: str) -> tuple[int, str] | None:
    """Return the line and the bytes at which an encoding fails first; None where it fits."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    try:
        for block in _blocks(piece):
            line += decoder.decode(block).count("\n")
        decoder.decode(b"", True)
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(encoding, "replace")
        wrong = error.object[error.start : error.end]
        return line + before.count("\n"), "".join(f"\\x{byte:02x}" for byte in wrong)
    return None


def _mostly_utf8(piece: Piece) -> bool:
    """Tell UTF-8 with a few damaged lines from another encoding, by the lines that are not plain ASCII."""
    good = bad = 0
    for block in _blocks(piece):
        for line in block.split(b"\n"):
            if not line.isascii():
                fits = _is_utf8(line)
                good, bad = good + fits, bad + (not fits)
    return good >= bad


def _mac_roman(piece: Piece) -> bool:
    """Tell Mac Roman from cp1252 by the bytes between two letters, where only an accented letter can stand.

    Examples: á à â ü è are 87 88 89 9F 8F in Mac Roman, which are no small letters in cp1252; from C0 on cp1252
    has all its accented letters, and Mac Roman signs and capitals. Bytes that are letters in both (8E: é or Ž) or
    an apostrophe or dash in cp1252 say nothing; DOS's ü é ä ö speak against either, and must be set.
    """
    mac = other = 0
    for block in _blocks(piece):
        for (code,) in _BETWEEN_LETTERS.findall(block):
            mac += code in _MAC
            other += code in _DOS or code in _WESTERN
    return mac > other


def _is_utf8(line: bytes) -> bool:
    """Tell whether a line is UTF-8."""
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class _Recoded(io.RawIOBase):
    """A text in any encoding, read as UTF-8 bytes."""

    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self._text = io.TextIOWrapper(stream, encoding, errors="linkages.mark", newline="")
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer with UTF-8."""
        self._left = self._left or self._text.read(1 << 20).encode("utf-8")
        taken, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


@contextmanager
def as_utf8(piece: Piece, encoding: str) -> Iterator[IO[bytes]]:
    """Open a text as UTF-8 bytes; bytes that cannot be decoded are replaced by :data:`MARK`."""
    with piece.open() as stream:
        if encoding == "utf-8":  # known to be UTF-8 throughout
            yield stream
        else:
            yield io.BufferedReader(_Recoded(stream, encoding), buffer_size=_BLOCK)


def head(piece: Piece, encoding: str, size: int = 1 << 18) -> str:
    """Return the beginning of a text, by whole lines."""
    with as_utf8(piece, encoding) as stream:
        start = stream.read(size)
        start += stream.readline()
    return start.decode("utf-8", "ignore")
