"""What to cite: the run itself, its data, and the papers behind the methods that it used."""

from __future__ import annotations

from typing import Any

from observatory.material import Material
from observatory.report.wording import counted, number

#: What the methods rest on: authors and year, title and place, digital object identifier, and what for.
PAPERS = (
    ("Rosvall & Bergstrom 2008", "Maps of random walks on complex networks reveal community structure, PNAS 105(4), "
     "1118–1123", "10.1073/pnas.0706851105", "The number of spaces (map equation, Infomap)"),
    ("Reichardt & Bornholdt 2006", "Statistical mechanics of community detection, Physical Review E 74, 016110",
     "10.1103/PhysRevE.74.016110", "Members of spaces (spin glass)"),
    ("Traag, Waltman & van Eck 2019", "From Louvain to Leiden: guaranteeing well-connected communities, Scientific "
     "Reports 9, 5233", "10.1038/s41598-019-41695-z", "The partition held against the spin glass (Leiden)"),
    ("van Eck & Waltman 2009", "How to normalize cooccurrence data? An analysis of some well-known similarity "
     "measures, JASIST 60(8), 1635–1651", "10.1002/asi.21075", "Association strength"),
    ("Coscia & Neffke 2017", "Network backboning with noisy data, ICDE 2017, 425–436", "10.1109/ICDE.2017.100",
     "Noise-corrected backbone"),
    ("Serrano, Boguñá & Vespignani 2009", "Extracting the multiscale backbone of complex weighted networks, PNAS "
     "106(16), 6483–6488", "10.1073/pnas.0808904106", "Disparity filter"),
    ("Benjamini & Hochberg 1995", "Controlling the false discovery rate: a practical and powerful approach to multiple "
     "testing, Journal of the Royal Statistical Society B 57(1), 289–300", "10.1111/j.2517-6161.1995.tb02031.x",
     "Rates of false discovery (q)"),
    ("Vinh, Epps & Bailey 2010", "Information theoretic measures for clusterings comparison, Journal of Machine "
     "Learning Research 11, 2837–2854", "", "Agreement of partitions (adjusted mutual information)"),
    ("European Cluster Trends 2014", "Methodology and findings report, European Cluster Observatory", "",
     "The counting of linkages and the notion of collaboration spaces"),
)  # fmt: skip
#: Papers behind what only some runs use: a word of the run → the paper.
STARS = {
    "panorama": ("European Panorama of Clusters and Industrial Change 2020", "European Commission", "",
                 "Cluster stars"),
    "observatory2009": ("European Cluster Observatory 2009", "Methodology of the first Observatory", "",
                        "Cluster stars"),
    "published tiers": ("European Panorama of Clusters and Industrial Change 2020", "European Commission", "",
                        "Tiers as published"),
}  # fmt: skip
FRACTIONAL = (
    "Perianes-Rodriguez, Waltman & van Eck 2016", "Constructing bibliometric networks: a comparison between full and "
    "fractional counting, Journal of Informetrics 10(4), 1178–1195", "10.1016/j.joi.2016.10.006", "Fractional counting",
)  # fmt: skip
KEYS = ("who", "what", "doi", "why")


def citations(material: Material) -> dict[str, Any]:
    """Gather how to cite a run.

    Returns
    -------
    dict
        ``run`` (a sentence to copy: title, program and version, day of the run, seeds, and the digest of its
        inputs), ``data`` (a sentence a source of the study), ``papers`` (``who, what, doi, why``), those that the
        run's settings call for.
    """
    settings = material.settings
    used = [*PAPERS]
    if settings["counting"] == "fractional":
        used.append(FRACTIONAL)
    if (method := material.run.manifest["stars"]["method"]) in STARS:
        used.append(STARS[method])
    return {
        "run": _run(material),
        "data": [*_data(material)],
        "papers": [dict(zip(KEYS, one, strict=True)) for one in sorted(used)],
    }


def _run(material: Material) -> str:
    """Cite the run by what makes it the same again; not by the day, which the same bytes do not know."""
    manifest = material.run.manifest
    inputs = counted(len(manifest["inputs"]), "input file")
    return (
        f"{manifest['title']}. Run of linkages {manifest['versions']['linkages']}, seed "
        f"{manifest['seeds']['communities']}, {inputs} with digest {digest(material)}; the day is in its manifest.json."
    )


def digest(material: Material) -> str:
    """Give the first digits of the SHA-256 of all inputs' digests, in the manifest's order."""
    import hashlib

    every = "\n".join(f"{row['source']} {row['sha256']}" for row in material.run.manifest["inputs"])
    return hashlib.sha256(every.encode()).hexdigest()[:12]


def _data(material: Material) -> list[str]:
    """Name each source of the study with its files, format and rows."""
    rows = material.run.manifest["inputs"]
    said = []
    for name, source in sorted(material.settings["sources"].items()):
        mine = [row for row in rows if row["source"] == name]
        files = ", ".join(f"{row['path']} ({number(row['rows'])} rows, SHA-256 {row['sha256'][:12]})" for row in mine)
        said.append(
            f"{name}, in the format {source['format']}: {files or 'no file'}. Cite its publisher, and the release."
        )
    said.append(f"Stars: {material.run.manifest['stars']['source']}.")
    return said
