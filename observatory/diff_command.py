"""The command that compares two runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from observatory.printing import Format, show, write, write_json

if TYPE_CHECKING:
    from observatory.diff import Difference

#: The exit code of a gate that is not met.
GATE = 4
#: Headings of the parts, and the columns that fit on a line.
PARTS = {
    "data": ("Inputs that differ", ["what", "source", "path", "rows_before", "rows_after"]),
    "decisions": ("Decisions that differ", None),
    "settings": ("Settings that differ", None),
    "versions": ("Versions that differ", None),
    "ledger": ("Rows of the ledger that differ", None),
    "networks": ("Networks that only one has, or that cannot be compared", None),
    "links": ("Links that appeared, went or moved (weight, largest change first in each network)", None),
    "spaces": ("Spaces", ["network", "event", "from", "to", "members", "joined", "left"]),
    "tiers": ("Star tiers that differ", None),
}


def diff(
    before: Annotated[Path, typer.Argument(metavar="RUN", help="a run folder")],
    after: Annotated[Path, typer.Argument(metavar="RUN", help="another, of the same study or not")],
    network: Annotated[str | None, typer.Option("--network", help="links and spaces of one: sector__all")] = None,
    gate: Annotated[bool, typer.Option("--gate", help="exit code 4 where anything was found otherwise")] = False,
    rows: Annotated[int, typer.Option("--rows", min=1, help="how many rows of each part a table shows")] = 10,
    format: Annotated[Format, typer.Option("--format", help="how to print")] = Format.table,
    json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Tell what changed between two runs: data, decisions, settings or version, and what came of it."""
    from observatory.diff import diff as compared
    from observatory.opened import open_run

    found = compared(open_run(before), open_run(after))
    shown = _of_network(found, network)
    form = Format.json if json else format
    if form is Format.json:
        write_json({"before": before, "after": after, **shown.to_dict()})
    elif form is Format.csv:
        show(shown.to_frame(), form)
    else:
        _print(shown, rows)
    if gate and found.differs:
        raise typer.Exit(GATE)


def _of_network(found: Difference, network: str | None) -> Difference:
    """Keep links and spaces of the networks whose name begins so."""
    from dataclasses import replace

    from ingest.faults import BadInput, Fault

    if network is None:
        return found
    tables = {name: getattr(found, name) for name in ("links", "spaces", "networks")}
    known = sorted({name for table in tables.values() for name in table["network"]})
    wanted = [name for name in known if name == network or name.startswith(f"{network}__")]
    kept = {name: table[table["network"].isin(wanted)] for name, table in tables.items()}
    if known and not wanted:
        expected = f"a network that differs, one of {', '.join(known)}"
        raise BadInput(Fault("--network", None, network, expected, "name one of these, or leave --network away"))
    return replace(found, **kept)


def _print(found: Difference, most: int) -> None:
    """Print the conclusion, then what differs, the first rows of each part."""
    from observatory.diff import value_of

    write("\n".join(found.conclusion))
    for name, (heading, columns) in PARTS.items():
        table = getattr(found, name)
        if name == "spaces":
            number = int((table["event"] == "same").sum())
            heading += f": {number} the same, {len(table) - number} not"
            table = table[table["event"] != "same"]
        if not len(table):
            if name == "spaces" and number:
                write(f"\n{heading}")
            continue
        if name == "settings":
            table = table.assign(before=table["before"].map(value_of), after=table["after"].map(value_of))
        few = table if columns is None else table[columns]
        first = few.groupby("network", sort=False).head(most) if name == "links" else few.head(most)
        of = f" ({len(first):,} of {len(few):,})" if len(first) < len(few) else ""
        write(f"\n{heading}{of}")
        show(first.reset_index(drop=True), Format.table)
