"""Eurostat's change workbooks and the JRC's weights → which NUTS2 region a code of any version lies in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

import pandas as pd
from python_calamine import CalamineWorkbook

WORKBOOKS = {
    (2003, 2006): ("eurostat_2003-2006.xls", "NUTS2003-NUTS2006", None),
    (2006, 2010): ("eurostat_2006-2010.xls", "NUTS2006-NUTS2010", "Correspondence NUTS-3"),
    (2010, 2013): ("eurostat_2010-2013.xls", "NUTS2010-NUTS2013", "Correspondence NUTS-3"),
    (2013, 2016): ("eurostat_2013-2016.xlsx", "NUTS2013-NUTS2016", "Correspondence NUTS-3"),
    (2016, 2021): ("eurostat_2016-2021.xlsx", "Changes detailed NUTS 2016-2021", "Changes NUTS-3"),
}
VERSIONS = (2003, 2006, 2010, 2013, 2016, 2021, 2024)
STUDY_VERSIONS = (2006, 2010, 2013, 2016, 2021)
#: Countries that the older workbooks leave out; their NUTS3 codes stood until 2016.
STATISTICAL = ("CH", "IS", "LI", "ME", "MK", "NO", "TR")
#: The Danish counties of 2003, ended by the reform of 2007: the region that took most of each.
DANISH = {
    "DK001": "DK01", "DK002": "DK01", "DK003": "DK01", "DK004": "DK02", "DK005": "DK02", "DK006": "DK02",
    "DK009": "DK03", "DK00A": "DK03", "DK00B": "DK03", "DK00C": "DK04", "DK00D": "DK04", "DK00E": "DK04",
    "DK00F": "DK05",
}  # fmt: skip
#: NUTS3 regions of 2024 whose NUTS2 region was another: that of 2003 to 2016, and that of 2021. No workbook tells
#: of them; where they lie is told by their postal codes (GISCO), and by their names: Østfold, Akershus, Buskerud,
#: Vestfold, Telemark; Oeste, Médio Tejo, Lezíria do Tejo.
OF_2024 = {
    "NO083": ("NO03", "NO08"), "NO084": ("NO01", "NO08"), "NO085": ("NO03", "NO08"), "NO093": ("NO03", "NO09"),
    "NO094": ("NO03", "NO09"), "PT1D1": ("PT16", "PT16"), "PT1D2": ("PT16", "PT16"), "PT1D3": ("PT18", "PT18"),
}  # fmt: skip
CODE = re.compile(r"\b[A-Z]{2}[0-9A-Z]{3}\b")
#: A part of a region below this is the noise of outlines that were drawn anew.
NOISE = 0.005
Relation = dict[str, set[str]]
Weights = Mapping[tuple[int, int], Mapping[str, Mapping[str, float]]]


def greek(code: str) -> str:
    return "EL" + code[2:] if code.startswith("GR") else code


def nuts2_of(code: str) -> str:
    """The NUTS2 region of a NUTS3 code: its letters but the last, save for Northern Ireland's of 2016."""
    return "UKN0" if code.startswith("UKN1") else code[:4]


def cells(path: Path, sheet: str) -> list[list[str]]:
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet).to_python()
    return [[str(cell).strip() for cell in row] for row in rows]


def is_region(code: str) -> bool:
    return bool(re.fullmatch(r"[A-Z]{2}[0-9A-Z]{2,3}", code)) and not code.endswith("ZZ")


