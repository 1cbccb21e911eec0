"""Every setting of a study, declared once: name, type, default and a sentence."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field, to_builtins

Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Count = Annotated[int, Meta(ge=1)]
Year = Annotated[int, Meta(ge=1900, le=2100)]
Weight = Annotated[float, Meta(ge=0.0, le=1_000_000.0)]
Resolution = Annotated[float, Meta(ge=0.0, le=100.0)]
Level = Literal["naics2", "naics3", "naics4", "naics5", "naics6", "industry", "emerging", "macro", "mid", "micro"]
Counting = Literal["full", "fractional"]
SharedYear = Literal["both", "first", "second", "half"]
Backbone = Literal["none", "association", "noise_corrected", "disparity"]
View = Literal["none", "association", "noise_corrected", "disparity", "strong"]
StarLevel = Literal[
    "industry", "emerging", "groups", "section", "division", "group", "class",
    "naics2", "naics3", "naics4", "naics5", "naics6",
]  # fmt: skip
Some = Meta(min_length=1)


def says(sentence: str) -> Meta:
    """Attach the sentence that explains a setting."""
    return Meta(description=sentence)


class Source(Struct, forbid_unknown_fields=True, frozen=True):
    """One source: a format and its files. Any option of the format may stand beside them."""

    format: Annotated[str, says("patstat, regpat, thomson, zephyr, sdc, eureka, cordis or table")]
    files: Annotated[list[str], Meta(min_length=1), says("file names, patterns such as inbox/*.txt allowed")] = field(
        default_factory=list
    )
    columns: Annotated[dict[str, str], says("our column = the heading that carries it")] = field(default_factory=dict)
    options: Annotated[dict[str, object], says("options of the format")] = field(default_factory=dict)


class Match(Struct, forbid_unknown_fields=True, frozen=True):
    """Limits of doubtful matches of cities and names, 0 to 100; between the two linkages review asks."""

    accept: Annotated[float, Meta(ge=0, le=100), says("matches from here on are taken, and logged")] = 95.0
    review: Annotated[float, Meta(ge=0, le=100), says("matches below are not taken, and not asked for")] = 80.0


class Places(Struct, forbid_unknown_fields=True, frozen=True):
    """What helps to place addresses."""

    postcodes: Annotated[
        str | None, says("your own postal codes, before the program's; in the layout of GISCO (NUTS3;CODE) or GeoNames")
    ] = None


class Layers(Struct, forbid_unknown_fields=True, frozen=True):
    """What each source counts where all are taken as layers of one network; what is not named counts 1."""

    copatent: Annotated[Weight, says("weight of the co-patents; 0 leaves them out of the layers")] = 1.0
    deal: Annotated[Weight, says("weight of the deals")] = 1.0
    alliance: Annotated[Weight, says("weight of the alliances")] = 1.0


class Communities(Struct, forbid_unknown_fields=True, frozen=True):
    """How spaces are found."""

    spaces: Annotated[
        Literal["infomap"] | Count, says("infomap decides how many, or the number (3 in the 2014 study)")
    ] = "infomap"
    trials: Annotated[Count, says("runs of Infomap")] = 50
    restarts: Annotated[Count, says("starts of the spin glass")] = 20
    gamma: Annotated[Resolution, says("resolution of the spin glass")] = 1.0
    seed: Annotated[Count, says("seed of everything random")] = 1
    bootstrap: Annotated[int, Meta(ge=0, le=10_000), says("resamplings of the events for stability; 0 for none")] = 200
    layers: Layers = field(default_factory=Layers)


class Grid(Struct, forbid_unknown_fields=True, frozen=True):
    """Choices that linkages grid tries, each with each; what is not named stays as the study has it."""

    level: Annotated[Annotated[list[Level], Some] | None, says("sector levels")] = None
    counting: Annotated[Annotated[list[Counting], Some] | None, says("full, fractional")] = None
    shared_year: Annotated[
        Annotated[list[SharedYear], Some] | None, says("where a year counts that two periods share")
    ] = None
    backbone: Annotated[
        Annotated[list[Backbone], Some] | None, says("which links are looked at; none keeps them all")
    ] = None
    gamma: Annotated[Annotated[list[Resolution], Some] | None, says("resolutions of the spin glass")] = None
    seed: Annotated[Annotated[list[Count], Some] | None, says("seeds of everything random")] = None


class Strength(Struct, forbid_unknown_fields=True, frozen=True):
    """What counts as strong, and which links the report draws; the run's tables keep every link."""

    strong: Annotated[
        float, Meta(gt=0.0), says("events from which a tie is strong (3000 patents in the 2014 study)")
    ] = 3000.0
    backbone: Annotated[View, says("which links the report's networks draw; none draws them all")] = "none"
    threshold: Annotated[float | None, says("limit of the backbone; its own default where this is not set")] = None


class Spaces(Struct, forbid_unknown_fields=True, frozen=True):
    """Names of your own for spaces that a run has found."""

    names: Annotated[
        dict[str, Annotated[str, Meta(min_length=1)]], says('s1a2b3c4d = "Health", by the ids of spaces.json')
    ] = field(default_factory=dict)


class Groups(Struct, forbid_unknown_fields=True, frozen=True):
    """Groups of your own."""

    regions: Annotated[dict[str, list[str]], says('Oresund = ["DK01", "DK02", "SE22"]')] = field(default_factory=dict)
    sectors: Annotated[dict[str, list[str]], says('Fashion = ["313", "314", "315", "316"]')] = field(
        default_factory=dict
    )


