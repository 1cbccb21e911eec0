"""The study file: read, checked to the last key, every fault at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints

import msgspec

from ingest.faults import BadInput, Fault
from ingest.sources import SOURCES, source
from observatory.settings import Settings, Source

FILE = "study.toml"


@dataclass(frozen=True)
class Study:
    """A study: its settings and the folder that file names are relative to.

    Attributes
    ----------
    settings
        What study.toml says, defaults filled in.
    folder
        The folder of study.toml.
    """

    settings: Settings
    folder: Path

    def files(self, name: str) -> list[Path]:
        """List the files of a source, patterns resolved, in sorted order.

        Raises
        ------
        BadInput
            When a name or pattern finds nothing: all of them at once.
        """
        found: set[Path] = set()
        faults = []
        for pattern in self.settings.sources[name].files:
            path = Path(pattern)
            hits = [path] if path.is_absolute() else sorted(self.folder.glob(pattern))
            hits = [hit for hit in hits if hit.is_file()]
            if not hits:
                mend = f"put the file there, or correct files in [sources.{name}]"
                faults.append(Fault(FILE, None, pattern, f"at least one file in {self.folder.name}/", mend))
            found.update(hits)
        if faults:
            raise BadInput(faults)
        return sorted(found)


def open_study(path: str | Path) -> Study:
    r"""Read a study file, or the study.toml of a folder.

    Raises
    ------
    BadInput
        A file that is not there or not TOML; unknown keys, wrong values and missing settings, all of them at
        once, each with its line and what was expected.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "study.toml"
    >>> _ = file.write_text('title = "Mine"\\nseed = 1\\n[sources.a]\\nformat = "regpat"\\nfiles = ["*.txt"]\\n')
    >>> open_study(file)
    Traceback (most recent call last):
    ...
    ingest.faults.BadInput: study.toml, line 2: 'seed'; expected one of title, sources, periods, shared_year, \
sector_level, region_level, nuts, naics, counting, assign, match, communities, groups, labels, stars, gates, \
nuts_shapes. To mend: remove the line or correct the key
    """
    file = Path(path)
    file = file / FILE if file.is_dir() else file
    text = _text(file)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = getattr(error, "lineno", None)
        raise BadInput(Fault(file.name, line, str(error), "TOML", "mend the line; see linkages new")) from None
    faults = list(_faults(data, Settings, text, file.name, ()))
    data, more = _with_options(data, text, file.name)
    faults += more
    if not faults:
        try:
            settings = msgspec.convert(data, Settings)
        except msgspec.ValidationError as error:
            faults.append(Fault(file.name, None, str(error), "a valid study", "see linkages new for every setting"))
    if not faults:
        faults += _contradictions(settings, text, file.name)
    if faults:
        raise BadInput(faults)
    return Study(settings, file.resolve().parent)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadInput(Fault(str(file), None, "", "a study file", "make one with: linkages new DIR")) from None
    except UnicodeDecodeError as error:
        raise BadInput(Fault(file.name, None, str(error), "UTF-8 text", "save the file as UTF-8")) from None
    except OSError as error:
        raise BadInput(Fault(str(file), None, error.strerror or "", "a readable file", "check the path")) from None


def _faults(
    data: Mapping[str, Any], struct: type[msgspec.Struct], text: str, file: str, path: tuple[str, ...]
) -> Iterator[Fault]:
    """Check each key and value of a table on its own, so that all faults are told."""
    fields = {f.name: f for f in msgspec.structs.fields(struct)}
    hints = get_type_hints(struct, include_extras=True)
    for key, value in data.items():
        where = line_of(text, key, path)
        if key not in fields:
            if struct is not Source:  # options of a source are checked against its format
                yield Fault(file, where, key, f"one of {', '.join(fields)}", "remove the line or correct the key")
            continue
        inner = _struct_of(hints[key])
        if key == "sources" and struct is Settings and isinstance(value, dict):
            for name, table in value.items():
                if isinstance(table, dict):
                    yield from _faults(table, Source, text, file, ("sources", name))
        elif inner is not None and isinstance(value, dict):
            yield from _faults(value, inner, text, file, (*path, key))
        else:
            try:
                msgspec.convert(value, hints[key])
            except msgspec.ValidationError as error:
                yield Fault(file, where, f"{key} = {value!r}", _plain(str(error)), f"correct {key}")
    for name, info in fields.items():
        if info.required and name not in data:
            table = f"[{'.'.join(path)}]" if path else "the top of the file"
            yield Fault(file, None, "", f"{name} in {table}", f"add {name} = … to {table}")


def _struct_of(hint: Any) -> type[msgspec.Struct] | None:
    return hint if isinstance(hint, type) and issubclass(hint, msgspec.Struct) else None


def _plain(message: str) -> str:
    """Turn "Expected `int`, got `str`" into what was expected."""
    text = message.split(" - at ")[0].replace("`", "")
    return text.removeprefix("Expected ").removeprefix("Invalid enum value ")


def _with_options(data: dict[str, Any], text: str, file: str) -> tuple[dict[str, Any], list[Fault]]:
    """Move a source's further keys into its options, and refuse those that its format does not know."""
    faults: list[Fault] = []
    sources = data.get("sources")
    if not isinstance(sources, dict):
        return data, faults
    changed = {}
    for name, table in sources.items():
        if not isinstance(table, dict):
            faults.append(Fault(file, None, name, "a table [sources.NAME]", "give it format and files"))
            continue
        kept = {key: value for key, value in table.items() if key in Source.__struct_fields__}
        extra = {key: value for key, value in table.items() if key not in kept}
        form = table.get("format")
        if isinstance(form, str) and form not in SOURCES:
            where = line_of(text, "format", ("sources", name))
            faults.append(Fault(file, where, form, f"one of {', '.join(SOURCES)}", "correct format"))
        elif isinstance(form, str):
            known = source(form).OPTIONS
            for key in (*extra, *kept.get("options", {})):
                if key not in known:
                    where = line_of(text, key, ("sources", name))
                    allowed = ", ".join(["format", "files", "columns", *known])
                    faults.append(Fault(file, where, key, f"one of {allowed}", "remove the line or correct the key"))
        changed[name] = {**kept, "options": {**kept.get("options", {}), **extra}}
    return {**data, "sources": changed}, faults


def _contradictions(settings: Settings, text: str, file: str) -> list[Fault]:
    faults = []
    line = line_of(text, "periods", ())
    for first, last in settings.periods:
        if last < first:
            faults.append(Fault(file, line, f"[{first}, {last}]", "a first year not after the last", "swap them"))
    if len(set(settings.periods)) < len(settings.periods) or not settings.periods:
        faults.append(Fault(file, line, str(settings.periods), "one or more different periods", "correct periods"))
    if settings.match.accept < settings.match.review:
        where = line_of(text, "accept", ("match",))
        faults.append(Fault(file, where, str(settings.match.accept), "accept of at least review", "swap them"))
    if not settings.sources:
        faults.append(Fault(file, None, "", "at least one [sources.NAME]", "add format and files of a source"))
    return faults


def line_of(text: str, key: str, path: tuple[str, ...]) -> int | None:
    r"""Find the line in which a key of a table stands.

    Examples
    --------
    >>> line_of("title = 'x'\\n[stars]\\ntable = 'y'\\n", "table", ("stars",))
    3
    """
    table: tuple[str, ...] = ()
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if line.startswith("["):
            table = tuple(part.strip().strip("\"'") for part in line.strip("[]").split("."))
            if table == (*path, key):
                return number
        elif table == path and line.split("=")[0].strip().strip("\"'") == key:
            return number
    return None
