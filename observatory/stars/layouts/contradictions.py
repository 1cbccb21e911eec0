"""What cannot be true of regional figures: refused in one's own table, set aside and counted in a publisher's."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ingest.faults import BadInput, Fault
from observatory.stars.industries import TOTAL, listed
from observatory.stars.layouts.cells import KEYS

Aside = tuple[tuple[str, pd.DataFrame], ...]
PLACE = ["region", "industry", "year"]
#: A figure that is so many times that of the year before or after is in another unit: thousands and units.
THOUSANDFOLD = (700.0, 1400.0)


@dataclass(frozen=True)
class Cleared:
    """Cells without contradictions, and what was set aside for them."""

    cells: pd.DataFrame
    aside: Aside


def faults_of(cells: pd.DataFrame, own: frozenset[str] = frozenset()) -> list[Fault]:
    """List what is refused in any file: negative figures, two units of one figure, a cell with two figures.

    Parameters
    ----------
    cells
        The columns of :data:`observatory.stars.layouts.cells.COLUMNS`, of all files.
    own
        Files in the project's own layout, of which more is refused: more high-growth or frontier firms than
        firms, an industry with more employment than its region, thousands beside units.

    Examples
    --------
    >>> cell = {"region": "DE21", "industry": "C10", "year": 2014, "measure": "employment", "value": -4.0,
    ...         "unit": "persons", "flag": "", "file": "a.tsv", "line": 3}
    >>> [fault.value for fault in faults_of(pd.DataFrame([cell]))]
    ['-4']
    """
    mine = cells[cells["file"].isin(own)]
    found = [*_negative(cells), *_units(cells), *_twice(cells), *_shares(mine), *_thousands(mine)]
    return sorted(set(found), key=lambda fault: (fault.file, fault.line or 0, fault.expected, fault.value))


def once(cells: pd.DataFrame) -> Cleared:
    """Keep each cell once: a repetition with the same figure, or without one, is set aside."""
    order = cells.assign(_blank=cells["value"].isna()).sort_values([*KEYS, "_blank", "file", "line"], kind="stable")
    again = order.duplicated(list(KEYS))
    kept = order[~again].drop(columns="_blank")
    return Cleared(kept, (("the same cell again", order[again]),) if again.any() else ())


def possible(cells: pd.DataFrame) -> Cleared:
    """Set aside wages where nobody is employed, shares above 1, and industries larger than their region."""
    wide = cells.pivot(index=PLACE, columns="measure", values="value")
    wrong = {
        "wages where employment is zero": ("wages", _positive(wide, "wages") & (_column(wide, "employment") == 0)),
        "more high-growth firms than firms, a share above 1": (
            "high_growth_smes",
            _column(wide, "high_growth_smes") > _column(wide, "firms"),
        ),
        "more frontier firms than firms, a share above 1": (
            "frontier_firms",
            _column(wide, "frontier_firms") > _column(wide, "firms"),
        ),
        "more employment than the region in all, a share above 1": ("employment", _above_total(wide)),
    }
    aside = []
    for reason, (measure, rows) in wrong.items():
        places = pd.MultiIndex.from_frame(cells[PLACE])
        hit = (cells["measure"] == measure).to_numpy() & places.isin(rows.index[rows])
        if hit.any():
            aside.append((reason, cells[hit]))
            cells = cells[~hit]
    return Cleared(cells, tuple(aside))


def _column(wide: pd.DataFrame, name: str) -> pd.Series:
    return wide[name] if name in wide else pd.Series(float("nan"), index=wide.index)


def _positive(wide: pd.DataFrame, name: str) -> pd.Series:
    return _column(wide, name) > 0


def _above_total(wide: pd.DataFrame) -> pd.Series:
    employed = _column(wide, "employment")
    industry = wide.index.get_level_values("industry")
    whole = employed[industry == TOTAL].droplevel("industry")
    if whole.empty:
        return pd.Series(False, index=wide.index)
    over = whole.reindex(pd.MultiIndex.from_arrays([wide.index.get_level_values(n) for n in ("region", "year")]))
    return (employed > over.to_numpy() * (1 + 1e-9)) & (industry != TOTAL)


def _negative(cells: pd.DataFrame) -> list[Fault]:
    return [
        Fault(str(file), int(line), f"{value:g}", f"{measure}, a number of zero or more", "correct the figure")
        for file, line, value, measure in cells.loc[
            cells["value"] < 0, ["file", "line", "value", "measure"]
        ].itertuples(index=False)
    ]


def _units(cells: pd.DataFrame) -> list[Fault]:
    """One unit a measure over all files: persons and FTE, EUR and USD are not added."""
    faults = []
    known = cells[cells["value"].notna() & (cells["unit"] != "")]
    for measure, part in known.groupby("measure"):
        units = sorted(set(part["unit"].unique()))
        if len(units) > 1:
            by = part.drop_duplicates(["file", "unit"]).sort_values(["file", "unit"])
            said = "; ".join(f"{unit} in {file}" for file, unit in by[["file", "unit"]].itertuples(index=False))
            expected = f"one unit of {measure} in all files"
            faults.append(Fault(str(by["file"].iloc[-1]), None, said, expected, "bring the files to one unit"))
    return faults


def _twice(cells: pd.DataFrame) -> list[Fault]:
    """A cell that stands in two places with different figures."""
    known = cells[cells["value"].notna()].sort_values(["file", "line"], kind="stable")
    first = known.groupby(list(KEYS))[["value", "file", "line"]].transform("first")
    wrong = known["value"] != first["value"]
    columns = ["file", "line", "region", "industry", "year", "measure", "value"]
    pairs = zip(
        known.loc[wrong, columns].itertuples(index=False, name=None),
        first.loc[wrong].itertuples(index=False, name=None),
        strict=True,
    )
    return [
        Fault(
            file,
            int(line),
            f"{region}, {industry}, {year}: {measure} {value:g}",
            f"each cell once ({other:g} stands in {there}, line {at})",
            "keep one of the two figures",
        )
        for (file, line, region, industry, year, measure, value), (other, there, at) in pairs
    ]


def _shares(mine: pd.DataFrame) -> list[Fault]:
    """In one's own table: shares of firms above 1, industries larger than their region."""
    if mine.empty:
        return []
    cells = mine.drop_duplicates(list(KEYS))
    wide = cells.pivot(index=PLACE, columns="measure", values="value")
    place = cells.drop_duplicates(PLACE).set_index(PLACE)[["file", "line"]]
    firms = _column(wide, "firms")
    faults = []
    for name in ("high_growth_smes", "frontier_firms"):
        for at in wide.index[_column(wide, name) > firms]:
            value = f"{name} {wide.loc[at, name]:g}, firms {firms[at]:g}"
            faults.append(
                _fault(place, at, value, f"at most as many {name} as firms", "correct one of the two figures")
            )
    for at in wide.index[_above_total(wide)]:
        value = f"employment {wide.loc[at, 'employment']:g}"
        expected = "at most the employment of the region in all"
        faults.append(_fault(place, at, value, expected, "correct the figure or the total row"))
    return faults


