"""The study file: read, checked to the last key, every fault at once."""

from __future__ import annotations

import datetime
import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec

from ingest.faults import BadInput, Fault
from ingest.sources import SOURCES, source
from observatory.as_of import TooEarlyError, known_by
from observatory.misset import expected_of, line_of, mend_of
from observatory.setting_lines import FILE, lined
from observatory.settings import Layers, Settings, Source


@dataclass(frozen=True)
class Study:
    """A study: its settings and the folder that file names are relative to.

    Attributes
    ----------
    settings
        What study.toml says, defaults filled in.
    folder
        The folder of study.toml.
    notes
        What its day (``as_of``) means for the result, in sentences.
    text
        What study.toml says, as it is written; a fault found later is told with its line.
    """

    settings: Settings
    folder: Path
    notes: tuple[str, ...] = ()
    text: str = ""

    def files(self, name: str) -> list[Path]:
        """List the files of a source, patterns resolved, in sorted order.

        Raises
        ------
        BadInput
            When a name or pattern finds nothing: all of them at once.
        """
        patterns = self.settings.sources[name].files
        if faults := _absent(patterns, self.folder, name, self.text):
            raise BadInput(faults)
        return sorted({hit for pattern in patterns for hit in _hits(pattern, self.folder)})

    def star_files(self) -> list[Path]:
        """List the files of regional figures, patterns resolved, in sorted order.

        Raises
        ------
        BadInput
            When a name or pattern finds nothing: all of them at once.
        """
        named = self.settings.stars.table
        patterns = [named] if isinstance(named, str) else named
        expected = f"a regional table in {self.folder.resolve().name}/, or panorama2020"
        faults = [
            lined(Fault(FILE, None, pattern, expected, "correct table in [stars]"), self.text, ("stars",))
            for pattern in patterns
            if not _hits(pattern, self.folder)
        ]
        if faults:
            raise BadInput(faults)
        return sorted({hit for pattern in patterns for hit in _hits(pattern, self.folder)})


def _hits(pattern: str, folder: Path) -> list[Path]:
    """List the files that a name or pattern finds; a file of that very name comes before the pattern."""
    path = folder / pattern
    try:
        if path.is_file():
            return [path]
        base = Path(path.anchor) if Path(pattern).is_absolute() else folder
        return [hit for hit in base.glob(str(path.relative_to(base))) if hit.is_file()]
    except (ValueError, IndexError, OSError):  # names that no file can have
        return []


def _absent(patterns: Iterable[str], folder: Path, name: str, text: str) -> list[Fault]:
    mend = f"put the file there, or correct files in [sources.{name}]"
    expected = f"at least one file in {folder.resolve().name}/"
    missing = [pattern for pattern in patterns if not _hits(pattern, folder)]
    inside = f'write files = ["{{}}/*"] in [sources.{name}]'.format
    faults = [
        Fault(FILE, None, one, expected, inside(one) if one and _is_folder(folder / one) else mend) for one in missing
    ]
    return [lined(fault, text, ("sources", name)) for fault in faults]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (ValueError, OSError):  # names that no file can have
        return False


def open_study(path: str | Path, as_of: datetime.date | None = None) -> Study:
    r"""Read a study file, or the study.toml of a folder.

    Parameters
    ----------
    path
        The file or its folder.
    as_of
        Only what was known at the end of this day; what the file says when None.

    Raises
    ------
    TooEarlyError
        When no period of the study had begun on `as_of`.
    BadInput
        A file that is not there or not TOML; unknown keys, wrong values and missing settings, all of them at
        once, each with its line and what was expected.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "study.toml"
    >>> _ = file.write_text('title = "Mine"\nseed = 1\n[sources.a]\nformat = "regpat"\nfiles = ["study.toml"]\n')
    >>> open_study(file)
    Traceback (most recent call last):
    ...
    ingest.faults.BadInput: study.toml, line 2: 'seed'; expected one of title, sources, periods, ...
    """
    file = Path(path)
    file = file / FILE if file.is_dir() else file
    text = _text(file)
    data = _toml(text, file.name)
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
        faults += _absent_files(data, file.parent, text)
        raise BadInput(sorted(faults, key=lambda fault: (fault.line is None, fault.line or 0)))
    if as_of is not None:
        settings = msgspec.structs.replace(settings, as_of=as_of)
    known, notes = known_by(settings)
    return Study(known, file.resolve().parent, notes, text)


def _absent_files(data: Mapping[str, Any], folder: Path, text: str) -> list[Fault]:
    """List the missing files of a study that has other faults, so that all are told at once."""
    sources = data.get("sources")
    tables = sources.items() if isinstance(sources, dict) else ()
    listed = {name: table.get("files") for name, table in tables if isinstance(table, dict)}
    return [
        fault
        for name, patterns in listed.items()
        if isinstance(patterns, list)
        for fault in _absent([pattern for pattern in patterns if isinstance(pattern, str)], folder, name, text)
    ]


