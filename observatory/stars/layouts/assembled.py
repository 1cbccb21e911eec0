"""Cells of one or more files put together to the table that star scores are computed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from ingest.faults import BadInput, Fault
from observatory.stars.check import FIGURES, KEYS
from observatory.stars.industries import listed
from observatory.stars.layouts.accounts import SetAside, blank_cells, flags_of, ledger_of, said_of_flags, unused
from observatory.stars.layouts.cells import REJECTS, Cells, Options
from observatory.stars.layouts.common import in_euro, to_common
from observatory.stars.layouts.contradictions import faults_of, once, possible, refuse, unpaid_note
from observatory.stars.layouts.nesting import by_level
from observatory.stars.layouts.places import is_country, region_level
from observatory.stars.layouts.remainder import filled
from observatory.stars.layouts.versions import carried, one_version, said_of, versions_of


@dataclass(frozen=True)
class Figures:
    """Regional figures, ready to be scored.

    Attributes
    ----------
    table
        ``region, industry, year`` and the columns of figures that the files hold, sorted; ``attrs["notes"]``
        and ``attrs["file"]`` as :func:`observatory.stars.star_scores` wants them.
    flags
        The cells that carry a publisher's flag or are estimated: ``region, industry, year, measure, value,
        unit, flag, meaning, estimated, file, line``, as they were delivered (before regions are carried).
    ledger
        ``file, reason, cells``: for each file ``read``, ``used`` and every reason of setting aside; read is
        the sum of the others.
    scheme
        What the industries of the table are.
    rejects
        The rows of firms that were set aside, at most :data:`observatory.stars.layouts.firms.LISTED` a reason and
        file: ``file, line, firm, year, reason``.
    """

    table: pd.DataFrame
    flags: pd.DataFrame
    ledger: pd.DataFrame
    scheme: str = "nace"
    rejects: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(REJECTS)))


def assemble(parts: Sequence[Cells], options: Options) -> Figures:
    """Put the cells of files together to one table.

    In this order: money is turned into EUR where a rate is given; contradictions are refused, repetitions set
    aside; one level of industries and regions is kept; suppressed cells are filled where that is asked for;
    several classifications are brought to the 51 industries; regions are carried to one version of NUTS; what
    cannot be true is set aside; the rest becomes the table. Nothing is lost: every cell is used or has
    its reason in the ledger.

    Raises
    ------
    BadInput
        All that :func:`observatory.stars.layouts.contradictions.faults_of` lists; codes of another
        classification than ``options.industry``; two versions of NUTS in one's own table; not one figure left.

    Examples
    --------
    >>> from observatory.stars.layouts.cells import aside_of, cells_of
    >>> rows = {"region": "DE21", "industry": ["C10", "C11"], "year": 2014, "measure": "employment",
    ...         "value": [5.0, None], "unit": "persons", "flag": ["", "c"], "file": "a.tsv", "line": [2, 3]}
    >>> part = Cells(cells_of(pd.DataFrame(rows)), aside_of("a.tsv", {}), 2, "nace")
    >>> done = assemble([part], Options())
    >>> done.ledger[["reason", "cells"]].values.tolist()
    [['read', 2], ['used', 1], ['no figure: confidential or withheld', 1]]
    """
    _check_schemes(parts, options)
    delivered = parts
    parts, late = _until(parts, options.until)
    best, worse = _best(parts)
    cells, turned = in_euro(best, options.rates)
    notes = [*(note for part in parts for note in part.notes), *turned, *late.said]
    own = frozenset(str(file) for part in parts if part.own for file in set(part.frame["file"].unique()))
    refuse(faults_of(cells, own))
    flagged = cells
    aside = SetAside([part.aside for part in parts])
    aside.add(late.aside)
    aside.add(worse)
    single = once(cells)
    aside.add(single.aside)
    cells, said = _levelled(single.cells, own, parts, options, aside)
    notes += said
    placed, said = _placed(cells, own, options, aside)
    notes += said
    cleared = possible(placed)
    aside.add(cleared.aside)
    notes += unpaid_note(cleared.cells)
    aside.add(blank_cells(cleared.cells))
    table, said = _paid(_wide(cleared.cells, parts))
    notes += said
    ledger = ledger_of(delivered, aside.table())
    if not int(ledger.loc[ledger["reason"] == "used", "cells"].sum()):
        raise BadInput(unused(ledger))
    flags = flags_of(flagged, cells)
    table.attrs = {"file": _named(parts), "notes": [*notes, *said_of_flags(flags)]}
    rejects = [part.rejects for part in parts if len(part.rejects)] or [pd.DataFrame(columns=list(REJECTS))]
    return Figures(table, flags, ledger, _scheme(parts), pd.concat(rejects, ignore_index=True))


@dataclass(frozen=True)
class _Late:
    """The cells of years after the last that is wanted, and how many they are, in a sentence."""

    aside: list[tuple[str, pd.DataFrame]]
    said: list[str]


def _until(parts: Sequence[Cells], year: int | None) -> tuple[Sequence[Cells], _Late]:
    """Leave out the cells of later years."""
    if year is None:
        return parts, _Late([], [])
    late = [part.frame[part.frame["year"] > year] for part in parts]
    number = sum(len(cells) for cells in late)
    kept = [replace(part, frame=part.frame[part.frame["year"] <= year].reset_index(drop=True)) for part in parts]
    if number and not any(len(part.frame) for part in kept):
        files = sorted({str(file) for cells in late for file in cells["file"].unique()})
        mend = "name figures of earlier years, or choose a later day"
        raise BadInput(Fault(file, None, "", f"figures of {year} or before", mend) for file in files)
    said = [f"{number:,} figures of years after {year} are not used."] if number else []
    return kept, _Late([("after the study's date", cells) for cells in late], said)


def _best(parts: Sequence[Cells]) -> tuple[pd.DataFrame, list[tuple[str, pd.DataFrame]]]:
    """Keep of each measure the best indicator that a file holds figures of; the others are set aside."""
    least: dict[str, int] = {}
    for part in parts:
        for measure in set(part.frame.loc[part.frame["value"].notna(), "measure"]):
            rank = part.ranks.get(str(measure), 1)
            least[str(measure)] = min(rank, least.get(str(measure), rank))
    kept, aside = [], []
    for part in parts:
        worse = {measure for measure, rank in part.ranks.items() if rank > least.get(measure, rank)}
        rows = part.frame["measure"].isin(worse)
        kept.append(part.frame[~rows])
        aside += [
            (f"a better indicator of {name} is in another file", part.frame[part.frame["measure"] == name])
            for name in sorted(worse)
        ]
    return pd.concat(kept, ignore_index=True), aside


def _check_schemes(parts: Sequence[Cells], options: Options) -> None:
    """All files hold industries of the kind that was said; names can be had of any."""
    several = len({part.scheme for part in parts}) > 1
    faults = []
    for part in parts:
        if options.industry in (part.scheme, "industry"):
            continue
        say = "industry" if several else part.scheme
        mend = f"say --industry {say}, in a study industry = {say!r}" + (": all go to the 51" if several else "")
        faults += [
            Fault(str(file), None, part.scheme, f"industries in {options.industry}, as was said", mend)
            for file in sorted(set(part.frame["file"].unique()))
        ]
    if faults:
        raise BadInput(faults)


def _scheme(parts: Sequence[Cells]) -> str:
    """The kind of all files, or names where they are of several kinds."""
    kinds = sorted({part.scheme for part in parts})
    return kinds[0] if len(kinds) == 1 else "industry"


def _levelled(
    cells: pd.DataFrame, own: frozenset[str], parts: Sequence[Cells], options: Options, aside: SetAside
) -> tuple[pd.DataFrame, list[str]]:
    """One level of industries and regions, with suppressed cells filled where that is asked for."""
    schemes = sorted({part.scheme for part in parts})
    levelled: list[pd.DataFrame] = []
    said: list[str] = []
    for scheme in schemes:
        files = {str(file) for part in parts if part.scheme == scheme for file in set(part.frame["file"].unique())}
        kept, notes = _of_scheme(cells[cells["file"].isin(files)], scheme, own, options, aside)
        said += notes
        if len(schemes) > 1:
            kept, outside = to_common(kept, scheme)
            said += outside
        levelled.append(kept)
    return pd.concat(levelled, ignore_index=True), said


def _of_scheme(
    cells: pd.DataFrame, scheme: str, own: frozenset[str], options: Options, aside: SetAside
) -> tuple[pd.DataFrame, list[str]]:
    """Sort the cells of one classification by level, and fill them."""
    published = ~cells["file"].isin(own) if options.digits is None else pd.Series(True, index=cells.index)
    sorted_out = by_level(cells[published], scheme, options.digits)
    aside.add(sorted_out.aside)
    kept = pd.concat([cells[~published], sorted_out.kept], ignore_index=True)
    if options.fill == "none" or scheme == "industry":
        return kept, []
    done = filled(kept, sorted_out.wholes, scheme, versions_of(kept, options.nuts))
    return done.cells, list(done.notes)


def _placed(
    cells: pd.DataFrame, own: frozenset[str], options: Options, aside: SetAside
) -> tuple[pd.DataFrame, list[str]]:
    """Regions of one version of NUTS in each country and year; of one over all where that is asked for."""
    versions = versions_of(cells, options.nuts)
    mine = cells["file"].isin(own)
    said = _strangers(cells[mine])
    parts = []
    for rows, is_own in ((cells[mine], True), (cells[~mine], False)):
        done = one_version(rows, versions, is_own)
        aside.add(done.aside)
        parts.append(done.cells)
    whole = pd.concat(parts, ignore_index=True)
    if options.nuts is None:
        return whole, [*said, *said_of(versions)]
    moved = carried(whole, versions, options.nuts)
    aside.add(moved.aside)
    # A region may have its figures under the old and the new code in different files.
    single = once(moved.cells)
    aside.add(single.aside)
    return single.cells, [*said, *moved.notes]


def _strangers(mine: pd.DataFrame) -> list[str]:
    """Name the regions of one's own table that no version of NUTS has; they may be meant, so they stay."""
    codes = sorted({str(code) for code in set(mine["region"].unique()) if region_level(str(code)) == "other"})
    names = [code for code in codes if not is_country(code)]
    if not names:
        return []
    subject = "1 region is" if len(names) == 1 else f"{len(names):,} regions are"
    return [f"{subject} in no version of NUTS and stand as they are: {listed(names, 5)}."]


