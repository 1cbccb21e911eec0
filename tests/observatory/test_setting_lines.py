"""What is found wrong with a study after its file was read is told with its line, too."""

from __future__ import annotations

import pytest

from ingest.faults import BadInput, Fault
from observatory.run import run_study
from observatory.setting_lines import lined
from observatory.study import open_study

#: Tables of a study that are found wrong only when codes, files and options are looked at; marked where.
LATE = """
[labels]
x = ["00000"]  # a label's code: 00000
[groups.sectors]
X = ["31",
  "9999"]  # a group's code: 9999
[groups.regions]
Y = ["ZZ99"]  # a group's region: ZZ99
[sources.one]
format = "sdc"
files = ["inbox/thomson.csv"]
encoding = 8  # an option: encoding = 8
[sources.two]
format = "table"
files = ["inbox/deals.csv"]
columns.evnt = "a"  # a column: columns.evnt
[sources.three]
format = "sdc"
files = [
  "inbox/no.csv",  # a file: inbox/no.csv
]
[sources.four]
format = "sdc"
files = ["inbox"]  # a folder: inbox
[stars]
table = "inbox/none.csv"  # regional figures: inbox/none.csv
"""


def test_every_late_fault_has_its_line(spoilt):
    folder = spoilt("study.toml", ("[communities]", f"{LATE}[communities]"), ('[stars]\ntable = "inbox/stars.csv"', ""))
    lines = (folder / "study.toml").read_text(encoding="utf-8").splitlines()
    with pytest.raises(BadInput) as caught:
        run_study(open_study(folder), folder / "run")
    found = {(fault.line, fault.value) for fault in caught.value.faults if fault.file.startswith("study.toml")}
    marked = {(n, line.split(": ")[-1]) for n, line in enumerate(lines, start=1) if "  # a" in line or "  # r" in line}
    assert len(marked) == 8
    assert found == marked


def test_a_level_that_no_source_has_has_its_line(spoilt):
    folder = spoilt("study.toml", ("\n[sources.deals]", 'sector_level = "micro"\n[sources.deals]'))
    lines = (folder / "study.toml").read_text(encoding="utf-8").splitlines()
    with pytest.raises(BadInput) as caught:
        run_study(open_study(folder), folder / "run")
    assert {lines[fault.line - 1] for fault in caught.value.faults} == {'sector_level = "micro"'}


TEXT = 'nuts_shapes = "a.json"\n[sources]\na = { format = "sdc", files = ["a.json"] }\n[stars]\ntable = "a.json"\n'


@pytest.mark.parametrize(
    ("value", "table", "line"),
    [
        ("a.json", (), 1),
        ("a.json", ("stars",), 5),
        ("a.json", ("sources", "a"), 3),
        ("files", ("sources", "a"), 3),
        ("nowhere", ("stars",), 4),
        ("nowhere", (), None),
        ("nowhere", ("match",), None),
    ],
)
def test_a_value_is_looked_for_in_its_table_only(value, table, line):
    assert lined(Fault("study.toml", None, value, "", ""), TEXT, table).line == line


def test_a_line_that_is_known_stands():
    assert lined(Fault("study.toml", 9, "table", "", ""), TEXT, ("stars",)).line == 9
