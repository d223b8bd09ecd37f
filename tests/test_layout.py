"""The repository as a whole: sizes, fences between modules, what the documents promise, and what must never be committed."""

import ast
import gzip
import json
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from allegedly.records import SCHEMA

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("ALLEGEDLY_DATA") or ROOT.parent / "shared" / "data")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))

NOT_OURS = {
    ".git",
    ".venv",
    "__pycache__",
    "build",
    "dist",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    ".import_linter_cache",
}

# A third-party library is imported by one module only, so that it can be replaced in one place. Paths are within the package.
FENCES = {
    "defusedxml": {"fetch/markup.py"},
    "docx": {"article/documents.py"},
    "fastwarc": {"article/warc.py"},
    "feedparser": {"fetch/feeds.py"},
    "httpx2": {"fetch/transport.py"},
    "onnxruntime": {"model.py"},
    "pypdf": {"article/documents.py"},
    "sqlite3": {"ledger/store.py"},
    "trafilatura": {"article/webpage.py"},
    "typer": {f"cli/{path.name}" for path in (ROOT / "src" / "allegedly" / "cli").glob("*.py")},
}
# Imported, and certain to be there: a library that is declared needs them.
BROUGHT_BY = {
    "anyio": "fastapi",
    "charset_normalizer": "trafilatura",
    "docx": "python_docx",
    "httpcore2": "httpx2",
    "lxml": "lxml_html_clean",
    "markupsafe": "jinja2",
    "pydantic": "fastapi",
    "starlette": "fastapi",
}


def files(*suffixes: str) -> list[Path]:
    """Files of the repository with these suffixes, all text files without any."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.endswith(".egg-info")]
        found += [Path(folder) / name for name in names if not suffixes or Path(name).suffix in suffixes]
    return sorted(found)


def text_of(path: Path) -> str:
    """A file's text, empty for a binary or very large one."""
    content = path.read_bytes()
    return "" if b"\0" in content[:8192] or len(content) > 2**20 else content.decode("utf8", errors="replace")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


CODE = files(".py")
PACKAGE = [path for path in CODE if named(path).startswith("src/")]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


# --- sizes -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CODE, ids=named)
def test_modules_and_functions_stay_short(path: Path) -> None:
    source = path.read_text(encoding="utf8")
    assert source.count("\n") <= 600, "a module of more than 600 lines: stop and think"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and "migrations" not in path.parts:  # a migration is a list of tables
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 80, f"{node.name} is long"
            if not any("fixture" in ast.unparse(mark) or "command" in ast.unparse(mark) for mark in node.decorator_list):
                assert len(node.args.args) + len(node.args.kwonlyargs) <= 8, f"{node.name} has many parameters"


def test_no_catch_all_module() -> None:
    assert not [named(path) for path in PACKAGE if path.stem in {"utils", "helpers", "common", "misc"}]


# --- fences -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("library", sorted(FENCES))
def test_a_library_is_imported_in_one_place(library: str) -> None:
    assert {path.relative_to(ROOT / "src" / "allegedly").as_posix() for path in PACKAGE if library in imports(path)} <= FENCES[library]


def test_the_package_imports_what_it_declares() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    listed = [
        *PROJECT["project"]["dependencies"],
        *(one for extra in ("postgres", "parquet", "documents", "spacy", "ray", "web") for one in extras[extra]),
    ]
    declared = {re.split(r"[<>=~ \[]", one)[0].lower().replace("-", "_") for one in listed}
    used = {name for path in PACKAGE for name in imports(path)} - set(sys.stdlib_module_names) - {"allegedly"}
    assert {BROUGHT_BY.get(name, name) for name in used} <= declared


# --- never committed -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", files(), ids=named)
def test_no_path_of_a_machine_and_no_registry(path: Path) -> None:
    text = text_of(path)
    assert not re.search(r"(?<![\w.])/(?:work|farm|root|home|Users)/\w", text)
    hosts = [r"pypi\.org", r"pythonhosted\.org", r"download\.pytorch"]
    assert not re.search("|".join(hosts), re.sub(r"hosts = .*", "", text))