class Changes:
    """The codes of both versions of one workbook, and which NUTS3 region became which."""

    def __init__(self, folder: Path, old: int, new: int) -> None:
        name, overview, details = WORKBOOKS[old, new]
        shift = 0 if new == 2021 else 1
        rows = [row[shift:] for row in cells(folder / name, overview)]
        pairs = [(greek(row[0].replace(" (part)", "")), greek(row[1].replace(" (part)", ""))) for row in rows]
        texts = [(old_, new_, " ".join(row[6:8])) for (old_, new_), row in zip(pairs, rows, strict=True)]
        if details:
            texts += [(greek(r[0]), greek(r[1]), " ".join(r[3:5])) for r in cells(folder / name, details)]
        #: Regions that stand under one code on both sides with no word of a change.
        self.same = {a for a, b, text in texts if a == b and is_region(a) and not re.search("[a-z]", text)}
        self.old = {a for a, _ in pairs if is_region(a)}
        self.new = {b for _, b in pairs if is_region(b)}
        self.forward: Relation = defaultdict(set)
        for a, b in pairs:
            self.link(a, b)
        for a, b, text in texts:
            for other in map(greek, CODE.findall(text)):
                self.link(a or other, b or other)
        labels = [" ".join(row[3:6]).strip() for row in rows]
        self.names = {b: label for (_, b), label in zip(pairs, labels, strict=True) if is_region(b)}
        self.link_names(pairs, [label.casefold() for label in labels])

    def link(self, a: str, b: str) -> None:
        if len(a) == len(b) == 5 and a in self.old and b in self.new:
            self.forward[a].add(b)

    def link_names(self, pairs: list[tuple[str, str]], names: list[str]) -> None:
        """A boundary shift stands as an ended and a new region of one name."""
        ended = {(a[:2], name): a for (a, b), name in zip(pairs, names, strict=True) if a and not b}
        for (a, b), name in zip(pairs, names, strict=True):
            if b and not a and (b[:2], name) in ended:
                self.link(ended[b[:2], name], b)

    @cached_property
    def backward(self) -> Relation:
        turned: Relation = defaultdict(set)
        for a, found in self.forward.items():
            for b in found:
                turned[b].add(a)
        return turned


def unmapped(change: Changes, mapped: set[str]) -> dict[str, dict[str, float]]:
    """NUTS2 regions of the workbook that the map of its older version lacks, by where their NUTS3 regions went.

    Bulgaria and Romania joined in 2007: the map of 2003 shows them in the codes of 2006.
    """
    counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for code, ends in change.forward.items():
        if nuts2_of(code) not in mapped:
            for end in ends:
                counts[nuts2_of(code)][nuts2_of(end)] += 1.0 / len(ends)
    return {region: dict(parts) for region, parts in counts.items()}


def all_changes(folder: Path) -> dict[tuple[int, int], Changes]:
    return {pair: Changes(folder, *pair) for pair in WORKBOOKS}


def codes_of(changes: Mapping[tuple[int, int], Changes], nuts2: Mapping[int, set[str]]) -> dict[int, set[str]]:
    """NUTS2 and NUTS3 codes that exist in each version."""
    found: dict[int, set[str]] = {version: set(nuts2[version]) for version in VERSIONS}
    for (old, new), change in changes.items():
        found[old] |= change.old
        found[new] |= change.new
    for version in (2003, 2006, 2010, 2013):
        found[version] |= {c for c in found[2016] if c[:2] in STATISTICAL and nuts2_of(c) in nuts2[version]}
    found[2024] |= set(OF_2024)
    # a NUTS3 code whose NUTS2 region that version's map does not have belongs to another version
    return {v: {c for c in codes if nuts2_of(c) in nuts2[v]} for v, codes in found.items()}


def jrc_weights(folder: Path, measure: str = "pop11") -> dict[tuple[int, int], dict[str, dict[str, float]]]:
    """People of 2011 (or km², areaKm) that both regions hold, for every pair of versions of the JRC, both ways."""
    found: dict[tuple[int, int], dict[str, dict[str, float]]] = {}
    for path in sorted(folder.glob("jrc_n2_v*_v*.csv")):
        old, new = (int(year) for year in re.findall(r"v(\d{4})", path.stem))
        forward: dict[str, dict[str, float]] = defaultdict(dict)
        backward: dict[str, dict[str, float]] = defaultdict(dict)
        table = pd.read_csv(path, keep_default_na=False)
        columns = (table.iloc[:, 0], table.iloc[:, 1], table[measure].astype(float))
        for a, b, people in zip(*columns, strict=True):
            forward[greek(a)][greek(b)] = people
            backward[greek(b)][greek(a)] = people
        found[old, new], found[new, old] = dict(forward), dict(backward)
    return found


def cleaned(shares: Mapping[str, float]) -> dict[str, float]:
    """The parts that are no noise, in millionths that sum to one."""
    total = sum(shares.values())
    kept = {r: p for r, p in shares.items() if p >= NOISE * total}
    whole = {r: round(1_000_000 * p / (sum(kept.values()) or 1)) for r, p in kept.items()}
    if any(whole.values()):
        largest = min(whole, key=lambda r: (-whole[r], r))
        whole[largest] += 1_000_000 - sum(whole.values())
    return {r: p / 1_000_000 for r, p in whole.items()}


