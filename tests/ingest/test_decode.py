"""Bytes become text, wherever they lie and whatever their encoding."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from ingest import decode
from ingest.decode import MARK, Piece, as_utf8, encoding_of, head, pieces
from ingest.faults import BadInput


def piece(folder: Path, content: bytes, name: str = "a.csv") -> Piece:
    path = folder / name
    path.write_bytes(content)
    return Piece(name, path)


def text(one: Piece, encoding: str | None = None) -> str:
    with as_utf8(one, encoding_of(one, encoding)) as stream:
        return stream.read().decode("utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_found_out(tmp_path: Path, encoding: str) -> None:
    content = "Name;City\r\nMüller;Łódź\r\n" if encoding != "cp1252" else "Name;City\r\nMüller;Málaga\r\n"
    assert text(piece(tmp_path, content.encode(encoding))) == content


@pytest.mark.parametrize("encoding", ["mac_roman", "utf-8", "utf-16", "utf-16-le", "cp1252"])
def test_an_encoding_that_is_set_is_used(tmp_path: Path, encoding: str) -> None:
    assert text(piece(tmp_path, "Müller\n".encode(encoding)), encoding) == "Müller\n"


def test_a_large_text_is_read_whole(tmp_path: Path) -> None:
    content = "Málaga;1\n" * 300_000
    assert text(piece(tmp_path, content.encode("cp1252"))) == content


def test_a_few_bad_bytes_in_utf8_are_marked(tmp_path: Path) -> None:
    content = "Müller\nŁódź\n".encode() + b"M\xfcller\n"
    assert text(piece(tmp_path, content)) == f"Müller\nŁódź\nM{MARK}ller\n"


def test_neither_utf8_nor_cp1252_names_line_and_byte(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as error:
        encoding_of(piece(tmp_path, b"a\nb\nM\x81ller\n"))
    (fault,) = error.value.faults
    assert (fault.file, fault.line, fault.value) == ("a.csv", 3, "\\x81")
    assert "encoding" in fault.mend


def test_a_wrong_encoding_that_was_set_names_line_and_byte(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"line 2: '\\\\xc3'; expected text in ascii"):
        encoding_of(piece(tmp_path, "a\nü\n".encode()), "ascii")


def test_an_unknown_encoding(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="the name of an encoding"):
        encoding_of(piece(tmp_path, b"a\n"), "utf-9")
    with pytest.raises(BadInput, match="the name of an encoding"):
        encoding_of(piece(tmp_path, b"a\n"), "base64")  # a codec, but not of texts


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_named(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(BadInput, match=f'set encoding = "{encoding}"'):
        encoding_of(piece(tmp_path, "Name;City\n".encode(encoding)))


def test_utf16_cut_short(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="text in utf-16"):
        encoding_of(piece(tmp_path, "Name\n".encode("utf-16")[:-1]))


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\r\n  \r\n"])
def test_an_empty_file(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadInput, match="the file is empty"):
        encoding_of(piece(tmp_path, content))


def test_gzip_and_zip_members(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.csv.gz", "wb") as packed:
        packed.write(b"x;y\n")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("part2.csv", "p;q\n")
        archive.writestr("in/part1.TXT", "r;s\n")
        archive.writestr("readme.pdf", "no table")
        archive.writestr("__MACOSX/part1.txt", "no table")
        archive.writestr("in/._part1.csv", "no table")
        archive.writestr("README", "no table")
    found, faults = pieces([tmp_path / "b.zip", tmp_path / "a.csv.gz"], tmp_path)
    assert faults == []
    assert [(one.file, text(one)) for one in found] == [
        ("a.csv.gz", "x;y\n"),
        ("b.zip/in/part1.TXT", "r;s\n"),
        ("b.zip/part2.csv", "p;q\n"),
    ]


def test_members_that_would_be_passed_over_are_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        for name in ("a.csv", "b.csv.gz", "in/d", "e.001", "readme.pdf"):
            archive.writestr(name, "x;y\n")
    found, faults = pieces([tmp_path / "b.zip"], tmp_path)
    assert found == []
    assert [fault.file for fault in faults] == ["b.zip/b.csv.gz", "b.zip/e.001", "b.zip/in/d"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("a.csv", "x;y\n")
        archive.writestr("a.csv", "p;q\n")
    found, (fault,) = pieces([tmp_path / "b.zip"], tmp_path)
    assert (found, fault.file, fault.expected) == ([], "b.zip/a.csv", "one member of this name")


def test_files_that_cannot_be_opened_are_all_named(tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 nothing more")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as archive:
        archive.writestr("readme.pdf", "no table")
    paths = [tmp_path / name for name in ("missing.csv", "broken.zip", "empty.zip")]
    found, faults = pieces([*paths, tmp_path], None)
    assert found == []
    assert [fault.file for fault in faults] == [tmp_path.name, "broken.zip", "empty.zip", "missing.csv"]


def test_a_broken_gzip(tmp_path: Path) -> None:
    whole = gzip.compress(b"a;b\n" * 10_000)
    with pytest.raises(BadInput, match="a file that can be read"):
        encoding_of(piece(tmp_path, whole[: len(whole) // 2], "a.gz"))


def test_names_are_from_the_study(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    piece(inbox, b"a\n")
    assert pieces([inbox / "a.csv"], tmp_path)[0][0].file == "inbox/a.csv"
    assert pieces([inbox / "a.csv"], tmp_path / "elsewhere")[0][0].file == "a.csv"


def test_the_head_ends_with_a_line(tmp_path: Path) -> None:
    one = piece(tmp_path, "aü\nbü\ncü\n".encode())
    assert head(one, "utf-8", size=5) == "aü\nbü\n"


def test_the_mark_is_no_character() -> None:
    assert 0xFDD0 <= ord(decode.MARK) <= 0xFDEF  # set aside by Unicode for a program's own use
