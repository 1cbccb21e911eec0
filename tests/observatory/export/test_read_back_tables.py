"""Tables and maps read back by readers that did not write them."""

import json
from io import BytesIO, StringIO

import pandas as pd
import pyarrow.parquet as pq
import pytest

from observatory.export import Content
from observatory.export.formats import files
from observatory.export.geojson import document as geojson
from observatory.export.places import Layer, layers
from observatory.export.stata import document as stata
from observatory.export.tables import COLUMNS, tables
from observatory.figures.shapes import outlines
from observatory.material import Material
from observatory.store import Run


@pytest.fixture(params=["content", "odd"])
def either(request):
    return request.getfixturevalue(request.param)


def held(name, content):
    return dict(files(name, content))


def as_text(table):
    return table.astype(object).where(table.notna(), "").map(lambda one: one.item() if hasattr(one, "item") else one)


def test_pyarrow_reads_parquet_with_words_for_each_column(either):
    found = held("parquet", either)
    for name, table in tables(either).items():
        read = pq.read_table(BytesIO(found[f"{name}.parquet"]))
        assert as_text(read.to_pandas()).values.tolist() == as_text(table).values.tolist()
        assert all(field.metadata[b"description"] for field in read.schema)


def test_duckdb_reads_parquet_and_counts_as_the_run_does(content):
    import duckdb

    found = held("parquet", content)
    links = pq.read_table(BytesIO(found["links.parquet"]))  # noqa: F841 - DuckDB finds it by name
    rows = duckdb.sql("select network, count(*), sum(events) from links group by network").fetchall()
    for network, count, events in rows:
        table = content.material.links(network)
        assert (count, events) == (len(table), table["events"].sum())
    assert {network for network, *_ in rows} == {g.name for g in content.graphs if len(g.links)}


def test_csv_is_read_back_and_holds_no_formula(either):
    found = held("csv", either)
    for name, table in tables(either).items():
        read = pd.read_csv(StringIO(found[f"{name}.csv"].decode()), dtype=str, keep_default_na=False)
        assert list(read) == list(table) and len(read) == len(table)
        risky = read.map(lambda cell: cell[:1] in ("=", "@", "+", "\t") or (cell[:1] == "-" and not _number(cell)))
        assert not risky.any(axis=None)
    # Nothing is lost but the blank that keeps a spreadsheet from calculating.
    labels = pd.read_csv(StringIO(found["nodes.csv"].decode()), keep_default_na=False)["label"].str.strip()
    assert labels.tolist() == [label.strip() for label in tables(either)["nodes"]["label"]]


def _number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_every_column_is_explained(content):
    found = tables(content)
    assert {column for table in found.values() for column in table} <= set(COLUMNS)
    assert all(len(words) <= 80 for words in COLUMNS.values())
    read = pd.read_csv(StringIO(held("csv", content)["columns.csv"].decode()))
    assert len(read) == sum(table.shape[1] for table in found.values())


def test_the_joint_table_follows_the_networks_chosen(content):
    material = content.material
    deals = tables(Content(material, ("sector__deal__2000-2007",)))
    assert set(deals["joint"]["of"]) == {"deal"} and set(deals["joint"]["period"]) == {"2000-2007"}
    every = material.run.table("joint.parquet")
    assert len(tables(content)["joint"]) == len(every)
    assert set(deals["links"]["network"]) == {"sector__deal__2000-2007"}


def test_pyreadstat_reads_stata_with_its_labels(either, tmp_path):
    import pyreadstat

    found = held("stata", either)
    for name, table in tables(either).items():
        path = tmp_path / f"{name}.dta"
        path.write_bytes(found[f"{name}.dta"])
        assert path.read_bytes()[:35] == b"<stata_dta><header><release>118</re"
        read, about = pyreadstat.read_dta(str(path), apply_value_formats=True)
        assert len(read) == len(table)
        assert all(len(column) <= 32 and column.isidentifier() for column in read)
        assert all(about.column_names_to_labels.values())
        for column in table:
            here = read["change_class" if column == "class" else column]
            if pd.api.types.is_numeric_dtype(table[column]):
                known = table[column].notna().to_numpy()
                assert here[known].astype(float).tolist() == table.loc[known, column].astype(float).tolist()
            elif len(table):
                assert here.astype(object).fillna("").tolist() == [
                    str(one).replace("\0", " ") for one in table[column].fillna("")
                ]


def test_stata_keeps_long_texts_and_empty_tables():
    import pyreadstat

    table = pd.DataFrame({"clusters": ["é" * 3000, "", None], "n": pd.array([1, None, 3], dtype="Int64")})
    read = pd.read_stata(BytesIO(stata(table, "t" * 200)))
    assert read["clusters"].tolist() == ["é" * 3000, "", ""]
    assert read["n"].fillna(-1).tolist() == [1.0, -1.0, 3.0]
    empty = pd.read_stata(BytesIO(stata(table.iloc[:0], "nothing")))
    assert list(empty) == ["clusters", "n"] and empty.empty
    assert pyreadstat.__version__


