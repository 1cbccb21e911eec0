"""What makes a firm a high-growth SME or a global frontier firm: every threshold, with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction

from ingest.faults import BadInput, Fault
from ingest.values import parse_number

#: In which figure a firm must have grown.
GROWTH_IN = ("either", "both", "employees", "turnover")
#: Within what firms are ranked by value added per employee.
FRONTIER_BY = ("scored", "industry", "code", "division")


@dataclass(frozen=True)
class FirmRules:
    """The thresholds by which firms are counted.

    Attributes
    ----------
    growth, growth_years
        Average annualised growth that is reached or passed, over so many years: 0.2 a year over three years
        is a factor of 1.728.
    growth_in
        ``either`` figure is enough, ``both`` must have grown, or one of ``employees`` and ``turnover``.
    least_employees
        Employees at the start of the growth, at the least.
    fewer_than
        An SME has fewer employees than this at the start of the growth.
    least_turnover
        EUR at the start where growth of turnover is asked; a turnover of zero or less never counts.
    frontier
        The top share by value added per employee.
    frontier_least_employees
        Smaller firms are not ranked.
    frontier_by
        Within what firms of a year are ranked: ``scored``, what the table is counted by (a firm whose code is
        split among several industries is ranked in the one that holds most of it, and counts there as one; of
        emerging ones in all that this one belongs to); ``industry``, that one of the 51 whatever the table is
        counted by; its own ``code``; or the ``division``, the first two digits.

    Raises
    ------
    ValueError
        For a threshold that cannot be.

    Examples
    --------
    >>> rules = FirmRules()
    >>> float(rules.factor), rules.within_top(100), rules.within_top(19)
    (1.728, 5, 0)
    >>> rules.in_words()[0]
    'High-growth SMEs: at least 10 and fewer than 250 employees three years before, and growth of 20 % a year \
or more since then in employees or turnover.'

    References
    ----------
    High growth: Eurostat-OECD Manual on Business Demography Statistics 2007, chapter 8 (20 % a year over three
    years, ten employees at the start; the industry is that at the end); European Panorama of Clusters and
    Industrial Change 2020, 2.1 (turnover or employment; frontier: top 5 % in the industry and year). SME by
    employees: Commission Recommendation 2003/361/EC.
    """

    growth: float = 0.2
    growth_years: int = 3
    growth_in: str = "either"
    least_employees: float = 10
    fewer_than: float = 250
    least_turnover: float = 0
    frontier: float = 0.05
    frontier_least_employees: float = 0
    frontier_by: str = "scored"

    def __post_init__(self) -> None:
        _one_of("growth_in", self.growth_in, GROWTH_IN)
        _one_of("frontier_by", self.frontier_by, FRONTIER_BY)
        _within("growth", self.growth, 0, 100)
        _within("growth_years", self.growth_years, 1, 20)
        _within("least_employees", self.least_employees, 0, 1e6)
        _within("fewer_than", self.fewer_than, self.least_employees, 1e9)
        _within("least_turnover", self.least_turnover, 0, 1e12)
        _within("frontier", self.frontier, 0, 1)
        _within("frontier_least_employees", self.frontier_least_employees, 0, 1e6)

    @property
    def factor(self) -> Fraction:
        """How many times its start a figure is after growth at the line: (1 + growth) to the years."""
        return (1 + Fraction(str(self.growth))) ** self.growth_years

    def within_top(self, ranked: int) -> int:
        """Return the last rank of the top share among so many firms; 0 where there is none."""
        return int(Fraction(str(self.frontier)) * ranked)

    def in_words(self) -> list[str]:
        """State the thresholds in sentences."""
        where = {"either": "employees or turnover", "both": "employees and turnover"}.get(
            self.growth_in, self.growth_in
        )
        money = f"; a turnover of at least {self.least_turnover:,.0f} EUR then" if self.least_turnover else ""
        size = f" of at least {self.frontier_least_employees:g} employees" if self.frontier_least_employees else ""
        league = {
            "scored": "industry",
            "industry": "industry",
            "code": "industry code",
            "division": "two-digit division",
        }
        return [
            f"High-growth SMEs: at least {self.least_employees:g} and fewer than {self.fewer_than:g} employees "
            f"{_years(self.growth_years)} before{money}, and growth of {_percent(self.growth)} % a year or more "
            f"since then in {where}.",
            f"Global frontier firms: the top {_percent(self.frontier)} % of all firms{size} by value added per "
            f"employee in the {league[self.frontier_by]} and year.",
        ]


def rules_of(named: Mapping[str, object]) -> FirmRules:
    """Make thresholds from what a person wrote: names and numbers, or numbers in words.

    Raises
    ------
    BadInput
        For a name that is none, what is no number, and a threshold that cannot be; all that can be told at once.

    Examples
    --------
    >>> rules_of({"growth": "0.1", "growth_in": "turnover"}).growth
    0.1
    >>> rules_of({"grwoth": 1})
    Traceback (most recent call last):
    ...
    ingest.faults.BadInput: thresholds of firms: 'grwoth'; expected one of growth, growth_years, growth_in, \
least_employees, fewer_than, least_turnover, frontier, frontier_least_employees, frontier_by. To mend: correct the name
    """
    types = {field.name: field.type for field in fields(FirmRules)}
    where, faults, given = "thresholds of firms", [], {}
    for name, value in named.items():
        if name not in types:
            faults.append(Fault(where, None, name, f"one of {', '.join(types)}", "correct the name"))
            continue
        number = parse_number(str(value)) if types[name] in ("float", "int") else None
        if types[name] == "str":
            given[name] = value
        elif number is None or (types[name] == "int" and number != int(number)):
            kind = "a whole number" if types[name] == "int" else "a number"
            faults.append(Fault(where, None, f"{name} = {value}", kind, "correct the threshold"))
        else:
            given[name] = int(number) if types[name] == "int" else number
    if faults:
        raise BadInput(faults)
    try:
        return FirmRules(**given)  # type: ignore[arg-type]
    except ValueError as error:
        name = str(error).partition(" ")[0]
        expected = str(error).partition(" must be ")[2].rpartition(", not ")[0]
        raise BadInput(Fault(where, None, f"{name} = {given.get(name)}", expected, "correct the threshold")) from None


def _percent(share: float) -> str:
    return f"{float(Fraction(str(share)) * 100):g}"


def _years(number: int) -> str:
    named = {1: "one year", 2: "two years", 3: "three years"}
    return named.get(number, f"{number} years")


def _one_of(name: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise ValueError(f"{name} must be one of {', '.join(known)}, not {given!r}")


def _within(name: str, given: float, least: float, most: float) -> None:
    if not least <= given <= most:
        raise ValueError(f"{name} must be between {least:g} and {most:g}, not {given:g}")
