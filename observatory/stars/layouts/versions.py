"""Regions of several versions of NUTS: which version a country's figures are in, and how they are carried."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from ingest.faults import BadInput, Fault
from ingest.nuts import CODE_VERSIONS, STUDY_VERSIONS, bridge
from observatory.stars.industries import listed
from observatory.stars.layouts.cells import COLUMNS, KEYS
from observatory.stars.layouts.places import nuts_codes
from observatory.stars.notes import span


@dataclass(frozen=True)
class Carried:
    """Cells in one version of NUTS, what could not be carried, and sentences."""

    cells: pd.DataFrame
    aside: tuple[tuple[str, pd.DataFrame], ...]
    notes: tuple[str, ...]


def versions_of(cells: pd.DataFrame, nuts: int | None = None) -> pd.DataFrame:
    """Find the version of NUTS that each country's regions are in, year by year, by the codes with a figure.

    Parameters
    ----------
    cells
        ``region, year, value``; regions outside NUTS are passed over.
    nuts
        The version that is taken where several fit, else the latest.

    Returns
    -------
    pandas.DataFrame
        ``country, year, version, fits``: ``fits`` is False where no version has all codes.

    Examples
    --------
    >>> cells = pd.DataFrame({"region": ["FR24", "FR10", "FRB0"], "year": [2014, 2014, 2018], "value": 1.0})
    >>> versions_of(cells, 2016).values.tolist()
    [['FR', 2014, 2013, True], ['FR', 2018, 2016, True]]
    """
    known = frozenset().union(*(nuts_codes(version) for version in CODE_VERSIONS))
    seen = cells.loc[cells["value"].notna() & cells["region"].isin(known), ["region", "year"]].drop_duplicates()
    rows = [
        (str(country), int(str(year)), *_version(frozenset(group["region"].unique()), nuts))
        for (country, year), group in seen.groupby([seen["region"].str[:2], "year"])
    ]
    return pd.DataFrame(rows, columns=["country", "year", "version", "fits"])


@cache
def _version(codes: frozenset[str], nuts: int | None) -> tuple[int, bool]:
    near = nuts or CODE_VERSIONS[-1]
    best = max(CODE_VERSIONS, key=lambda version: (len(codes & nuts_codes(version)), -abs(version - near), version))
    return best, codes <= nuts_codes(best)


def one_version(cells: pd.DataFrame, versions: pd.DataFrame, own: bool) -> Carried:
    """Part with regions that are of another version than the others of their country and year.

    Two versions side by side would count the same people twice. In the project's own table that is a fault;
    of a publisher's table the version with most regions stands, the others' cells are set aside.

    Raises
    ------
    BadInput
        In a table of one's own: each such region, with the line where it stands first.
    """
    torn = versions[~versions["fits"]]
    if torn.empty:
        return Carried(cells, (), ())
    at = cells[["region", "year"]].assign(country=cells["region"].str[:2])
    version = at.merge(torn, on=["country", "year"], how="left")["version"].to_numpy()
    wrong = pd.Series(
        [
            not pd.isna(number) and code not in nuts_codes(int(number)) and _of_nuts(code)
            for code, number in zip(cells["region"], version, strict=True)
        ],
        index=cells.index,
        dtype="bool",
    )
    odd = cells[wrong & cells["value"].notna()]
    if own and len(odd):
        first = odd.sort_values(["file", "line"]).drop_duplicates(["file", "region", "year"])
        expected = "regions of one version of NUTS in a country and year"
        mend = "remove the regions of one version: they count the same people twice"
        raise BadInput(
            Fault(str(file), int(line), f"{region}, {year}", expected, mend)
            for file, line, region, year in first[["file", "line", "region", "year"]].itertuples(index=False)
        )
    if odd.empty:
        return Carried(cells, (), ())
    codes = listed(sorted(set(odd["region"].unique())), 5)
    reason = f"regions of another version of NUTS than the others of their country and year ({codes})"
    return Carried(cells[~wrong], ((reason, cells[wrong]),), ())


@cache
def _of_nuts(code: str) -> bool:
    return any(code in nuts_codes(version) for version in CODE_VERSIONS)


def said_of(versions: pd.DataFrame) -> tuple[str, ...]:
    """Say that a country changes its version of NUTS from year to year, where nothing is carried."""
    changing = [
        f"{country}: " + ", ".join(f"{version} in {span(sorted(years))}" for version, years in _years_by(group))
        for country, group in versions.groupby("country")
        if not _common(group)
    ]
    if not changing:
        return ()
    return (
        f"Regions change their version of NUTS over the years ({listed(changing, 5)}); --nuts carries them to one.",
    )


def _years_by(group: pd.DataFrame) -> list[tuple[int, list[int]]]:
    return [(int(str(version)), [int(y) for y in part["year"]]) for version, part in group.groupby("version")]


def _common(group: pd.DataFrame) -> bool:
    return group["version"].nunique() == 1


@cache
def _moves(version: int, nuts: int) -> dict[str, tuple[str, str]]:
    """Region → where it lies, and how: same, renamed, merged, or why it cannot be carried."""
    table = bridge(version, nuts)
    whole = table[~table["spread"]]
    parts = whole.groupby("carried")["region"].size().to_dict()
    back = bridge(nuts, version).set_index("region")["spread"].to_dict() if version in STUDY_VERSIONS else {}
    found: dict[str, tuple[str, str]] = {}
    for region, carried, spread in table.itertuples(index=False):
        if region in nuts_codes(nuts):
            found[region] = region, "same"
        elif len(carried) != 4:
            found[region] = carried, f"regions that NUTS {nuts} does not have"
        elif spread:
            found[region] = carried, f"regions that NUTS {nuts} divides"
        elif parts[carried] > 1:
            found[region] = carried, "merged"
        elif back.get(carried, False):
            found[region] = carried, f"regions whose borders NUTS {nuts} moves"
        else:
            found[region] = carried, "renamed"
    return found


def carried(cells: pd.DataFrame, versions: pd.DataFrame, nuts: int) -> Carried:
    """Carry the cells of NUTS2 regions to one version.

    A region that is renamed is carried exactly; regions that are merged are added up where every one of them
    has the figure; what is divided, has other borders or is not in the version is set aside and said.
    Regions outside NUTS stand as they are.

    Parameters
    ----------
    cells
        The columns of :data:`observatory.stars.layouts.cells.COLUMNS`.
    versions
        As from :func:`versions_of`.

    Examples
    --------
    >>> row = {"region": "FR24", "industry": "C10", "year": 2014, "measure": "firms", "value": 5.0, "unit": "units",
    ...        "flag": "", "file": "a.tsv", "line": 2, "estimated": ""}
    >>> done = carried(pd.DataFrame([row]), versions_of(pd.DataFrame([row]), 2016), 2016)
    >>> done.cells[["region", "value"]].values.tolist(), done.notes
    ([['FRB0', 5.0]], ('1 region is renamed in NUTS 2016: FR24 = FRB0.',))
    """
    pairs = cells[["region", "year"]].drop_duplicates()
    pairs = pairs.assign(country=pairs["region"].str[:2]).merge(versions, on=["country", "year"], how="left")
    answers = [_move(region, version, nuts) for region, version in zip(pairs["region"], pairs["version"], strict=True)]
    pairs[["carried", "how", "parts"]] = pd.DataFrame(answers, index=pairs.index, columns=["carried", "how", "parts"])
    table = cells.merge(pairs[["region", "year", "carried", "how", "parts"]], on=["region", "year"], how="left")
    stays = table["how"].isin(["same", "renamed", "merged"])
    aside = [
        (f"{how} ({listed(sorted(set(part['region'])), 5)})", part[list(COLUMNS)])
        for how, part in table[~stays].groupby("how")
    ]
    merged, lacking = _summed(table[table["how"] == "merged"])
    if len(lacking):
        said = listed(sorted(set(lacking["region"].unique())), 5)
        aside.append((f"parts of a merged region of which another has no figure ({said})", lacking[list(COLUMNS)]))
    plain = table[stays & (table["how"] != "merged")]
    done = pd.concat([plain.assign(region=plain["carried"])[list(COLUMNS)], merged], ignore_index=True)
    return Carried(done, tuple(aside), _told(pairs, nuts))


def _move(region: str, version: float, nuts: int) -> tuple[str, str, int]:
    if pd.isna(version):
        # A country and year without any figure, or a region outside NUTS: nothing to carry.
        known = _of_nuts(region) and region not in nuts_codes(nuts)
        return region, f"regions that NUTS {nuts} does not have" if known else "same", 1
    moves = _moves(int(version), nuts)
    if region not in moves:
        other = _of_nuts(region) and region not in nuts_codes(nuts)
        return region, f"regions of another version of NUTS than {int(version)}" if other else "same", 1
    where, how = moves[region]
    parts = sum(1 for target, kind in moves.values() if target == where and kind == "merged")
    return where, how, parts


def _summed(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add up the parts of merged regions where all have a figure; the rest is returned as lacking."""
    if rows.empty:
        return rows[list(COLUMNS)], rows
    by = ["carried", *KEYS[1:]]
    rows = rows.sort_values([*by, "region"])
    known = rows.groupby(by)["value"].transform("count")
    whole = rows[known == rows["parts"]]
    grouped = whole.groupby(by)
    added = grouped.agg(
        value=("value", "sum"),
        unit=("unit", "first"),
        flag=("flag", lambda flags: "".join(sorted(set("".join(flags))))),
        file=("file", "first"),
        line=("line", "first"),
        estimated=("estimated", lambda said: "; ".join(sorted(set(said) - {""}))),
    ).reset_index()
    return added.rename(columns={"carried": "region"})[list(COLUMNS)], rows[known != rows["parts"]]


def _told(pairs: pd.DataFrame, nuts: int) -> tuple[str, ...]:
    notes = []
    for how, word in (("renamed", "renamed"), ("merged", "merged with another")):
        found = pairs[pairs["how"] == how][["region", "carried"]].drop_duplicates().sort_values("region")
        said = [
            f"{old} = {new}" if how == "renamed" else f"{old} in {new}" for old, new in found.itertuples(index=False)
        ]
        if said:
            subject = "1 region is" if len(said) == 1 else f"{len(said)} regions are"
            notes.append(f"{subject} {word} in NUTS {nuts}: {listed(said)}.")
    return tuple(notes)