@pytest.mark.parametrize("form", ["geojson", "geoparquet"])
def test_geopandas_reads_regions_and_links(form, either, tmp_path):
    import geopandas
    import shapely

    ending = {"geojson": "geojson", "geoparquet": "parquet"}[form]
    for file, data in files(form, either):
        (tmp_path / file).write_bytes(data)
    for layer in layers(either):
        path = tmp_path / f"{layer.name}.{ending}"
        read = geopandas.read_parquet(path) if form == "geoparquet" else geopandas.read_file(path, engine="pyogrio")
        assert len(read) == len(layer.rows)
        assert read.crs.to_epsg() == 4326 or read.crs.to_authority() == ("OGC", "CRS84")
        for got, want in zip(read.geometry, layer.geometries, strict=True):
            assert (got is None) == (want is None)
            if want is not None:
                assert got.equals(shapely.geometry.shape(want)) and got.geom_type == want["type"]
        column = "label" if "label" in read else "source_label"
        if layer.rows:
            assert read[column].tolist() == [row[column] for row in layer.rows]


def test_geojson_is_as_rfc_7946_asks(content):
    import shapely

    for layer in layers(content):
        read = json.loads(geojson(layer))
        assert read["type"] == "FeatureCollection" and "crs" not in read
        assert "Natural Earth (public domain)" in read["licence"]
        for feature in read["features"]:
            geometry = feature["geometry"]
            if geometry is None or geometry["type"] != "MultiPolygon":
                continue
            for part in geometry["coordinates"]:
                turns = [shapely.LinearRing(ring).is_ccw for ring in part]
                assert turns == [True] + [False] * (len(part) - 1)
                assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in part)


def test_geoparquet_says_what_1_1_asks(content):
    for file, data in files("geoparquet", content):
        about = json.loads(pq.read_schema(BytesIO(data)).metadata[b"geo"])
        column = about["columns"]["geometry"]
        assert about["version"] == "1.1.0" and about["primary_column"] == "geometry"
        assert column["encoding"] == "WKB"
        assert column["geometry_types"] == ["LineString" if file.endswith("_links.parquet") else "MultiPolygon"]
        west, south, east, north = column["bbox"]
        assert -65 < west < east < 60 and -22 < south < north < 82


def test_outlines_hold_the_point_given_for_each_region():
    import shapely

    land = outlines()
    inside = [
        shapely.geometry.shape(land.regions[code]).buffer(1e-3).contains(shapely.Point(spot))
        for code, spot in land.points.items()
    ]
    assert len(inside) == 320 and all(inside)


def test_groups_and_countries_are_the_polygons_of_their_regions(other_run: Run):
    material = Material(other_run, None)
    content = Content(material, ("region__all__2007-2014",))
    areas, links = layers(content)
    by_node = dict(zip([row["node"] for row in areas.rows], areas.geometries, strict=True))
    land = outlines()
    want = [c for c in land.regions if c.startswith(("DE2", "AT1"))]
    assert len(by_node["Alps"]["coordinates"]) == sum(len(land.regions[c]["coordinates"]) for c in want)
    assert by_node["US"] is None
    assert "not dissolved" in areas.terms
    drawn = {(row["source"], row["target"]) for row, g in zip(links.rows, links.geometries, strict=True) if g}
    assert any("Alps" in ends for ends in drawn) and not any("US" in ends for ends in drawn)


def test_a_layer_without_features_is_still_a_file():
    import geopandas

    empty = Layer("x", "t", "l", [], [])
    assert json.loads(geojson(empty))["features"] == []
    from observatory.export.geoparquet import document

    assert geopandas.read_parquet(BytesIO(document(empty))).empty


def test_rocrate_reads_the_crate_and_finds_every_file(small_run, tmp_path):
    import shutil

    from rocrate.rocrate import ROCrate

    folder = shutil.copytree(small_run.folder, tmp_path / "run")
    (folder / "records" / "with blank & é.csv").write_text("x\n", encoding="utf-8")
    from observatory.store import open_run

    material = Material(open_run(folder), None)
    ((name, data),) = files("ro-crate", Content(material, ()))
    (folder / name).write_bytes(data)
    crate = ROCrate(folder)
    found = {entity.id: entity for entity in crate.get_by_type("File")}
    on_disk = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {name}
    assert len(found) == len(on_disk)
    assert {entity["name"] for entity in found.values()} == on_disk
    assert all(entity["description"] and entity["encodingFormat"] for entity in found.values())
    digests = {row["path"]: row["sha256"] for row in small_run.manifest["outputs"]}
    for entity in found.values():
        assert int(entity["contentSize"]) == (folder / entity["name"]).stat().st_size
        assert entity.get("sha256") == digests.get(entity["name"])
    assert "A file of the run" not in {e["description"] for e in found.values() if "blank" not in e["name"]}
    root = crate.root_dataset
    assert root["license"].id == "#terms" and root["creator"].id == "#makers"
    assert str(root["datePublished"])[:10] == small_run.manifest["time_stamps"]["finished"][:10]
    assert crate.dereference("#run")["instrument"].id == "#linkages"
    assert len(crate.dereference("#run")["object"]) == len(small_run.manifest["inputs"])
    # Every reference leads to an entity of the crate.
    graph = json.loads(data)["@graph"]
    ids = {entity["@id"] for entity in graph}
    named = {one["@id"] for e in graph for v in e.values() for one in (v if isinstance(v, list) else [v])
             if isinstance(one, dict)}  # fmt: skip
    assert named - {"https://w3id.org/ro/crate/1.1"} <= ids
