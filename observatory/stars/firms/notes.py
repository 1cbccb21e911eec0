"""Sentences that go with a regional table counted from firms: what was not used, and what could not be told."""

from __future__ import annotations

import pandas as pd

from observatory.stars.firms.rules import FirmRules
from observatory.stars.notes import span


def notes_on(
    rules: FirmRules,
    ledger: pd.DataFrame,
    patterns: pd.DataFrame,
    cells: pd.DataFrame,
    growth: pd.DataFrame,
    lines: pd.DataFrame,
    file: str,
) -> list[str]:
    """State the thresholds, the rows set aside, and the firms that could not be assessed or ranked.

    Parameters
    ----------
    rules, ledger, file
        The thresholds; ``reason, rows``; the name of the table.
    patterns
        ``years`` (a tuple), ``firms``: how many firms stand in which years.
    cells
        ``firms, employment, paid, lone_wages, lone_value_added`` by cell.
    growth, lines
        ``grown, smes, assessed``, and what was found of the frontier.
    """
    return [
        *on_ledger(ledger, file),
        *rules.in_words(),
        *on_growth(rules, patterns, growth),
        *_on_frontier(rules, cells, lines),
        *_on_wages(cells),
    ]


def on_ledger(ledger: pd.DataFrame, file: str) -> list[str]:
    """Say how many rows were set aside and why.

    Examples
    --------
    >>> on_ledger(pd.DataFrame({"reason": ["read", "used", "no region"], "rows": [5, 3, 2]}), "firms.csv")
    ['2 of 5 rows of firms.csv are set aside: no region 2.']
    """
    rows = dict(zip(ledger["reason"], ledger["rows"], strict=True))
    read, used = rows.pop("read"), rows.pop("used")
    if read == used:
        return []
    said = ", ".join(f"{reason} {number:,}" for reason, number in rows.items())
    return [f"{read - used:,} of {read:,} rows of {file} are set aside: {said}."]


def on_growth(rules: FirmRules, patterns: pd.DataFrame, growth: pd.DataFrame) -> list[str]:
    """Say how many firms could be assessed for high growth, and for which years none could.

    Examples
    --------
    >>> patterns = pd.DataFrame({"years": [(2011, 2014), (2014,)], "firms": [4, 1]})
    >>> growth = pd.DataFrame({"grown": [False, True], "smes": [2, 1], "assessed": [1, 1]})
    >>> on_growth(FirmRules(), patterns, growth)
    ['High growth is not known in 2011: the table has no row three years before.', 'High growth from 2014 on: \
of 5 rows 1 has none of its firm three years before and cannot be assessed; 3 were SMEs then, 1 of them without \
the figures to tell, 1 has high growth.']
    """
    held = set().union(*patterns["years"]) if len(patterns) else set()
    ago = {1: "a year", 3: "three years"}.get(rules.growth_years, f"{rules.growth_years} years")
    early = sorted(year for year in held if year - rules.growth_years not in held)
    said = [f"High growth is not known in {span(early)}: the table has no row {ago} before."] if early else []
    late = held - set(early)
    if not late:
        return said
    rows = without = 0
    for years, firms in zip(patterns["years"], patterns["firms"], strict=True):
        asked = [year for year in years if year in late]
        rows += firms * len(asked)
        without += firms * sum(year - rules.growth_years not in years for year in asked)
    number, known = (int(growth[column].sum()) for column in ("smes", "assessed"))
    grown = int(growth.loc[growth["grown"].astype(bool), "smes"].sum())
    return [
        *said,
        f"High growth from {min(late)} on: of {rows:,} rows {without:,} {_has(without)} none of its firm {ago} before "
        f"and cannot be assessed; {number:,} were SMEs then, {number - known:,} of them without the figures to "
        f"tell, {grown:,} {_has(grown)} high growth.",
    ]


def _has(number: int) -> str:
    return "has" if number == 1 else "have"


def _on_frontier(rules: FirmRules, cells: pd.DataFrame, lines: pd.DataFrame) -> list[str]:
    lone = int(cells["lone_value_added"].sum())
    said = []
    if lines.empty:
        said.append("No firm could be ranked by value added per employee: frontier firms are not known.")
    few = int(lines["line"].isna().sum())
    if few:
        least = next(number for number in range(1, 10**7) if rules.within_top(number)) if rules.frontier else 0
        reason = f"fewer than {least:,} firms are ranked there" if least else "the top share is none"
        said.append(f"In {few:,} of {len(lines):,} industries and years no firm is at the frontier: {reason}.")
    if lone:
        said.append(f"{lone:,} rows have value added and no employees, and are not ranked.")
    return said


def _on_wages(cells: pd.DataFrame) -> list[str]:
    lone, employed, paid = (cells[column].sum() for column in ("lone_wages", "employment", "paid"))
    said = [f"{int(lone):,} rows have wages and no employees: their wages are left out."] if lone else []
    if employed > 0 and paid < employed:
        said.append(f"Wages are known for {100 * paid / employed:.1f} % of the employment.")
    return said
