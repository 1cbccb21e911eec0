"""The study that comes with the program, and an empty one to begin with."""

from __future__ import annotations

from pathlib import Path

from ingest.faults import BadInput, Fault


def demo_folder() -> Path:
    """Find the demo study: in the installed package, or beside it in a checkout."""
    here = Path(__file__).resolve().parent
    places = (here / "demo_study", here.parent / "fixtures" / "demo")
    for folder in places:
        if (folder / "study.toml").is_file():
            return folder
    raise BadInput(Fault("demo", None, "study.toml", "the demo study in the installation", "install linkages again"))


def write_new(folder: Path) -> Path:
    """Make a folder with a commented study.toml and an empty inbox/.

    Raises
    ------
    BadInput
        When a study is there already: nothing is overwritten.
    """
    file = folder / "study.toml"
    if file.exists():
        raise BadInput(Fault(str(folder), None, "study.toml", "a folder without a study", "name another folder"))
    try:
        (folder / "inbox").mkdir(parents=True, exist_ok=True)
        file.write_text(_TEMPLATE, encoding="utf-8", newline="\n")
    except OSError as error:
        raise BadInput(Fault(str(folder), None, error.strerror or "", "a folder to write in", "name another")) from None
    return file


_TEMPLATE = """\
# A study. Lines that begin with "#" are notes; take the "#" away to change a setting from its default.
title = "My study"

# First and last year of each period, both included.
periods = [[2000, 2007], [2007, 2014]]
# A year in two periods counts in "both", the "first", the "second", or "half" in each.
# shared_year = "both"
# Only what was known at the end of a day: later events are set aside.
# as_of = 2010-06-30

# sector_level = "naics3"      # naics2 to naics6, industry (the 51), emerging (the ten); macro, mid, micro (vendor)
# region_level = "nuts2"       # nuts0 to nuts3
# nuts = 2013                  # 2006, 2010, 2013, 2016 or 2021
# counting = "full"            # or "fractional"
# assign = "top"               # or "weighted": all codes of a class, with shares
# weigh = "events"             # or "value": links by the value of deals; events without one are left out
# currency = "USD mn"          # of the values; the commonest where this is not set
# nuts_shapes = "nuts2.geojson"   # official borders for the map

# One table a source. format: patstat, regpat, thomson, zephyr, sdc, eureka, cordis, or table for anything else.
[sources.patents]
format = "regpat"
files = ["inbox/*EPO_*.txt"]

# [sources.deals]
# format = "thomson"
# files = ["inbox/deals*.xlsx", "inbox/deals*.csv"]

# [sources.alliances]
# format = "sdc"
# files = ["inbox/alliances*.csv"]

# [sources.projects]
# format = "table"
# files = ["inbox/projects.csv"]
# kind = "alliance"            # copatent, deal or alliance
# scheme = "nace2"             # what the symbols are: sic, nace1, nace2, nace21, isic4, naics, ipc, cpc, wipo, label
# columns = { event = "project", year = "year", name = "partner", city = "city", country = "country", symbol = "nace" }

# Free labels, for scheme = "label": each with its NAICS codes.
# [labels]
# "Internet" = ["519"]

# Cities and names of organisations that are nearly the same: from accept on they are taken, below review they are not;
# between the two "linkages review" asks you, and your answers are kept in decisions.csv.
# [match]
# accept = 95
# review = 80
# [places]
# postcodes = "inbox/pc2020.csv" # postal codes that go before the program's, as GISCO or GeoNames give them

# What counts as a strong tie, and which links the networks draw: association, noise_corrected, disparity or strong.
# [strength]
# strong = 3000
# backbone = "noise_corrected"

# [groups.regions]
# Oresund = ["DK01", "DK02", "SE22"]
# [groups.sectors]
# Fashion = ["313", "314", "315", "316"]

[communities]
spaces = "infomap"             # or a number, 3 in the study of 2014
restarts = 20
seed = 1
bootstrap = 200
# layers = { copatent = 1.0, deal = 0.5 }   # what each source counts as a layer; 1 each, 0 leaves one out

# What "linkages grid" tries, each with each; what is not named stays as the study has it.
# [grid]
# level = ["naics2", "naics3", "naics4"]
# counting = ["full", "fractional"]
# shared_year = ["both", "first", "second", "half"]
# backbone = ["none", "association", "noise_corrected", "disparity"]
# gamma = [0.8, 1.0, 1.2]
# seed = [1, 2, 3]

# Names of your own for spaces, by their ids in spaces.json.
# [spaces.names]
# s1a2b3c4d = "Health"

# Star scores: a regional table of yours, files of Eurostat's or of County Business Patterns as they come, or the tiers
# that the Panorama 2020 published.
[stars]
table = "panorama2020"         # or ["inbox/sbs_r_nuts06_r2.tsv.gz", "inbox/sbs_r_nuts2021*.csv"]
# industry = "nace"            # what the industries of the files are: nace, naics, sic, industry (names)
# level = "emerging"           # for which industries results are drawn up; "groups" for [groups.sectors]
# regions = "inbox/regions.csv" # population, gdp and patents by region and year
# fill = "remainder"           # estimate suppressed figures from their parent, each marked
# strong = "medium"            # least tier of a strong cluster beside the spaces: high, medium or basic
# linked = 0.5                 # linked is more events than this quantile of the pairs that have any

# A run that does not meet a gate ends with exit code 4.
# [gates]
# used = 0.8
# placed = 0.8
# stability = 0.6
"""
