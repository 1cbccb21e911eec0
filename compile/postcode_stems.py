"""Postal codes and their regions → the beginnings that stand for all codes that begin so."""

from __future__ import annotations

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from ingest.nuts import STUDY_VERSIONS
from ingest.postcode_forms import stems

#: A beginning stands for all codes that begin so where at least so many are known, and all lie in one region.
KNOWN = 3
#: Of so many codes that begin alike one that lies alone in its region is in doubt.
CROWD = 10
#: The region in each of the study versions.
Regions = tuple[str, ...]
NOWHERE: Regions = ("",) * len(STUDY_VERSIONS)


def under_stems(codes: Mapping[str, Regions], country: str) -> dict[str, Counter[Regions]]:
    """How many of the codes that begin alike lie in which region."""
    under: dict[str, Counter[Regions]] = defaultdict(Counter)
    for code, regions in codes.items():
        for stem in stems(country, code):
            under[stem][regions] += 1
    return under


def without_lone(codes: Mapping[str, Regions], country: str) -> dict[str, Regions]:
    """Leave out codes that lie in a region of their own among all that begin alike."""
    under = under_stems(codes, country)
    kept = {}
    for code, regions in codes.items():
        crowd = next((under[stem] for stem in stems(country, code) if under[stem].total() >= CROWD), None)
        if crowd is None or crowd[regions] > 1:
            kept[code] = regions
    return kept


def shortened(codes: Mapping[str, Regions], country: str) -> dict[str, Regions]:
    """Write a beginning for the codes that begin so, where all of them lie in one region and enough are known."""
    under = under_stems(codes, country)
    found = {}
    for code, regions in codes.items():
        if regions != NOWHERE:
            alike = (s for s in stems(country, code) if len(under[s]) == 1 and (s == code or under[s].total() >= KNOWN))
            found[min(alike, key=len)] = regions
    return found


def held_out(codes: Mapping[str, Regions], country: str, part: float = 0.1, seed: int = 1) -> tuple[int, int, int]:
    """Hide a part of the codes: how many, how many of these a beginning places, and how many of those rightly."""
    known = sorted(code for code, regions in codes.items() if regions != NOWHERE)
    hidden = set(random.Random(seed).sample(known, round(part * len(known))))
    table = shortened({code: regions for code, regions in codes.items() if code not in hidden}, country)
    found = {code: next((table[stem] for stem in stems(country, code) if stem in table), None) for code in hidden}
    return len(hidden), sum(f is not None for f in found.values()), sum(f == codes[c] for c, f in found.items())
