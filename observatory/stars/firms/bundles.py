"""Which industries a firm's code falls in: codes that fall in the same ones are counted together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from observatory.stars.firms.rules import FirmRules
from observatory.stars.industries import INDUSTRY, industries_of_codes, panorama_name

LEVELS = ("industry", "emerging", "code")
#: What :func:`ingest.symbols.canonical` calls the schemes.
_SCHEMES = {"nace": "nace2", "naics": "naics2017"}


@dataclass(frozen=True)
class Bundles:
    """Codes gathered by where they fall, so that an engine adds up few groups.

    Attributes
    ----------
    symbols
        ``industry`` (as the table writes it), ``bundle`` (whole number); symbols without a meaning are absent.
    parts
        ``bundle, industry, share``: the industries that are scored, and the share of a firm that counts there;
        a bundle without a row is outside all of them (it serves the local market).
    leagues
        ``bundle, league``: within what a firm is ranked by value added per employee; where that is the industry
        that is scored, the one that holds most of its code, or all emerging ones that this one belongs to.
    """

    symbols: pd.DataFrame
    parts: pd.DataFrame
    leagues: pd.DataFrame


def bundled(symbols: Iterable[str], scheme: str, level: str, rules: FirmRules, digits: int | None = None) -> Bundles:
    """Gather the codes of a firm table by the industries that they fall in.

    Parameters
    ----------
    symbols
        Distinct cells of the column industry.
    scheme
        ``nace`` (Rev. 2) or ``naics`` (2017) codes as vendors write them, or ``industry`` (names).
    level
        What is scored: ``industry`` (the 51; a code split among several counts in each with its share),
        ``emerging`` (the ten, which overlap), or ``code`` (as written; for names all levels are the same but
        ``emerging``).
    rules
        For ``frontier_by``.
    digits
        Cut longer codes to so many digits; shorter ones have no meaning then. None leaves codes as they are.

    Raises
    ------
    ValueError
        For an unknown scheme or level.

    Examples
    --------
    >>> found = bundled(["16.10", "C1610", "9602", "99999"], "nace", "industry", FirmRules())
    >>> found.symbols.to_dict("list")
    {'industry': ['16.10', 'C1610', '9602'], 'bundle': [1, 1, 0]}
    >>> found.parts[["bundle", "industry"]].to_numpy().tolist(), found.leagues.to_dict("records")
    ([[1, 'Forestry'], [1, 'Wood Products']], [{'bundle': 1, 'league': 'Wood Products'}])
    """
    if scheme not in INDUSTRY or level not in LEVELS:
        raise ValueError(f"scheme is one of {INDUSTRY}, level one of {LEVELS}; got {scheme!r} and {level!r}")
    meant = {symbol: _cut(_meaning(symbol, scheme), digits) for symbol in symbols}
    known = pd.Series(sorted({code for code in meant.values() if code}), dtype="str")
    single = _shares(known, scheme, level)
    scored = _emerging(single) if level == "emerging" else single
    where = _gathered(known, zip(scored["industry"], scored["share"], strict=True), scored["code"])
    if rules.frontier_by in ("scored", "industry"):
        whole = rules.frontier_by == "industry"
        ranked = _ranked(_shares(known, scheme, "industry"), "industry") if whole else _ranked(single, level)
        leagues = _gathered(known, ranked["league"], ranked["code"])
    else:
        leagues = {code: (code if rules.frontier_by == "code" else code[:2],) for code in known}
    kinds = {code: (where[code], leagues[code]) for code in known}
    number = {kind: at for at, kind in enumerate(sorted(set(kinds.values())))}
    rows = sorted((code, symbol) for symbol, code in meant.items() if code)
    parts = [(at, *part) for (held, _), at in number.items() for part in held]
    within = [(at, league) for (_, names), at in number.items() for league in names]
    return Bundles(
        _table([(symbol, number[kinds[code]]) for code, symbol in rows], industry="str", bundle="int64"),
        _table(parts, bundle="int64", industry="str", share="float64"),
        _table(within, bundle="int64", league="str"),
    )


def common_digits(symbols: pd.DataFrame, scheme: str) -> int | None:
    """Return how many digits most firms' codes have; None for names.

    Parameters
    ----------
    symbols
        ``industry`` (as written), ``firms``.
    scheme
        What they are.

    Examples
    --------
    >>> common_digits(pd.DataFrame({"industry": ["29", "2910", "26.1"], "firms": [3, 5, 1]}), "nace")
    4
    """
    if scheme == "industry":
        return None
    many = symbols["firms"].groupby(symbols["industry"].map(lambda symbol: len(_meaning(symbol, scheme)))).sum()
    known = many[many.index > 0].sort_index(ascending=False)
    return int(str(known.idxmax())) if len(known) else None


def _cut(code: str, digits: int | None) -> str:
    return code if digits is None else code[:digits] if len(code) >= digits else ""


def _table(rows: Sequence[tuple[object, ...]], **columns: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _meaning(symbol: str, scheme: str) -> str:
    from ingest.symbols import canonical

    return " ".join(symbol.split()) if scheme == "industry" else canonical(_SCHEMES[scheme], symbol)


def _shares(codes: pd.Series, scheme: str, level: str) -> pd.DataFrame:
    """Give ``code, industry, share``, sorted."""
    if scheme == "industry" or level == "code":
        names = panorama_name(codes) if scheme == "industry" else codes
        return pd.DataFrame({"code": codes, "industry": names, "share": 1.0})
    shares = industries_of_codes(codes, scheme)
    return shares[["code", "industry", "share"]].sort_values(["code", "industry"], ignore_index=True)


def _emerging(single: pd.DataFrame) -> pd.DataFrame:
    """Add the shares of industries up to the emerging ones, which overlap."""
    from ingest.levels import emerging_of_industry

    table = single.merge(emerging_of_industry(), on="industry").sort_values(["code", "emerging", "industry"])
    summed = table.groupby(["code", "emerging"])["share"].sum().reset_index()
    return summed.rename(columns={"emerging": "industry"})


def _ranked(single: pd.DataFrame, level: str) -> pd.DataFrame:
    """Give ``code, league``: the industry that holds most of a code, or the emerging ones that it is in."""
    from ingest.levels import emerging_of_industry

    ordered = single.sort_values(["code", "share", "industry"], ascending=[True, False, True])
    table = ordered.drop_duplicates("code")[["code", "industry"]]
    if level == "emerging":
        table = table.merge(emerging_of_industry(), on="industry").drop(columns="industry")
    return table.set_axis(["code", "league"], axis=1).sort_values(["code", "league"])


def _gathered(codes: Iterable[str], what: Iterable[Any], of: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    """Gather what belongs to each code; nothing for some."""
    found: dict[str, list[Any]] = {code: [] for code in codes}
    for code, one in zip(of, what, strict=True):
        found[code].append(one)
    return {code: tuple(held) for code, held in found.items()}
