"""The dimensions of a statistical table: totals are kept, parts of a total set aside, indicators understood."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ingest.faults import BadInput, Fault
from observatory.stars.industries import listed
from observatory.stars.layouts.cells import Options
from observatory.stars.layouts.measures import INDICATORS, Indicator, chosen_measure, indicator_of, scale

#: Names of the column that carries the indicator.
INDICATOR = ("indic_sb", "indic_sbs", "indic_bd", "indic", "indicator")
UNIT = ("unit", "currency")
#: What stands for all of a dimension, the first of them that a table has.
TOTALS = ("TOTAL", "T", "_T", "Y_GE15", "Y15-74", "Y15-64", "EMP", "ALL", "Total", "All")
#: Datasets without an indicator: measure, unit where the table has no column for it, rank, in words.
#: Sources: Eurostat, titles of the datasets.
DATASETS = {
    "nama_10r_3empers": Indicator("employment", 1e3, "persons", 6, "employment of the national accounts"),
    "lfst_r_lfe2en2": Indicator("employment", 1e3, "persons", 7, "employment of the labour force survey"),
    "nama_10r_2coe": Indicator("wages", 1e6, "EUR", 3, "compensation of employees, which is more than wages"),
    "demo_r_d2jan": Indicator("population", 1, "persons", 1, "population on 1 January"),
    "nama_10r_2gdp": Indicator("gdp", 1e6, "EUR", 1, "gross domestic product at current prices"),
}
_OWN = frozenset({"geo", "nace_r2", "_line", *INDICATOR, *UNIT})


def without_parts(rows: pd.DataFrame, file: str, others: Sequence[str]) -> tuple[pd.DataFrame, list[tuple[str, int]]]:
    """Keep the total of every further dimension (size class, sex, age, status) and drop its column.

    Parameters
    ----------
    rows
        A column a dimension.
    others
        Columns that are no dimensions.

    Returns
    -------
    tuple
        The rows of totals; reasons and numbers of rows that were set aside.

    Raises
    ------
    BadInput
        A dimension with several values of which none is its total.

    Examples
    --------
    >>> rows = pd.DataFrame({"geo": ["AT11"] * 3, "sizeclas": ["0-1", "GE10", "TOTAL"]})
    >>> kept, aside = without_parts(rows, "bd_size_r3.tsv", ())
    >>> len(kept), aside
    (1, [('part of a total (sizeclas 0-1, GE10)', 2)])
    """
    aside, faults = [], []
    for name in [name for name in rows.columns if name not in _OWN and name not in others]:
        values = sorted(set(rows[name].str.strip()))
        if len(values) > 1:
            total = next((value for value in TOTALS if value in values), None)
            if total is None:
                expected = f"one value of {name}, or its total among them"
                faults.append(Fault(file, 1, listed(values), expected, "download the table with the total only"))
                continue
            parts = rows[name].str.strip() != total
            said = listed([value for value in values if value != total], 5)
            aside.append((f"part of a total ({name} {said})", int(parts.sum())))
            rows = rows[~parts]
        rows = rows.drop(columns=name)
    if faults:
        raise BadInput(faults)
    return rows, aside


def measured(
    rows: pd.DataFrame, dataset: str, file: str, options: Options
) -> tuple[pd.DataFrame, list[tuple[str, int]], tuple[str, ...]]:
    """Say of each row which measure it is, by its indicator, its dataset or the user's word.

    Returns
    -------
    tuple
        The rows that the star table has a place for, with ``_measure, _rank, _factor, _unit``; reasons and numbers
        of rows that were set aside; sentences on what stands for what.

    Raises
    ------
    BadInput
        A table of which nobody says what its figures are, or in which unit.

    Examples
    --------
    >>> rows = pd.DataFrame({"geo": ["AT11"] * 2, "indic_sb": ["V13320", "V94310"]})
    >>> kept, aside, notes = measured(rows, "sbs_r_nuts06_r2", "sbs.tsv", Options())
    >>> kept[["_measure", "_factor", "_unit"]].values.tolist(), aside
    ([['wages', 1000000.0, 'EUR']], [('another indicator (V94310)', 1)])
    """
    if rows.empty:
        return rows.assign(_measure="", _rank=1, _factor=1.0, _unit=""), [], ()
    name = next((column for column in INDICATOR if column in rows), None)
    if name is None or _unsaid(rows[name], options):
        one = _of_dataset(dataset, file, options)
        rows = rows.assign(_code="")
        known = {"": one}
        aside = []
    else:
        codes = {text: indicator_of(str(text)) for text in sorted(set(rows[name]))}
        rows = rows.assign(_code=rows[name].map(codes).fillna(""))
        other = rows["_code"] == ""
        said = listed([str(text) for text, code in codes.items() if code is None], 5)
        aside = [(f"another indicator ({said})", int(other.sum()))] if other.any() else []
        rows = rows[~other]
        known = {code: INDICATORS[code] for code in sorted(set(rows["_code"].unique()))}
        if not known:
            expected = "an indicator of employment, wages, firms or high growth"
            mend = "download V16110, V13320 and V11210, or EMP_LOC_NR, WAGE_LOC_MEUR and LOC_NR"
            raise BadInput(Fault(file, 1, listed([str(text) for text in codes]), expected, mend))
    rows, more = _best(rows, known)
    rows, units = _scaled(rows, known, file)
    notes = tuple(
        f"{one.measure} of {file}: {one.said}." for code, one in sorted(known.items()) if (rows["_code"] == code).any()
    )
    spent = [column for column in (*INDICATOR, *UNIT, "_code") if column in rows]
    return rows.drop(columns=spent), [*aside, *more, *units], notes


def _unsaid(column: pd.Series, options: Options) -> bool:
    """Whether the user's word is needed: one indicator, and not one that is known."""
    said = [str(text) for text in column.unique()]
    return options.measure is not None and len(said) == 1 and indicator_of(said[0]) is None