class Carrier:
    """Carries a code from the version it belongs to into a study's version."""

    def __init__(
        self, changes: Mapping[tuple[int, int], Changes], nuts2: Mapping[int, set[str]], weights: Weights
    ) -> None:
        self.changes, self.nuts2, self.weights = changes, nuts2, weights

    def shares(self, region: str, old: int, new: int) -> dict[str, float]:
        """Share of a NUTS2 region's people in each region of another version."""
        if old == new:
            return {region: 1.0}
        before, after = ({c for c in self.nuts2[v] if c[:2] == region[:2]} for v in (old, new))
        unchanged = region in self.changes[2003, 2006].same if {old, new} == {2003, 2006} else False
        if before == after or (unchanged and region in after):
            return {region: 1.0}
        if not after:
            return {region[:2]: 1.0}  # outside NUTS in that version
        joint = self.weights.get((old, new), {}).get(region, {})
        people = {r: p for r, p in joint.items() if r in after}
        if people and sum(people.values()) > 0:
            return {r: p / sum(people.values()) for r, p in people.items()}
        return self.shares_by_way(region, old, new)

    def shares_by_way(self, region: str, old: int, new: int) -> dict[str, float]:
        """The shares through a version between, where the JRC gives no weights for the pair."""
        between = 2006 if 2003 in (old, new) else 2021 if {old, new} == {2016, 2024} else 2013
        total: dict[str, float] = defaultdict(float)
        if between not in (old, new):
            for middle, part in self.shares(region, old, between).items():
                for r, p in self.shares(middle, between, new).items():
                    total[r] += part * p
        return dict(total)

    def chain(self, code: str, old: int, new: int) -> set[str]:
        """NUTS3 regions of the new version that a NUTS3 region has become; none if a link is missing."""
        years = [v for v in VERSIONS if v != 2024]
        step = 1 if new > old else -1
        path = years[years.index(old) : years.index(new) : step] if old in years else []
        current = {code}
        for a in path:
            b = years[years.index(a) + step]
            relation = self.changes[a, b].forward if step > 0 else self.changes[b, a].backward
            stood = {c for c in current if c[:2] in STATISTICAL and max(a, b) <= 2016 and not relation.get(c)}
            if any(not relation.get(c) for c in current - stood):
                return set()
            current = stood.union(*(relation[c] for c in current - stood))
        return current

    def parts(self, code: str, old: int, new: int) -> dict[str, float]:
        """The share of a code's people in each NUTS2 region of another version."""
        shares = self.shares(nuts2_of(code), old, new)
        if code in DANISH and old == 2003:
            shares = self.shares(DANISH[code], 2006, new)
        elif code in OF_2024 and old == 2024:
            return {OF_2024[code][new == 2021]: 1.0} if new != 2024 else shares
        elif len(code) == 5 and old != new:
            reached = {nuts2_of(c) for c in self.chain(code, old, new)} & self.nuts2[new]
            if len(reached) == 1:
                return {reached.pop(): 1.0}
            shares = {r: shares.get(r, 0.0) for r in reached} or shares
        return cleaned(shares)

    def carry(self, code: str, old: int, new: int) -> tuple[str, bool]:
        """The NUTS2 region, and whether the code spreads over several."""
        parts = self.parts(code, old, new)
        return min(parts, key=lambda r: (-parts[r], r), default=""), len(parts) > 1


def code_table(carrier: Carrier, codes: Mapping[int, Iterable[str]]) -> pd.DataFrame:
    """One row for each code and meaning: versions, region in each study version, where it spreads."""
    rows: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for version in VERSIONS:
        for code in sorted(codes[version]):
            ends = [carrier.carry(code, version, v) for v in STUDY_VERSIONS]
            spread = " ".join(str(v) for v, (_, wide) in zip(STUDY_VERSIONS, ends, strict=True) if wide)
            rows[(code, *(end for end, _ in ends), spread)].append(version)
    columns = ["code", *(f"nuts{v}" for v in STUDY_VERSIONS), "spread"]
    table = pd.DataFrame(list(rows), columns=columns)
    table.insert(1, "versions", [" ".join(map(str, versions)) for versions in rows.values()])
    return table.sort_values(["code", "versions"], ignore_index=True)