class Stars(Struct, forbid_unknown_fields=True, frozen=True):
    """Which star scores stand beside the spaces."""

    table: Annotated[
        str | Annotated[list[str], Some],
        says("files of regional figures, patterns allowed, or panorama2020 for the tiers that it published"),
    ] = "panorama2020"
    layout: Annotated[
        Literal["auto", "eurostat", "cbp", "firms", "table"],
        says("whose layout the files have; auto tells by headings"),
    ] = "auto"
    method: Annotated[Literal["panorama", "observatory2009"], says("how stars are given")] = "panorama"
    industry: Annotated[Literal["nace", "naics", "sic", "industry"], says("what the table's industries are")] = (
        "industry"
    )
    level: Annotated[StarLevel, says("for which industries results are drawn up; groups for [groups.sectors]")] = (
        "industry"
    )
    regions: Annotated[str | None, says("a file of population, gdp and patents by region and year")] = None
    economies: Annotated[
        dict[str, list[str]], says('economies held against each other: EU = ["AT", "BE"], US = ["US"]')
    ] = field(default_factory=dict)
    quotient: Annotated[
        float, Meta(gt=0.0), says("firm size: location quotient from which a region is specialised")
    ] = 1.5
    dominance: Annotated[
        float, Meta(ge=0.5, le=1.0), says("firm size: beta above which firms of one kind dominate")
    ] = 0.55
    fill: Annotated[
        Literal["none", "remainder"], says("remainder estimates suppressed figures from their parent, each marked")
    ] = "none"
    digits: Annotated[
        Annotated[int, Meta(ge=1, le=6)] | None, says("digits of the industries kept where files hold several levels")
    ] = None
    measure: Annotated[str | None, says('what figures are that do not say so: "employment", "wages:million EUR"')] = (
        None
    )
    year: Annotated[Year | None, says("the year of files that do not say so")] = None
    rates: Annotated[
        dict[str, Annotated[float, Meta(gt=0.0)]], says("what one unit of a currency is in EUR: USD = 0.92")
    ] = field(default_factory=dict)
    firms: Annotated[
        dict[str, float | str],
        says('of tables of firms: thresholds by name, growth = 0.2; unit = "thousand EUR"; memory = "2GB"'),
    ] = field(default_factory=dict)
    strong: Annotated[Literal["high", "medium", "basic"], says("least tier of a strong cluster beside the spaces")] = (
        "medium"
    )
    linked: Annotated[
        Share, says("a pair is linked above this quantile of the linked pairs' events; 0.5 is the median")
    ] = 0.5


class Gates(Struct, forbid_unknown_fields=True, frozen=True):
    """What a result must meet; a run that does not ends with exit code 4."""

    used: Annotated[Share | None, says("smallest share of the rows' weight that is used")] = None
    placed: Annotated[Share | None, says("smallest share of participants placed in a region")] = None
    stability: Annotated[Share | None, says("smallest mean stability of the spaces")] = None


class Settings(Struct, forbid_unknown_fields=True, frozen=True):
    """A study, as study.toml says it."""

    title: Annotated[str, says("title of the study")]
    sources: Annotated[dict[str, Source], says("the sources, by a name of yours")]
    periods: Annotated[list[tuple[Year, Year]], says("first and last year of each period, both included")] = field(
        default_factory=lambda: [(2000, 2007), (2007, 2014)]
    )
    as_of: Annotated[
        datetime.date | None, says("only what was known at the end of that day, such as 2010-06-30; all when not set")
    ] = None
    shared_year: Annotated[SharedYear, says("where a year counts that two periods share")] = "both"
    sector_level: Annotated[Level, says("level at which sectors are told apart")] = "naics3"
    region_level: Annotated[
        Literal["nuts0", "nuts1", "nuts2", "nuts3"], says("level at which regions are told apart")
    ] = "nuts2"
    nuts: Annotated[Literal[2006, 2010, 2013, 2016, 2021], says("NUTS version of the regions")] = 2013
    naics: Annotated[Literal[2017], says("NAICS version of the sectors")] = 2017
    counting: Annotated[Counting, says("what an event adds to its links")] = "full"
    weigh: Annotated[
        Literal["events", "value"], says("what an event weighs: 1, or its value; events without one are left out then")
    ] = "events"
    currency: Annotated[
        str | None, says('currency and unit of the values, such as "USD mn"; the commonest where this is not set')
    ] = None
    strength: Strength = field(default_factory=Strength)
    assign: Annotated[Literal["top", "weighted"], says("one NAICS code a class or firm, or all with shares")] = "top"
    match: Match = field(default_factory=Match)
    places: Places = field(default_factory=Places)
    communities: Communities = field(default_factory=Communities)
    grid: Grid = field(default_factory=Grid)
    spaces: Spaces = field(default_factory=Spaces)
    groups: Groups = field(default_factory=Groups)
    labels: Annotated[dict[str, list[str]], says('free labels to NAICS: "Internet" = ["518"]')] = field(
        default_factory=dict
    )
    stars: Stars = field(default_factory=Stars)
    gates: Gates = field(default_factory=Gates)
    nuts_shapes: Annotated[str | None, says("a GeoJSON file of official NUTS2 borders for the map")] = None


def told(settings: Settings) -> dict[str, Any]:
    """Write settings as a manifest holds them: databases without who asks them.

    Examples
    --------
    >>> source = Source(format="patstat", options={"database": "postgresql://ana@db/patstat"})
    >>> told(Settings(title="Mine", sources={"p": source}))["sources"]["p"]["options"]
    {'database': 'postgresql://db/patstat'}
    """
    held: dict[str, Any] = to_builtins(settings)
    for source in held["sources"].values():
        if "database" in source["options"]:
            from ingest.postgres import shown

            source["options"]["database"] = shown(str(source["options"]["database"]))
    return held
