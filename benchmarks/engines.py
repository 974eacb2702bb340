"""Other engines, each installed in an environment of its own under data/bench/."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.measure import Contender

HERE = Path(__file__).parent


def environment(name: str, folder: Path) -> Path:
    """The Python of an engine's environment, made from its locked requirements when missing."""
    python = folder / name / "bin" / "python"
    if not (folder / name / ".installed").exists():
        subprocess.run([sys.executable, "-m", "venv", folder / name], check=True)
        requirements = HERE / "environments" / f"{name}.txt"
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", requirements],
            check=True,
        )
        (folder / name / ".installed").touch()
    return python


def tsunagu(dataset: Path) -> Contender:
    """Our own conversion of a data set's folder, findings on, repeats removed."""
    output = dataset / "tsunagu.nt"
    return Contender(
        "tsunagu",
        [sys.executable, "-m", "app", "convert", str(dataset), "-o", str(output)],
        dataset,
        {"PYTHONPATH": str(HERE.parent), "TSUNAGU_VOCAB_DIR": str(HERE.parent / "vocab")},
        output,
    )


def morph_kgc(dataset: Path, environments: Path) -> Contender:
    """Morph-KGC with the same YARRRML file, its own defaults."""
    output = dataset / "morph.nt"
    (dataset / "morph.ini").write_text(
        "[CONFIGURATION]\n"
        f"output_file={output}\noutput_format=N-TRIPLES\nlogging_level=WARNING\n"
        "[DataSource]\n"
        f"mappings={dataset / 'mapping.yml'}\n"
    )
    return Contender(
        "morph-kgc",
        [str(environment("morph-kgc", environments)), "-m", "morph_kgc", "morph.ini"],
        dataset,
        {},
        output,
    )


def sdm_rdfizer(dataset: Path, environments: Path) -> Contender:
    """SDM-RDFizer with the same mapping in RML, its own defaults."""
    # It imports drivers of databases, also those whose system library is not there.
    (dataset / "pyodbc.py").write_text("")
    (dataset / "sdm.ini").write_text(
        "[default]\nmain_directory: .\n[datasets]\nnumber_of_datasets: 1\n"
        "output_folder: ${default:main_directory}\nall_in_one_file: yes\n"
        "remove_duplicate: yes\nenrichment: yes\nname: sdm\nordered: yes\n"
        "large_file: false\noutput_format: n-triples\n"
        "[dataset1]\nname: sdm\nmapping: ${default:main_directory}/rml-2014.ttl\n"
    )
    return Contender(
        "sdm-rdfizer",
        [str(environment("sdm-rdfizer", environments)), "-m", "rdfizer", "-c", "sdm.ini"],
        dataset,
        {},
        dataset / "sdm.nt",
        "takes cells for numbers: 0000000001 becomes 1",
    )


def maplib(dataset: Path, environments: Path) -> Contender:
    """maplib with a template written for this one table."""
    output = dataset / "maplib.nt"
    program = str(HERE / "maplib_program.py")
    return Contender(
        "maplib",
        [str(environment("maplib", environments)), program, str(dataset / "aed.csv"), str(output)],
        dataset,
        {},
        output,
        "decimals lose their last zeros",
    )


def plain_python(dataset: Path) -> Contender:
    """The honest baseline: a program written by hand for this one table."""
    output = dataset / "plain.nt"
    return Contender(
        "csv+f-string",
        [sys.executable, str(HERE / "plain.py"), str(dataset / "aed.csv"), str(output)],
        dataset,
        {},
        output,
    )
