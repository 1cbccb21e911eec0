"""Suppressed cells filled from what is left of their parent, each marked as estimated; never done unasked."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from observatory.stars.layouts.nesting import industry_parent, nace_children
from observatory.stars.layouts.places import nuts_codes

#: From this year on County Business Patterns leaves small cells out, so that the parts of a whole are not all listed.
CBP_COMPLETE = 2016
_ADDED = ("employment", "wages", "firms", "high_growth_smes", "frontier_firms")
_HERE = ["region", "industry", "year", "measure"]
#: Rounds of exact filling: what one parent gives may complete another.
_ROUNDS = 8


@dataclass(frozen=True)
class Filled:
    """Cells of which some are filled, and a sentence on each kind."""

    cells: pd.DataFrame
    notes: tuple[str, ...]


def filled(cells: pd.DataFrame, wholes: pd.DataFrame, scheme: str, versions: pd.DataFrame) -> Filled:
    """Fill cells without a figure from the remainder of their parent.

    The parent is the industry one level up in the same region, or the NUTS1 region of the same industry; its
    figure and all its parts must be listed, and the remainder must not be negative. First, and as often as it
    helps, cells that are the only one missing: they are exact if the publisher's figures add up. Then several
    missing parts share the remainder by their numbers of firms where these are known for all of them, else
    evenly; the industry's parent before the region's.

    Parameters
    ----------
    cells
        Kept cells, with the columns of :data:`observatory.stars.layouts.cells.COLUMNS`.
    wholes
        Cells of the levels above, as from :func:`observatory.stars.layouts.nesting.by_level`.
    scheme
        ``nace`` or ``naics``.
    versions
        As from :func:`observatory.stars.layouts.versions.versions_of`.

    Returns
    -------
    Filled
        The cells with ``estimated`` saying how; a figure that was delivered is never changed.

    Examples
    --------
    >>> row = {"region": "DE21", "year": 2014, "measure": "employment", "unit": "persons", "flag": "", "file": "a",
    ...        "line": 2, "estimated": ""}
    >>> known = {"E36": 5.0, "E37": 3.0, "E38": None, "E39": 1.0}
    >>> parts = [{**row, "industry": code, "value": value} for code, value in known.items()]
    >>> whole = pd.DataFrame([{**row, "industry": "E", "value": 20.0}])
    >>> done = filled(pd.DataFrame(parts), whole, "nace", pd.DataFrame(columns=["country", "year", "version"]))
    >>> done.cells["value"].to_list(), done.cells["estimated"].to_list()[2]
    ([5.0, 3.0, 11.0, 1.0], 'remainder of E')
    """
    table = cells.reset_index(drop=True).copy()
    firms = table[table["measure"] == "firms"].set_index(["region", "industry", "year"])["value"]
    places = pd.MultiIndex.from_frame(table[["region", "industry", "year"]])
    table["_firms"] = firms[~firms.index.duplicated()].reindex(places).to_numpy()
    known = wholes[wholes["value"].notna()].drop_duplicates(_HERE).set_index(_HERE)["value"]
    families = [_industries(table, known, scheme), _regions(table, known, versions)]
    for _ in range(_ROUNDS):
        if not sum(_fill(table, family, several=False) for family in families):
            break
    for family in families:
        _fill(table, family, several=True)
    return Filled(table.drop(columns="_firms"), _said(table))


@dataclass(frozen=True)
class _Family:
    """For each cell: its parent's name, the parent's figure, how many parts it has; and the key that parts share."""

    stays: str
    parent: pd.Series
    whole: pd.Series
    parts: pd.Series


def _industries(table: pd.DataFrame, known: pd.Series, scheme: str) -> _Family:
    parents = {code: industry_parent(code, scheme) for code in set(table["industry"].unique())}
    sizes = (
        {parent: len(nace_children(parent)) for parent in set(parents.values()) - {None}} if scheme == "nace" else {}
    )
    parent = table["industry"].map(parents)
    if scheme == "nace":
        parts = parent.map(sizes)
    else:
        # Until 2016 what is not listed has no establishment, so that the listed parts are all.
        group = [table["region"], table["year"], table["measure"], parent]
        listed = table.groupby(group)["industry"].transform("size")
        parts = listed.where(table["year"] <= CBP_COMPLETE)
    return _Family("region", parent, _figure(table.assign(industry=parent), known), parts)


def _regions(table: pd.DataFrame, known: pd.Series, versions: pd.DataFrame) -> _Family:
    pairs = table[["region", "year"]].drop_duplicates()
    pairs = pairs.assign(country=pairs["region"].str[:2]).merge(versions, on=["country", "year"])
    known_codes = [code in nuts_codes(int(v)) for code, v in zip(pairs["region"], pairs["version"], strict=True)]
    pairs = pairs[pd.Series(known_codes, index=pairs.index, dtype="bool")]
    pairs = pairs.assign(parent=pairs["region"].str[:3])
    kinds = pairs[["parent", "version"]].drop_duplicates()
    sizes = {
        (str(above), int(v)): sum(code.startswith(str(above)) for code in nuts_codes(int(v)))
        for above, v in kinds.itertuples(index=False)
    }
    pairs["parts"] = [sizes[str(above), int(v)] for above, v in zip(pairs["parent"], pairs["version"], strict=True)]
    joined = table[["region", "year"]].merge(pairs, on=["region", "year"], how="left").set_index(table.index)
    parent, parts = joined["parent"], joined["parts"]
    return _Family("industry", parent, _figure(table.assign(region=parent), known), parts)


def _figure(parents: pd.DataFrame, known: pd.Series) -> pd.Series:
    found = known.reindex(pd.MultiIndex.from_frame(parents[_HERE]))
    return pd.Series(found.to_numpy(), index=parents.index, dtype="float64")


def _fill(table: pd.DataFrame, family: _Family, several: bool) -> int:
    """Fill what one kind of parent gives; returns how many cells."""
    usable = family.whole.notna() & family.parent.notna() & table["measure"].isin(_ADDED)
    rows = table[usable]
    group = rows.groupby([rows[family.stays], rows["year"], rows["measure"], family.parent[usable]])["value"]
    missing = group.transform("size") - group.transform("count")
    left = (family.whole[usable] - group.transform("sum")).round(6)
    complete = group.transform("size") == family.parts[usable]
    fits = rows["value"].isna() & complete & (left >= 0) & ((missing > 1) if several else (missing == 1))
    if not fits.any():
        return 0
    chosen = rows[fits]
    keys = [chosen[family.stays], chosen["year"], chosen["measure"], family.parent[chosen.index]]
    weights = chosen.groupby(keys)["_firms"]
    by_firms = (weights.transform("count") == weights.transform("size")) & (weights.transform("sum") > 0)
    share = (chosen["_firms"] / weights.transform("sum")).where(by_firms, 1 / missing[fits])
    how = by_firms.map({True: ", shared by firms", False: ", shared evenly"}) if several else ""
    table.loc[chosen.index, "value"] = (left[fits] * share).round(6)
    table.loc[chosen.index, "estimated"] = "remainder of " + family.parent[chosen.index].astype("str") + how
    return len(chosen)


def _said(table: pd.DataFrame) -> tuple[str, ...]:
    done = table[table["estimated"] != ""]
    blank = int(table["value"].isna().sum())
    if done.empty:
        return (f"No cell could be filled from a remainder; {blank:,} have no figure.",)
    kinds = {"alone": "exactly", ", shared by firms": "by numbers of firms", ", shared evenly": "evenly"}
    kind = done["estimated"].str.extract("(, shared .*)", expand=False).fillna("alone")
    counts = [f"{int((kind == key).sum()):,} {word}" for key, word in kinds.items() if (kind == key).any()]
    return (
        f"{len(done):,} suppressed figures are estimated from the remainder of their parent ({', '.join(counts)}); "
        f"{blank:,} still have no figure.",
    )
