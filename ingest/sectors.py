"""Which NAICS 2017 code a vendor's symbol stands for.

A symbol is read (:mod:`ingest.symbols`), carried to NAICS 2017 by the published concordances
(:mod:`ingest.concordance`, :mod:`ingest.patents`) and given one code (``assign="top"``) or all of them with
their shares (``assign="weighted"``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial

import pandas as pd

from ingest import concordance, patents
from ingest.concordance import JOINED, NAICS_YEARS, WAYS
from ingest.faults import BadInput, Fault
from ingest.suggestions import suggest
from ingest.symbols import CODE, canonical, naics_known

__all__ = ["ASSIGN", "COLUMNS", "SCHEMES", "suggest", "to_naics"]

SCHEMES = (
    "naics",
    "naics2002",
    "naics2007",
    "naics2012",
    "naics2017",
    "naics2022",
    "sic",
    "nace1",
    "nace2",
    "nace21",
    "isic31",
    "isic4",
    "ipc",
    "cpc",
    "wipo",
    "label",
)
ASSIGN = ("top", "weighted")
COLUMNS = ("scheme", "symbol", "naics", "share", "chain")

#: NAICS codes with their shares, the code that the top rule gives, and the chain in words.
Found = tuple[Mapping[str, float], str, str]


def to_naics(
    symbols: pd.DataFrame,
    *,
    assign: str = "top",
    labels: Mapping[str, Sequence[str]] | None = None,
    ipc_fields: pd.DataFrame | None = None,
    ipc_nace: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Give each symbol its NAICS 2017 codes.

    Parameters
    ----------
    symbols
        ``scheme`` (one of :data:`SCHEMES`), ``symbol`` (as the vendor wrote it); repeated rows count once.
    assign
        ``top``: one code with share 1, by the rule of :func:`ingest.concordance.top`. ``weighted``: all
        codes, a code with several targets splitting evenly at each step; a patent class comes to about 300.
    labels
        For scheme ``label``: NAICS codes, of two to six digits, of each label in any case.
    ipc_fields, ipc_nace
        PATSTAT's ``tls901_techn_field_ipc`` and ``tls902_ipc_nace2``; what they hold comes before the
        project's own tables.

    Returns
    -------
    pandas.DataFrame
        ``scheme``, ``symbol``, ``naics`` (NAICS 2017; six digits, fewer only where the source is a NAICS code
        of fewer), ``share`` (sums to 1 for each symbol), ``chain`` (the way in words). Symbols that find no
        code are absent. Sorted by scheme, symbol and code.

    Raises
    ------
    ValueError
        For an unknown ``assign`` or scheme.
    BadInput
        Lists every code in ``labels`` that is in no year of NAICS.

    Examples
    --------
    >>> found = to_naics(pd.DataFrame({"scheme": ["sic", "ipc"], "symbol": ["2834", "A61K  31/00"]}))
    >>> found[["scheme", "naics", "share", "chain"]].to_dict("list")  # doctest: +NORMALIZE_WHITESPACE
    {'scheme': ['ipc', 'sic'], 'naics': ['325412', '325412'], 'share': [1.0, 1.0],
     'chain': ['ipc → WIPO field 16 → NACE Rev. 2 21 → NAICS 2017', 'sic → NAICS 2017']}
    """
    _check(symbols, assign)
    finders = _finders(labels or {}, ipc_fields, ipc_nace)
    distinct = symbols[["scheme", "symbol"]].dropna().drop_duplicates()
    parts = [
        _rows(str(scheme), sorted(group["symbol"].tolist()), finders[str(scheme)], assign)
        for scheme, group in distinct.groupby("scheme", sort=True)
    ]
    blank = pd.DataFrame({c: pd.Series([], dtype="float64" if c == "share" else "str") for c in COLUMNS})
    return pd.concat(parts, ignore_index=True) if parts else blank


def _check(symbols: pd.DataFrame, assign: str) -> None:
    if assign not in ASSIGN:
        raise ValueError(f"assign is {assign!r}; expected one of {', '.join(ASSIGN)}")
    unknown = sorted(set(symbols["scheme"].dropna().unique()) - set(SCHEMES))
    if unknown:
        raise ValueError(f"schemes {', '.join(map(repr, unknown))}; expected one of {', '.join(SCHEMES)}")


Finder = Callable[[Sequence[str]], Mapping[str, Found]]


def _finders(
    labels: Mapping[str, Sequence[str]], ipc_fields: pd.DataFrame | None, ipc_nace: pd.DataFrame | None
) -> Mapping[str, Finder]:
    """How each scheme finds the codes of its symbols."""
    by_label = _label_codes(labels)
    patent = partial(_patents, fields=patents.fields_table(ipc_fields), nace=patents.nace_table(ipc_nace))
    finders: dict[str, Finder] = {scheme: partial(_each, _code, scheme) for scheme in SCHEMES}
    finders |= {"ipc": partial(patent, "ipc"), "cpc": partial(patent, "cpc"), "wipo": _wipo}
    finders["label"] = lambda symbols: {s: by_label[_fold(s)] for s in symbols if _fold(s) in by_label}
    return finders


