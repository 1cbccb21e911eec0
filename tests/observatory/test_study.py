"""The study file: every fault with its line, all of them at once."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.faults import BadInput
from observatory.misset import line_of
from observatory.study import open_study

SOURCE = '[sources.a]\nformat = "regpat"\nfiles = ["study.toml"]\n'
GOOD = f'title = "T"\n{SOURCE}'


def opened(tmp_path, text):
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    return open_study(tmp_path)


def faults_of(tmp_path, text):
    with pytest.raises(BadInput) as caught:
        opened(tmp_path, text)
    return list(caught.value.faults)


def test_defaults(tmp_path):
    study = opened(tmp_path, GOOD)
    settings = study.settings
    assert settings.title == "T"
    assert settings.periods == [(2000, 2007), (2007, 2014)]
    assert (settings.shared_year, settings.sector_level, settings.region_level) == ("both", "naics3", "nuts2")
    assert (settings.nuts, settings.naics, settings.counting, settings.assign) == (2013, 2017, "full", "top")
    assert settings.communities.spaces == "infomap"
    assert settings.stars.table == "panorama2020"
    assert study.folder == tmp_path.resolve()


def test_a_file_or_its_folder(tmp_path):
    assert opened(tmp_path, GOOD) == open_study(tmp_path / "study.toml") == open_study(str(tmp_path))


def test_a_mark_at_the_beginning_of_the_file_is_ignored(tmp_path):
    (tmp_path / "study.toml").write_text(GOOD, encoding="utf-8-sig")
    assert open_study(tmp_path).settings.title == "T"


def test_options_may_stand_beside_the_format_or_in_a_table_of_their_own(tmp_path):
    beside = opened(tmp_path, GOOD + 'encoding = "cp1252"\n')
    apart = opened(tmp_path, GOOD + '[sources.a.options]\nencoding = "cp1252"\n')
    assert beside.settings.sources["a"].options == apart.settings.sources["a"].options == {"encoding": "cp1252"}


# --- one fault each: what stands there, the line, what was expected ---

SINGLE = [
    ('titel = "x"\n' + GOOD, 1, "titel", "one of title, sources", "write title"),
    (f"qqq = 1\n{GOOD}", 1, "qqq", "one of title", "correct the key, or remove the line"),
    (f'shared_year = "some"\n{GOOD}', 1, "shared_year = 'some'", "one of both, first, second, half", "correct"),
    (f"nuts = 2012\n{GOOD}", 1, "nuts = 2012", "one of 2006, 2010, 2013, 2016, 2021", "correct nuts"),
    (f'naics = "2017"\n{GOOD}', 1, "naics = '2017'", "one of 2017", "correct naics"),
    (f"periods = [[2000]]\n{GOOD}", 1, "periods = [[2000]]", "pairs of years", "correct periods"),
    (f"periods = [[2000, 3201]]\n{GOOD}", 1, "periods = [[2000, 3201]]", "from 1900 to 2100", "correct periods"),
    (f"nuts_shapes = 4\n{GOOD}", 1, "nuts_shapes = 4", "text in quotes", "correct nuts_shapes"),
    (f"title = 3\n{SOURCE}", 1, "title = 3", "text in quotes", "correct title"),
    (f'{GOOD}[communities]\nspaces = "many"\n', 6, "spaces = 'many'", "one of infomap, a whole number", "correct"),
    (f"{GOOD}[communities] # how\nseed = 0\n", 6, "seed = 0", "a whole number of at least 1", "correct seed"),
    (f"{GOOD}[communities]\nlayers = {{ patent = 1.0 }}\n", 6, "patent", "one of copatent, deal, alliance", "copatent"),
    (f"{GOOD}[communities.layers]\ndeal = -1\n", 6, "deal = -1", "a number of at least 0", "correct deal"),
    (f"{GOOD}[communities.layers]\n\ndeal = nan\n", 7, "deal = nan", "a number of at least 0", "correct deal"),
    (f"{GOOD}[communities.layers]\ndeal = inf\n", 6, "deal = inf", "a number of at most 1000000", "correct deal"),
    (f"{GOOD}[communities]\nlayers = 3\n", 6, "layers = 3", "a table", "correct layers"),
    (
        f"{GOOD}[communities]\nlayers = {{ deal = 0, alliance = 0 }}\n",
        6,
        "copatent = 1, deal = 0, alliance = 0",
        "two or more layers of a weight above 0",
        "weigh another layer",
    ),
    (f"{GOOD}[gates]\nused = 2\n", 6, "used = 2", "a number of at most 1", "correct used"),
    (f"{GOOD}[gates]\nused = true\n", 6, "used = True", "a number", "correct used"),
    (f'{GOOD}[labels]\nx = "51"\n', 6, "x = '51'", "a list in brackets", "correct x"),
    (f"{GOOD}columns = {{ event = 3 }}\n", 5, "event = 3", "text in quotes", "correct event"),
    (f"{GOOD}[groups.sectors]\nF = [1]\n", 6, "F = [1]", "text in quotes", "correct F"),
    (f"{GOOD}[groups]\nregions = [1]\n", 6, "regions = [1]", "a table", "correct regions"),
    (f"{GOOD}dayfirst = true\n", 5, "dayfirst", "one of format, files, columns, ", "correct the key"),
    (f"{GOOD}options = 3\n", 5, "options = 3", "a table", "correct options"),
    (GOOD.replace("regpat", "repgat"), 3, "repgat", "one of patstat, regpat", "write regpat"),
    (GOOD.replace('"regpat"', "3"), 3, "format = 3", "text in quotes", "correct format"),
    (GOOD.replace('["study.toml"]', "[]"), 4, "files = []", "a list in brackets of length", "correct files"),
    (GOOD.replace('["study.toml"]', '"study.toml"'), 4, "files = 'study.toml'", "a list in brackets", "correct"),
    (SOURCE, None, "", "title in the top of the file", "add title"),
    ('title = "x"\n', None, "", "sources in the top of the file", "add sources"),
    ('title = "x"\n[sources]\n', None, "", "at least one [sources.NAME]", "add format and files"),
    ('title = "x"\n[sources]\nb = 3\n', 3, "b", "a table [sources.b]", "give it format and files"),
    ('title = "x"\n[sources.a]\nformat = "regpat"\n', 2, "", "files in [sources.a]", "add files"),
    ('title = "x"\nsources = 3\n', 2, "sources = 3", "a table", "correct sources"),
    (GOOD.replace("sources.a", 'sources."a:b"'), 2, "a:b", "letters, digits", "another name"),
    (f"periods = [[2014, 2007]]\n{GOOD}", 1, "[2014, 2007]", "a first year not after the last", "swap them"),
    (f"periods = [[2000, 2001], [2000, 2001]]\n{GOOD}", 1, "2000", "different periods", "correct periods"),
    (f"periods = []\n{GOOD}", 1, "[]", "one or more different periods", "correct periods"),
    (f"{GOOD}[strength]\nthreshold = nan\n", 6, "threshold = nan", "a finite number", "correct threshold"),
    (f"{GOOD}[strength]\nstrong = inf\n", 6, "strong = inf", "a finite number", "correct strong"),
    (f'{GOOD}[groups.sectors]\n"" = ["325"]\n', 5, 'sectors: ""', "a name", "give it one"),
    (f"{GOOD}[match]\naccept = 10\n", 6, "10.0", "accept of at least review", "swap them"),
]


@pytest.mark.parametrize(("text", "line", "value", "expected", "mend"), SINGLE)
def test_each_fault_is_told_with_its_line(tmp_path, text, line, value, expected, mend):
    (fault,) = faults_of(tmp_path, text)
    assert fault.file == "study.toml"
    assert fault.line == line
    assert value in fault.value
    assert expected in fault.expected
    assert mend in fault.mend


def test_all_faults_come_at_once_in_the_order_of_the_file(tmp_path):
    text = 'titel = "x"\nnuts = 1\n[sources.a]\nformat = "regpta"\nfiles = ["*.none", 3, "no"]\nkin = 1\n'
    text += '[sources.b]\nformat = "sdc"\nfiles = ["gone.csv"]\n[communities]\nsed = 1\nseed = "x"\n[gates]\nused = 7\n'
    faults = faults_of(tmp_path, text)
    assert [fault.line for fault in faults] == [1, 2, 4, 5, 5, 5, 9, 11, 12, 14, None]
    absent = [fault.value for fault in faults if "at least one file" in fault.expected]
    assert absent == ["*.none", "no", "gone.csv"]
    assert [fault.expected for fault in faults if "top of the file" in fault.expected] == [
        "title in the top of the file"
    ]


def test_contradictions_come_with_the_missing_files(tmp_path):
    text = "periods = [[2014, 2007]]\n" + GOOD.replace("study.toml", "gone.txt")
    assert [fault.value for fault in faults_of(tmp_path, text)] == ["[2014, 2007]", "gone.txt"]


@pytest.mark.parametrize(
    ("text", "line", "value"),
    [
        ('title = "x\n', 1, 'title = "x'),
        ("title = 1\n???\n", 2, "???"),
        ("a = 1\na = 2\n", 2, "a = 2"),
        ("a = [", 1, "a = ["),
    ],
)
def test_what_is_not_toml_is_told_with_its_line(tmp_path, text, line, value):
    (fault,) = faults_of(tmp_path, text)
    assert (fault.line, fault.value) == (line, value)
    assert fault.expected.startswith("TOML")


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(BadInput, match="expected a study file"):
        open_study(tmp_path / "nowhere.toml")
    (tmp_path / "latin.toml").write_bytes('title = "Köln"'.encode("latin-1"))
    with pytest.raises(BadInput, match="line 1: 'byte 0xf6'; expected UTF-8 text"):
        open_study(tmp_path / "latin.toml")
    (tmp_path / "study.toml").mkdir()
    with pytest.raises(BadInput, match="expected a readable file"):
        open_study(tmp_path)


# --- the files of a source ---


def test_patterns_find_files_once_and_in_order(tmp_path):
    for name in ("b.txt", "a.txt", "c.csv"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "deals[1].csv").touch()
    absolute = f'"{tmp_path.as_posix()}/c.csv", "{tmp_path.as_posix()}/[ab].txt"'
    study = opened(tmp_path, GOOD.replace('["study.toml"]', f'["*.txt", "a.txt", "deals[1].csv", {absolute}]'))
    assert [file.name for file in study.files("a")] == ["a.txt", "b.txt", "c.csv", "deals[1].csv"]


def test_each_missing_file_is_told(tmp_path):
    missing = (tmp_path / "gone.csv").as_posix()
    study = opened(tmp_path, GOOD.replace('["study.toml"]', f'["*.txt", "study.toml", "{missing}", ""]'))
    with pytest.raises(BadInput) as caught:
        study.files("a")
    assert [fault.value for fault in caught.value.faults] == ["*.txt", missing, ""]
    assert all("[sources.a]" in fault.mend for fault in caught.value.faults)
    (tmp_path / "inbox").mkdir()
    with pytest.raises(BadInput, match=r'write files = \["inbox/\*"\] in \[sources.a\]'):
        opened(tmp_path, GOOD.replace('["study.toml"]', '["inbox"]')).files("a")


# --- where a key stands ---

WORD = st.from_regex(r"[a-z][a-z0-9_-]{0,6}", fullmatch=True)


@settings(deadline=None)
@given(tables=st.dictionaries(WORD, st.dictionaries(WORD, st.integers(), min_size=1, max_size=4), max_size=4))
def test_the_line_found_is_the_line_written(tables):
    lines, where = ["# a note", "list = [", "  [1, 2],", "  [3, 4]", "]"], {}
    for table, keys in tables.items():
        lines.append(f"[ {table} ] # note")
        for key, value in keys.items():
            lines.append(f"{key} = {value}")
            where[table, key] = len(lines)
    text = "\n".join(lines)
    assert {pair: line_of(text, pair[1], (pair[0],)) for pair in where} == where


def test_the_line_of_keys_written_otherwise():
    text = 'groups.sectors.F = ["31"]\nstars = { table = "x" }\n[sources."a b"]\nfiles = []\n[[many]]\n'
    assert line_of(text, "F", ("groups", "sectors")) == 1
    assert line_of(text, "table", ("stars",)) == 2
    assert line_of(text, "files", ("sources", "a b")) == 4
    assert line_of(text, "a b", ("sources",)) == 3
    assert line_of(text, "many", ()) == 5
    assert line_of(text, "absent", ()) is None


def test_messages_are_in_plain_words(tmp_path):
    text = "\n".join(text for text, *_ in SINGLE[:1]) + "nuts_shapes = []\n[communities]\ngamma = 'x'\ntrials = 1.5\n"
    said = "\n".join(str(fault) for fault in faults_of(tmp_path, text))
    assert not re.search(r"`|\bint\b|\bstr\b|\barray\b|\bobject\b|Literal|\$\.", said)