def _fault(place: pd.DataFrame, at: object, value: str, expected: str, mend: str) -> Fault:
    row = place.loc[at]  # type: ignore[call-overload]
    return Fault(str(row["file"]), int(row["line"]), value, expected, mend)


def _thousands(mine: pd.DataFrame) -> list[Fault]:
    """In one's own table: a figure a thousand times that of the years beside it."""
    # Figures without a line were counted from firms, in units that are known.
    known = mine[mine["measure"].isin(["employment", "wages"]) & (mine["value"] > 0) & (mine["line"] > 0)]
    known = known.sort_values([*KEYS[:2], "measure", "year"])
    series = known.groupby(["region", "industry", "measure"])
    before = series["value"].shift()
    ratio = known["value"] / before
    up, down = ratio.between(*THOUSANDFOLD), (1 / ratio).between(*THOUSANDFOLD)
    columns = ["file", "line", "region", "industry", "measure", "value"]
    odd = known.assign(before=before).loc[up | down, [*columns, "before"]]
    return [
        Fault(
            file,
            int(line),
            f"{measure} {value:g}",
            f"all figures in one unit; {region}, {industry} has {earlier:g} in the year before it",
            f"write thousands and units alike, or name the unit in a column {measure}_unit",
        )
        for file, line, region, industry, measure, value, earlier in odd.itertuples(index=False, name=None)
    ]


def refuse(faults: list[Fault]) -> None:
    """Raise all faults at once, where there are any.

    Raises
    ------
    BadInput
        With every fault.
    """
    if faults:
        raise BadInput(faults)


def unpaid_note(cells: pd.DataFrame) -> tuple[str, ...]:
    """Say how many wages stand without known employment: no average can be given there."""
    wide = cells.pivot(index=PLACE, columns="measure", values="value")
    alone = _column(wide, "wages").notna() & _column(wide, "employment").isna()
    if not alone.any():
        return ()
    where = listed(sorted(set(wide.index[alone].get_level_values("industry"))), 5)
    return (f"{int(alone.sum()):,} wages stand without known employment ({where}): productivity earns no star there.",)