def _rows(scheme: str, symbols: Sequence[str], find: Finder, assign: str) -> pd.DataFrame:
    """The table for one scheme."""
    found = find(symbols)
    if assign == "top":
        columns: list[Sequence[object]] = [
            list(found),
            [best for _, best, _ in found.values()],
            [1.0] * len(found),
            [chain for *_, chain in found.values()],
        ]
    else:
        columns = [
            [symbol for symbol, (shares, *_) in found.items() for _ in shares],
            [naics for shares, *_ in found.values() for naics in shares],
            [share for shares, *_ in found.values() for share in shares.values()],
            [chain for shares, _, chain in found.values() for _ in shares],
        ]
    data = dict(zip(COLUMNS, [[scheme] * len(columns[0]), *columns], strict=True))
    return pd.DataFrame(data).astype({c: "float64" if c == "share" else "str" for c in COLUMNS})


def _each(find: Callable[[str, str], Found | None], scheme: str, symbols: Sequence[str]) -> dict[str, Found]:
    found = ((symbol, find(scheme, symbol)) for symbol in symbols)
    return {symbol: answer for symbol, answer in found if answer is not None}


def _code(scheme: str, symbol: str) -> Found | None:
    """A code of a business classification; NAICS of an unknown year in the newest year that has it."""
    if scheme == "naics":
        scheme = _year(symbol)
    code = canonical(scheme, symbol) if scheme else ""
    return _carry(scheme, code) if code else None


def _year(symbol: str) -> str:
    """The newest year of NAICS that has a code, as it stands or else without the zeros that pad it."""
    found = CODE.fullmatch(symbol)
    digits = found[1].partition(".")[0] if found else ""
    return next(
        (year for year in NAICS_YEARS if digits in naics_known(year)),
        next((year for year in NAICS_YEARS if canonical(year, symbol)), ""),
    )


@cache
def _carry(scheme: str, code: str) -> Found:
    chain = f"{scheme} → {WAYS[scheme]}"
    codes = [part for part, joined in JOINED.items() if joined == code] or [code]
    shares = concordance.shares_of(scheme, codes)
    width = 2 if "-" in code else len(code)
    # A short NAICS code stays as it is where NAICS 2017 means the same by it.
    if scheme.startswith("naics") and width < 6 and _within(shares, code, width):
        return {code: 1.0}, code, chain
    return shares, concordance.top(concordance.scores_of(scheme, codes)), chain


def _within(shares: Mapping[str, float], code: str, width: int) -> bool:
    return all((concordance.prefix(naics, 2) if "-" in code else naics[:width]) == code for naics in shares)


def _patents(
    scheme: str,
    symbols: Sequence[str],
    fields: Mapping[str, int],
    nace: Mapping[str, patents.Industries],
) -> dict[str, Found]:
    keys, industries = patents.industries(symbols, fields, nace)
    found = {key: _by_industry(scheme, where) for key, where in industries.items()}
    return {symbol: found[key] for symbol, key in keys.items() if key in found}


def _wipo(symbols: Sequence[str]) -> dict[str, Found]:
    numbers = {symbol: patents.field_number(symbol) for symbol in symbols}
    return {
        symbol: _by_industry("wipo", patents.industries_of_field(number))
        for symbol, number in numbers.items()
        if number is not None
    }


@cache
def _by_industry(scheme: str, industries: patents.Industries) -> Found:
    """From NACE divisions to NAICS, each division evenly over its classes."""
    parts = [(share, concordance.shares_of("nace2", codes)) for codes, share in industries.parts]
    best = concordance.top(concordance.scores_of("nace2", industries.top))
    named = "+".join(f"{code[:2]}.{code[2:]}".rstrip(".") for code in industries.top)
    way = [scheme, industries.way, f"NACE Rev. 2 {named}", "NAICS 2017"]
    return concordance.blend(parts), best, " → ".join(step for step in way if step)


def _fold(label: str) -> str:
    return " ".join(label.split()).casefold()


def _label_codes(labels: Mapping[str, Sequence[str]]) -> dict[str, Found]:
    """NAICS codes of each label, folded; every code that is none is a fault."""
    found = {(label, code): _code("naics", code) for label, codes in labels.items() for code in codes}
    wrong = [
        Fault("labels", None, code, f"a NAICS code for label {label!r}", "give two to six digits, as 5112")
        for (label, code), answer in sorted(found.items())
        if answer is None
    ]
    if wrong:
        raise BadInput(wrong)
    return {_fold(label): _blend(found, label, codes) for label, codes in labels.items() if codes}


def _blend(found: Mapping[tuple[str, str], Found | None], label: str, codes: Iterable[str]) -> Found:
    answers = [answer for code in codes if (answer := found[label, code]) is not None]
    shares = concordance.blend((1.0, shares) for shares, _, _ in answers)
    return shares, concordance.top(shares), "label → NAICS 2017"