def _wide(cells: pd.DataFrame, parts: Sequence[Cells]) -> pd.DataFrame:
    """A column a measure; regions and industries without any figure are left out."""
    known = cells[cells["value"].notna()]
    there = cells["region"].isin(known["region"].unique()) & cells["industry"].isin(known["industry"].unique())
    rows = cells if all(part.own for part in parts) else cells[there]
    wide = rows.pivot(index=list(KEYS), columns="measure", values="value")
    measures = set(cells["measure"].unique())
    present = [*(name for name in FIGURES if name in measures), *sorted(measures - set(FIGURES))]
    table = wide.reindex(columns=present).reset_index().rename_axis(columns=None)
    if (rows["estimated"] != "").any():
        counted = rows.assign(number=rows["estimated"] != "").groupby(list(KEYS))["number"].sum()
        table["estimated"] = counted.reindex(pd.MultiIndex.from_frame(table[list(KEYS)])).to_numpy("int64")
    return table.sort_values(list(KEYS), ignore_index=True)


def _paid(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Turn average wages into wages, where employment is known and wages are not."""
    if "average_wage" not in table:
        return table, []
    blank = pd.Series(float("nan"), index=table.index)
    wages, employed = table.get("wages", blank), table.get("employment", blank)
    paid = wages.isna() & table["average_wage"].notna() & employed.notna()
    table = table.assign(wages=wages.where(~paid, (table["average_wage"] * employed).round(2)))
    alone = int((table["average_wage"].notna() & employed.isna()).sum())
    said = [f"{int(paid.sum()):,} wages are an average wage times employment."]
    said += [f"{alone:,} average wages stand without known employment and are not used."] if alone else []
    order = [*KEYS, *(name for name in FIGURES if name in table)]
    rest = [name for name in table if name not in (*order, "average_wage")]
    return table[[*order, *rest]], said


def _named(parts: Sequence[Cells]) -> str:
    files = sorted({str(file) for part in parts for file in set(part.frame["file"].unique())})
    return files[0] if len(files) == 1 else f"{len(files)} files"
