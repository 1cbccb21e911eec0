"""A run folder opened for reading: what is missing, damaged or of a later version is named, never stumbled over."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.faults import BadInput, Fault

if TYPE_CHECKING:
    import narwhals as nw
    import pandas as pd

    from communities.partition import Partition
    from ingest.engine import Engine
    from linkages import Network
    from observatory.regions import RegionProfile
    from observatory.run_networks import Networks
    from observatory.shown import Spaces, Stars

MANIFEST = "manifest.json"
#: Version of the run folder's layout, in its manifest; runs without one are older.
SCHEMA = 1
AGAIN = "run the study again"
#: Settings that every manifest states, and that others read in it.
STATED = ("periods", "shared_year", "sector_level", "region_level", "nuts", "naics", "counting", "groups", "stars")
#: What the manifest holds under a name, where it holds anything.
_KINDS: dict[str, type] = {
    "settings": dict,
    "versions": dict,
    "seeds": dict,
    "ledger": dict,
    "stars": dict,
    "inputs": list,
    "outputs": list,
    "gates": list,
    "coverage": list,
}


class Manifest(dict[str, Any]):
    """What manifest.json holds; what it lacks is a fault of the run folder, which is named.

    Examples
    --------
    >>> Manifest({"title": "Mine"}, "run")["settings"]
    Traceback (most recent call last):
    ...
    ingest.faults.BadInput: run: 'manifest.json'; expected a manifest with settings. To mend: run the study again
    """

    def __init__(self, held: dict[str, Any], folder: str, within: str = "") -> None:
        self._folder, self._within = folder, within
        inner = {"settings"} if not within else {"groups", "communities", "strength", "stars"}
        super().__init__(
            {
                name: Manifest(value, folder, f"{within}{name}.")
                if name in inner and isinstance(value, dict)
                else value
                for name, value in held.items()
            }
        )

    def __missing__(self, name: str) -> Any:
        """Name what is not there."""
        expected = f"a manifest with {self._within}{name}"
        raise BadInput(Fault(self._folder, None, MANIFEST, expected, AGAIN))


@dataclass(frozen=True)
class Digests:
    """Which files of a run are as its manifest says.

    Attributes
    ----------
    same
        Number of files that are.
    changed, missing, added
        Names of files with another content, of those that are gone, and of those that the manifest does not name.
    """

    same: int
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Tell whether every file of the manifest is there and as it was written."""
        return not (self.changed or self.missing)


