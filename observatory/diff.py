"""Two runs side by side: what differs in how they were made, what came of it, and what may be concluded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from observatory import causes, effects
from observatory.opened import Run

#: What may differ in how a run was made.
CAUSES = ("data", "decisions", "settings", "versions")
#: What may come of it.
EFFECTS = ("ledger", "networks", "links", "spaces", "tiers")


@dataclass(frozen=True)
class Difference:
    """Two runs side by side.

    Attributes
    ----------
    data, decisions, settings, versions
        What differs in how they were made: see :mod:`observatory.causes`. Empty where it is the same.
    ledger, networks, links, spaces, tiers
        What they found: see :mod:`observatory.effects`. `spaces` lists every space, those that are the same too.
    """

    data: pd.DataFrame
    decisions: pd.DataFrame
    settings: pd.DataFrame
    versions: pd.DataFrame
    ledger: pd.DataFrame
    networks: pd.DataFrame
    links: pd.DataFrame
    spaces: pd.DataFrame
    tiers: pd.DataFrame

    @property
    def causes(self) -> list[str]:
        """Name what differs and may have changed a number."""
        found = [name for name in CAUSES if len(getattr(self, name))]
        return [name for name in found if name != "settings" or bool(self.settings["numbers"].any())]

    @property
    def differs(self) -> bool:
        """Tell whether anything was found otherwise."""
        other = any(len(getattr(self, name)) for name in EFFECTS if name != "spaces")
        return other or bool((self.spaces["event"] != "same").any()) or self.stability_moved > 0

    @property
    def stability_moved(self) -> int:
        """How many spaces of the same members are more, or less, stable than before."""
        same = self.spaces[self.spaces["event"] == "same"]
        moved = (same["stability_before"].astype(float) - same["stability_after"].astype(float)).abs()
        return int((moved > effects.LEAST).sum())

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many inputs, links, spaces and so on, by what became of them."""
        by = {"data": "what", "networks": "what", "links": "what", "spaces": "event"}
        told = {name: getattr(self, name)[column].value_counts().to_dict() for name, column in by.items()}
        rest = {name: {"differ": len(getattr(self, name))} for name in (*CAUSES[1:], "ledger", "tiers")}
        moved = {"stability": {"moved": self.stability_moved}}
        return {name: dict(sorted(counts.items())) for name, counts in sorted({**told, **rest, **moved}.items())}

    @property
    def conclusion(self) -> list[str]:
        """Say in sentences what differs, and whether what came of it can be told."""
        return [*_causes_said(self), _concluded(self)]

    def to_dict(self) -> dict[str, Any]:
        """Give everything as what JSON holds."""
        tables = {name: _rows(getattr(self, name)) for name in (*CAUSES, *EFFECTS)}
        about = {"conclusion": self.conclusion, "causes": self.causes, "differs": self.differs, "counts": self.counts}
        return {**about, **tables}

    def to_frame(self) -> pd.DataFrame:
        """Put all parts into one long table, ``part`` first; columns that a part lacks are empty."""
        tables = {name: getattr(self, name) for name in (*CAUSES, *EFFECTS)}
        columns = list(dict.fromkeys(["part", *(column for table in tables.values() for column in table.columns)]))
        parts = [table.astype(object).assign(part=name) for name, table in tables.items() if len(table)]
        return (pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()).reindex(columns=columns)


def diff(before: Run, after: Run) -> Difference:
    """Compare two runs.

    Parameters
    ----------
    before, after
        Opened run folders, of one study or of two.

    Raises
    ------
    BadInput
        When a file of either that is needed is missing or damaged.
    """
    made = {name: getattr(causes, name)(before, after) for name in CAUSES}
    found = {name: getattr(effects, name)(before, after) for name in EFFECTS}
    return Difference(**made, **found)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    cells = table.astype(object).where(table.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in cells.to_dict("records")]


def _causes_said(found: Difference) -> list[str]:
    """Say which causes are the same and what differs of the others."""
    same = [name for name in CAUSES if not len(getattr(found, name))]
    said = [f"The same: {causes.joined(same)}."] if same else []
    if len(found.data):
        number = found.data["what"].value_counts().to_dict()
        told = [f"{number[what]} {what}" for what in ("added", "removed", "changed", "renamed") if what in number]
        said.append(f"Data: {causes.joined(told)}: {_few(found.data['path'])}.")
    if len(found.decisions):
        said.append("Decisions on doubtful matches differ.")
    if len(found.settings):
        told = [
            f"{key} ({value_of(one)} → {value_of(two)}{'' if numbers else ', which changes no number'})"
            for key, one, two, numbers in found.settings.itertuples(index=False)
        ]
        said.append(f"Settings: {_few(told)}.")
    if len(found.versions):
        told = [f"{name} ({one} → {two})" for name, one, two in found.versions.itertuples(index=False)]
        said.append(f"Versions: {_few(told)}.")
    return said


def _few(words: Any, most: int = 5) -> str:
    every = [str(word) for word in words]
    more = [f"{len(every) - most} more"] if len(every) > most else []
    return causes.joined([*every[:most], *more])


def value_of(value: Any) -> str:
    """Write a setting as a person does.

    Examples
    --------
    >>> value_of(None), value_of(True), value_of([[2000, 2007]]), value_of("full")
    ('not set', 'true', '[[2000, 2007]]', 'full')
    """
    if value is None:
        return "not set"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _concluded(found: Difference) -> str:
    """Say what came of it, and to what it may be put down."""
    names = found.causes
    if not names:
        if not found.differs:
            return "Nothing that was found differs."
        return (
            "Data, decisions, settings and versions are the same, and yet results differ: "
            "one of the folders was changed by hand (linkages check tells), or this is our fault; please report it."
        )
    which = causes.joined(names)
    if not found.differs:
        return f"Nothing that was found differs: what differs in {which} made no difference here."
    if len(names) > 1:
        return (
            f"{which[0].upper()}{which[1:]} differ: what differs in the results cannot be put down to any one of them. "
            "Run the study with only one of them changed to tell."
        )
    table = getattr(found, names[0])
    number = int(table["numbers"].sum()) if names[0] == "settings" else len(table)
    one = {"data": "input", "settings": "setting", "versions": "version"}.get(names[0], "file of decisions")
    if number == 1 or names[0] == "decisions":
        return f"Only one {one} differs: what differs in the results comes of it."
    return (
        f"Only {which} differ: what differs in the results comes of the {number} {one}s that differ, together; "
        "which of them did what cannot be told."
    )