def _of_dataset(dataset: str, file: str, options: Options) -> Indicator:
    """What the file says comes before what the user says of files that do not."""
    if dataset in DATASETS:
        return DATASETS[dataset]
    if options.measure is not None:
        return chosen_measure(options.measure)
    expected = "figures whose measure is known; this file has no indicator, and its dataset is not known"
    mend = "say what they are with --measure, for example --measure employment or --measure 'wages:million EUR'"
    raise BadInput(Fault(file, 1, dataset, expected, mend))


def _best(rows: pd.DataFrame, known: dict[str, Indicator]) -> tuple[pd.DataFrame, list[tuple[str, int]]]:
    """Of several indicators of one measure keep those of the lowest rank."""
    least = {one.measure: min(i.rank for i in known.values() if i.measure == one.measure) for one in known.values()}
    worse = [code for code, one in known.items() if one.rank > least[one.measure]]
    drop = rows["_code"].isin(worse)
    reason = f"a better indicator of the same is there ({listed(sorted(worse), 5)})"
    return rows[~drop], [(reason, int(drop.sum()))] if drop.any() else []


def _scaled(rows: pd.DataFrame, known: dict[str, Indicator], file: str) -> tuple[pd.DataFrame, list[tuple[str, int]]]:
    """Measure, factor and unit of each row; a column of units has the last word, and may not contradict."""
    table = rows.assign(
        _measure=rows["_code"].map({code: one.measure for code, one in known.items()}),
        _rank=rows["_code"].map({code: one.rank for code, one in known.items()}),
        _factor=rows["_code"].map({code: float(one.factor) for code, one in known.items()}),
        _unit=rows["_code"].map({code: one.unit for code, one in known.items()}),
    )
    name = next((column for column in UNIT if column in rows), None)
    if name is None:
        return table, []
    texts = table[name].str.strip()
    scales = {text: scale(text) for text in sorted(set(texts)) if text}
    given = {
        (text, one.unit): found
        for text, found in scales.items()
        for one in known.values()
        if found is not None and found[1] in ("", one.unit)
    }
    pairs = pd.Series(list(zip(texts, table["_unit"], strict=True)), index=table.index, dtype="object")
    other = (texts != "") & ~pairs.isin(list(given))
    if other.any() and other.all():
        said = listed(sorted(set(texts)))
        pairs_there = sorted(set(zip(table["_measure"], table["_unit"], strict=True)))
        expected = "figures of " + ", ".join(f"{measure} in {unit}" for measure, unit in pairs_there)
        raise BadInput(Fault(file, 1, said, expected, "download the table in such a unit"))
    factors = pairs.map({pair: found[0] for pair, found in given.items()})
    # An indicator that bears its unit in its code (million EUR) has it once; the column only repeats it.
    table["_factor"] = factors.where(factors.notna() & (texts != ""), table["_factor"]).astype("float64")
    reason = f"another unit ({listed(sorted(set(texts[other])), 5)})"
    return table[~other], [(reason, int(other.sum()))] if other.any() else []