@dataclass(frozen=True, repr=False)
class Run:
    """A run folder opened for reading.

    Attributes
    ----------
    folder
        Where it lies.
    manifest
        manifest.json.
    """

    folder: Path
    manifest: dict[str, Any]

    def json(self, name: str) -> Any:
        """Read a JSON file of the run, for example ``spaces.json``.

        Raises
        ------
        BadInput
            When it is not there, or is no JSON any more.
        """
        try:
            return json.loads(self._file(name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise self._damaged(name, "a whole JSON file", error) from None

    def table(
        self, name: str, *, rows: Mapping[str, str] | None = None, categories: Sequence[str] = ()
    ) -> pd.DataFrame:
        """Read a CSV or Parquet table of the run, for example ``networks/sector__all__2000-2007.parquet``.

        Parameters
        ----------
        name
            Path within the run folder.
        rows
            Of a Parquet table only the rows that hold these values, by column: ``{"period": "2007-2014"}``.
        categories
            Columns of a Parquet table whose few different texts are held once each, as pandas' categories: millions
            of rows take a tenth of the memory.

        Raises
        ------
        BadInput
            When it is not there, or cannot be read any more.
        ValueError
            When some rows or categories of a CSV table are asked for.
        """
        import pandas as pd

        path = self._file(name)
        if path.suffix != ".parquet" and (rows or categories):
            raise ValueError(f"{name}: rows and categories are chosen of Parquet tables only")
        try:
            if path.suffix != ".parquet":
                return pd.read_csv(path, keep_default_na=False)
            chosen = [(column, "==", value) for column, value in (rows or {}).items()] or None
            return pd.read_parquet(path, filters=chosen, read_dictionary=list(categories))
        except (OSError, ValueError) as error:  # those of Arrow and of pandas are such errors too
            kind = "Parquet file" if path.suffix == ".parquet" else "CSV file with headings"
            raise self._damaged(name, f"a whole {kind}", error) from None

    def parquet(self, name: str) -> Path:
        """Give the path of a Parquet table, to be scanned; its end, which tells what it holds, is read.

        Raises
        ------
        BadInput
            When it is not there, or was cut off.
        """
        import pyarrow.parquet as pq

        path = self._file(name)
        try:
            pq.read_metadata(path)
        except (OSError, ValueError) as error:
            raise self._damaged(name, "a whole Parquet file", error) from None
        return path

    def scan(self, name: str, engine: Engine) -> nw.LazyFrame[Any]:
        """Open a Parquet table in an engine without reading it.

        Raises
        ------
        BadInput
            When it is not there, or was cut off.
        """
        import duckdb

        path = self._file(name)
        try:
            return engine.scan(path)
        except (OSError, duckdb.Error) as error:
            raise self._damaged(name, "a whole Parquet file", error) from None

    def names(self, pattern: str) -> list[str]:
        """List the files that match a pattern, for example ``networks/*.parquet``."""
        return sorted(p.relative_to(self.folder).as_posix() for p in self.folder.glob(pattern))

    @property
    def tables(self) -> list[str]:
        """Names of the tables, for :meth:`table`."""
        return [name for name in self.names("**/*") if name.endswith((".parquet", ".csv"))]

    @property
    def spaces(self) -> Spaces:
        """The collaboration spaces of every sector network: a list, one dictionary a space, as in spaces.json."""
        from observatory.shown import Spaces

        held = self.json("spaces.json")
        found = held.get("spaces") if isinstance(held, dict) else None
        if not isinstance(found, list):
            raise BadInput(Fault(str(self.folder), None, "spaces.json", "a file with a list of spaces", AGAIN))
        return Spaces(found)

    @property
    def networks(self) -> Networks:
        """The networks by name, each read when it is asked for."""
        from observatory.run_networks import Networks

        return Networks(self)

    def network(self, name: str) -> Network:
        """Give a network as :class:`linkages.Network`: its links and every node, isolates too.

        Raises
        ------
        BadInput
            When the run has no network of this name; says which are nearest.
        """
        return self.networks[name]

    def partition(self, name: str) -> Partition:
        """Give the communities of a network as :class:`communities.Partition`.

        Raises
        ------
        BadInput
            When the run has no network of this name; says which are nearest.
        """
        from observatory.run_networks import partition

        return partition(self, name)

    @property
    def stars(self) -> Stars:
        """The star tiers beside the spaces: stars.parquet, one row a region and industry."""
        from observatory.shown import Stars

        return Stars(self.table("stars.parquet"))

    def why(self, a: str, b: str, period: str | None = None) -> pd.DataFrame:
        """List the events behind a link: see :func:`observatory.why.events_behind`."""
        from observatory.why import events_behind

        return events_behind(self, a, b, period)

    def profile(self, region: str, period: str | None = None) -> RegionProfile:
        """Say what a region is strong in, linked to and lacking: see :func:`observatory.region_profile`."""
        from observatory.regions import region_profile

        return region_profile(self, region, period)

    def digests(self) -> Digests:
        """Compare every file with the digest that the manifest has of it.

        Raises
        ------
        BadInput
            When the manifest has no digests.
        """
        said = {str(row["path"]): str(row["sha256"]) for row in self.manifest["outputs"]}
        there = {name for name in self.names("**/*") if name != MANIFEST and (self.folder / name).is_file()}
        kept = sorted(there & said.keys())
        changed = tuple(name for name in kept if sha256(self.folder / name) != said[name])
        missing, added = tuple(sorted(said.keys() - there)), tuple(sorted(there - said.keys()))
        return Digests(len(kept) - len(changed), changed, missing, added)

    def __repr__(self) -> str:
        """Say which run this is."""
        return f"<Run {self.manifest['title']!r}: {self.manifest['status']}, {len(self.spaces)} spaces>"

    def _repr_html_(self) -> str:
        """Say the same for a notebook, with the spaces of the last period."""
        from observatory.shown import run_html

        return run_html(self)

    def _file(self, name: str) -> Path:
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder.resolve()) or not path.is_file():
            raise BadInput(Fault(str(self.folder), None, name, "a file of the run", AGAIN))
        return path

    def _damaged(self, name: str, expected: str, error: Exception) -> BadInput:
        """Say that a file is not what it was; a fault that is told already stays as it is."""
        if isinstance(error, BadInput):
            return error
        return BadInput(Fault(str(self.folder), None, name, expected, f"the file is damaged: {AGAIN}"))


def sha256(path: Path) -> str:
    """Give the digest of a file, as the manifest holds it."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def open_run(folder: str | Path) -> Run:
    """Open a run folder.

    Raises
    ------
    BadInput
        When the folder is not one, when its manifest cannot be read, or when a later version wrote it.

    Examples
    --------
    >>> open_run("nowhere")
    Traceback (most recent call last):
    ...
    ingest.faults.BadInput: nowhere: 'manifest.json'; expected a run folder with its manifest. \
To mend: make one with: linkages run STUDY
    """
    path, mend = Path(folder), "make one with: linkages run STUDY"

    def fault(expected: str, how: str = AGAIN) -> BadInput:
        return BadInput(Fault(str(folder), None, MANIFEST, expected, how))

    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except OSError:
        raise fault("a run folder with its manifest", mend) from None
    except ValueError:
        raise fault("a whole JSON file, the manifest of a run") from None
    if isinstance(manifest, dict) and manifest.get("kind", "run") != "run":
        raise fault(f"the manifest of a run, not of a {manifest['kind']}", mend)
    if not isinstance(manifest, dict) or "title" not in manifest or "status" not in manifest:
        raise fault("the manifest of a run", mend)
    schema = manifest.get("schema", 0)
    if not isinstance(schema, int) or schema > SCHEMA:
        raise fault(f"a run folder of layout {SCHEMA} or before", "a later version wrote it: update linkages")
    wrong = [name for name, kind in _KINDS.items() if name in manifest and not isinstance(manifest[name], kind)]
    if wrong:
        raise fault(f"a manifest whose {', '.join(wrong)} can be read")
    return Run(path, Manifest(manifest, str(folder)))


def damage(run: Run) -> list[Fault]:
    """List the files of a run that are gone or have another content than the run wrote.

    Raises
    ------
    BadInput
        When the manifest has no digests.
    """
    found, folder = run.digests(), str(run.folder)
    gone = [Fault(folder, None, name, "a file of the run", AGAIN) for name in found.missing]
    return gone + [Fault(folder, None, name, "the file that the run wrote", AGAIN) for name in found.changed]


def blame(folder: Path) -> list[Fault]:
    """Find what is wrong with a run folder that something failed on: damage first, then its age.

    Parameters
    ----------
    folder
        Any folder.

    Returns
    -------
    list of Fault
        Empty for what is not a run folder, and for one that is as this version wrote it.

    Examples
    --------
    >>> blame(Path("nowhere"))
    []
    """
    try:
        if json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("kind", "run") != "run":
            return []  # a site, a grid, an export
    except OSError:
        return []
    except (ValueError, AttributeError):
        pass  # said below
    try:
        run = open_run(folder)
        faults = damage(run)
        settings = run.manifest["settings"]
    except BadInput as error:
        return list(error.faults)
    lacking = [name for name in STATED if name not in settings]
    faults += [Fault(str(folder), None, MANIFEST, f"a manifest with settings.{name}", AGAIN) for name in lacking]
    if not faults and run.manifest.get("schema", 0) != SCHEMA:
        version = dict(run.manifest.get("versions") or {}).get("linkages", "not known")
        faults.append(Fault(str(folder), None, f"linkages {version}", "a run folder of this version", AGAIN))
    return faults