def nine_words(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return set(zip(*(words[i:] for i in range(9)), strict=False))


@pytest.mark.skipif(not DATA.exists(), reason="no development files: set ALLEGEDLY_DATA")
def test_no_development_text_is_quoted() -> None:
    known: set[tuple[str, ...]] = set()
    for name in ("events/plover_gold_dev", "compare/pairs_dev", "attribution/polnear_dev", "claims/claims_dev"):
        with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf8") as lines:
            for row in map(json.loads, lines):
                known |= nine_words(" ".join(row.get(key) or "" for key in ("text", "a", "b")))
    for path in (DATA.parent / "seed").glob("*.txt"):
        known |= nine_words(path.read_text(encoding="utf8"))
    assert [named(path) for path in files() if nine_words(text_of(path)) & known] == []


def test_only_the_model_is_large() -> None:
    assert [named(path) for path in files() if path.stat().st_size > 3 * 2**20 and path.suffix != ".onnx"] == []


# --- what the documents promise ------------------------------------------------------------------------------------------------


README = text_of(ROOT / "README.md")
ARCHITECTURE = text_of(ROOT / "docs" / "architecture.md")


def test_the_readme_names_every_command() -> None:
    from typer.main import get_command

    from allegedly.cli import app

    command = get_command(app)
    names = list(getattr(command, "commands", {})) or ["read"]
    assert [name for name in names if f"allegedly {name}" not in README] == []


def test_the_readme_names_every_export_format() -> None:
    from allegedly.export import EXPORTS

    assert [name for name in EXPORTS if f"`{name}`" not in README] == []


def test_the_architecture_names_every_module() -> None:
    modules = [path for path in (ROOT / "src" / "allegedly").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()]
    names = [path.name if path.suffix == ".py" else f"{path.name}/" for path in modules if path.stem not in {"__init__", "__main__"}]
    assert [name for name in names if f"`{name}`" not in ARCHITECTURE] == []


@pytest.mark.parametrize("package", ["article", "cli", "export", "fetch", "ingest", "reading"])
def test_the_architecture_names_every_part_of_a_package(package: str) -> None:
    parts = [path.stem for path in (ROOT / "src" / "allegedly" / package).glob("*.py") if path.stem not in {"__init__", "__main__"}]
    row = next(line for line in ARCHITECTURE.splitlines() if line.startswith(f"| `{package}/`"))
    assert [part for part in parts if f"`{part}`" not in row] == []


def test_the_architecture_names_no_module_that_is_not_there() -> None:
    named_there = re.findall(r"^\| `(\w+(?:\.py|/))`", ARCHITECTURE, re.MULTILINE)
    assert [name for name in named_there if not (ROOT / "src" / "allegedly" / name).exists()] == []


@pytest.mark.parametrize("path", files(".md"), ids=named)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", text_of(path))
    assert [link for link in links if "://" not in link and not (path.parent / link).exists()] == []


def test_make_targets_named_in_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of(ROOT / "Makefile"), re.M))
    asked = {name for path in files(".md") for name in re.findall(r"`make ([a-z]+)", text_of(path))}
    assert asked - targets == set()


def test_versions_agree() -> None:
    version = PROJECT["project"]["version"]
    assert f"## {version}" in text_of(ROOT / "CHANGELOG.md")
    assert SCHEMA in README


def test_ci_runs_the_tests() -> None:
    ci = ROOT / ".ci" / "run"
    assert "make test" in text_of(ci)
    assert os.access(ci, os.X_OK)


def test_the_readme_has_the_markers_that_benchmarks_fill() -> None:
    assert all(f"<!-- {name}:{side} -->" in README for name in ("accuracy", "throughput") for side in ("begin", "end"))