def _toml(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", str(error))
        line = int(said[1]) if said and said[1] else len(text.splitlines()) or None
        value = (text.splitlines() or [""])[(line or 1) - 1].strip()
        what = str(error)[: said.start()] if said else str(error)
        expected = f'TOML, such as key = "value" ({what})'
        raise BadInput(Fault(file, line, value, expected, "correct the line; linkages new writes an example")) from None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadInput(Fault(str(file), None, "", "a study file", "make one with: linkages new DIR")) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        fault = Fault(file.name, line, f"byte {error.object[error.start]:#04x}", "UTF-8 text", "save the file as UTF-8")
        raise BadInput(fault) from None
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
                yield Fault(file, where, key, f"one of {', '.join(fields)}", mend_of(key, fields))
            continue
        inner = _struct_of(hints[key])
        if key == "sources" and struct is Settings and isinstance(value, dict):
            for name, table in value.items():
                if isinstance(table, dict):
                    yield from _faults(table, Source, text, file, ("sources", name))
        elif inner is not None and isinstance(value, dict):
            yield from _faults(value, inner, text, file, (*path, key))
        else:
            yield from _wrong(value, hints[key], text, file, key, path)
    for name, info in fields.items():
        if info.required and name not in data:
            table = f"[{'.'.join(path)}]" if path else "the top of the file"
            where = line_of(text, path[-1], path[:-1]) if path else None
            yield Fault(file, where, "", f"{name} in {table}", f"add {name} = … to {table}")


def _wrong(value: Any, hint: Any, text: str, file: str, key: str, path: tuple[str, ...]) -> Iterator[Fault]:
    """Check a value; of a table of the user's own keys, each entry by itself."""
    kind = get_args(hint)[0] if get_origin(hint) is Annotated else hint
    if get_origin(kind) is dict and isinstance(value, dict):
        for name, entry in value.items():
            if not name:
                yield Fault(file, line_of(text, key, path), f'{key}: ""', "a name", "give it one")
            yield from _wrong(entry, get_args(kind)[1], text, file, name, (*path, key))
        return
    try:
        msgspec.convert(value, hint)
    except msgspec.ValidationError as error:
        where = line_of(text, key, path)
        yield Fault(file, where, f"{key} = {value!r}", expected_of(hint, str(error)), f"correct {key}")
        return
    if isinstance(value, float) and not math.isfinite(value):
        yield Fault(file, line_of(text, key, path), f"{key} = {value!r}", "a finite number", f"correct {key}")


def _struct_of(hint: Any) -> type[msgspec.Struct] | None:
    return hint if isinstance(hint, type) and issubclass(hint, msgspec.Struct) else None


def _with_options(data: dict[str, Any], text: str, file: str) -> tuple[dict[str, Any], list[Fault]]:
    """Move a source's further keys into its options, and refuse those that its format does not know."""
    faults: list[Fault] = []
    sources = data.get("sources")
    if not isinstance(sources, dict):
        return data, faults
    changed = {}
    for name, table in sources.items():
        if not isinstance(table, dict):
            where = line_of(text, name, ("sources",))
            faults.append(Fault(file, where, name, f"a table [sources.{name}]", "give it format and files"))
            continue
        kept = {key: value for key, value in table.items() if key in Source.__struct_fields__}
        given = kept.get("options", {})
        extra = {key: value for key, value in table.items() if key not in kept}
        if not {"files", "database"} & {*table, *(given if isinstance(given, dict) else ())}:
            place = f"[sources.{name}]"
            where = line_of(text, name, ("sources",))
            faults.append(Fault(file, where, "", f"files in {place}", f"add files = … to {place}"))
        form = table.get("format")
        if isinstance(form, str) and form not in SOURCES:
            where = line_of(text, "format", ("sources", name))
            faults.append(Fault(file, where, form, f"one of {', '.join(SOURCES)}", mend_of(form, SOURCES, "format")))
        elif isinstance(form, str):
            known = source(form).OPTIONS
            for key in (*extra, *(given if isinstance(given, dict) else ())):
                if key not in known:
                    where = line_of(text, key, ("sources", name))
                    allowed = ["format", "files", "columns", *known]
                    faults.append(Fault(file, where, key, f"one of {', '.join(allowed)}", mend_of(key, allowed)))
        changed[name] = {**kept, "options": {**given, **extra} if isinstance(given, dict) else given}
    return {**data, "sources": changed}, faults


def _contradictions(settings: Settings, text: str, file: str) -> list[Fault]:
    faults = []
    line = line_of(text, "periods", ())
    for first, last in settings.periods:
        if last < first:
            faults.append(Fault(file, line, f"[{first}, {last}]", "a first year not after the last", "swap them"))
    if len(set(settings.periods)) < len(settings.periods) or not settings.periods:
        faults.append(Fault(file, line, str(settings.periods), "one or more different periods", "correct periods"))
    try:
        known_by(settings)
    except TooEarlyError as error:
        where = line_of(text, "as_of", ())
        faults.append(Fault(file, where, str(settings.as_of), f"a later day: {error}", "correct as_of"))
    if settings.match.accept < settings.match.review:
        where = line_of(text, "accept", ("match",))
        faults.append(Fault(file, where, str(settings.match.accept), "accept of at least review", "swap them"))
    faults += _lone_layer(settings.communities.layers, text, file)
    for name in settings.sources:
        if not re.fullmatch(r"[\w.-]+", name):
            where = line_of(text, name, ("sources",))
            mend = "give the source another name"
            faults.append(Fault(file, where, name, "a name of letters, digits, dots, hyphens and underscores", mend))
    if not settings.sources:
        faults.append(Fault(file, None, "", "at least one [sources.NAME]", "add format and files of a source"))
    return faults


def _lone_layer(layers: Layers, text: str, file: str) -> list[Fault]:
    """Refuse weights that leave fewer than two layers."""
    weights = msgspec.to_builtins(layers)
    if sum(weight > 0 for weight in weights.values()) > 1:
        return []
    said = ", ".join(f"{name} = {weight:g}" for name, weight in weights.items())
    where = line_of(text, "layers", ("communities",))
    return [Fault(file, where, said, "two or more layers of a weight above 0", "weigh another layer")]
