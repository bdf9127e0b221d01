"""The layers of the project, held against its imports."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = {"imaging", "model_store", "training", "ui", "pages"}
MAY_IMPORT = {
    "imaging": {"imaging"},
    "model_store": {"imaging", "model_store"},
    "training": {"imaging", "model_store", "training"},
    "ui": {"imaging", "model_store", "training", "ui"},
    "pages": {"imaging", "model_store", "training", "ui"},
}
FREE_OF_TENSORFLOW = {
    "training.compare",
    "training.datasets",
    "training.evaluate",
    "training.runs.jobs",
    "training.knobs",
    "training.runs.limits",
    "training.recipe",
    "training.recipes",
    "training.runs.run",
    "training.samples",
    "training.scores",
}
BUILD_FIT_EXPORT = {
    "training/architectures.py",
    "training/batches.py",
    "training/callbacks.py",
    "training/export.py",
    "training/fit.py",
    "training/litert.py",
    "training/objectives.py",
    "training/optimizers.py",
    "training/photos/backbone.py",
    "training/photos/classifier.py",
    "training/photos/clones.py",
    "training/photos/export.py",
    "training/photos/features.py",
    "training/photos/patches.py",
    "training/photos/quantize.py",
}
SOURCES = [path for package in sorted(PACKAGES) for path in sorted((ROOT / package).rglob("*.py"))]


def modules_imported(path: Path, *, at_top_only: bool = False) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    for_types = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    nodes = tree.body if at_top_only else ast.walk(tree)
    found = set()
    for node in nodes:
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_layers(path):
    package = path.relative_to(ROOT).parts[0]
    imported = modules_imported(path)
    ours = {module.split(".")[0] for module in imported} & PACKAGES
    assert ours <= MAY_IMPORT[package]
    if package in {"ui", "pages"}:
        of_training = {module for module in imported if module.startswith("training")}
        assert of_training <= FREE_OF_TENSORFLOW
    else:
        assert "streamlit" not in {module.split(".")[0] for module in imported}
    if path.relative_to(ROOT).as_posix() not in BUILD_FIT_EXPORT:
        top = {module.split(".")[0] for module in modules_imported(path, at_top_only=True)}
        assert not top & {"tensorflow", "keras"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_short(path):
    text = path.read_text("utf-8")
    assert text.count("\n") <= 250
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno <= 40, node.name


def test_the_web_process_is_free_of_tensorflow():
    modules = {
        module
        for path in SOURCES
        if path.relative_to(ROOT).parts[0] in {"ui", "pages"} and path.name != "app.py"
        for module in modules_imported(path)
    }
    program = "\n".join(f"import {module}" for module in sorted(modules))
    program += "\nfrom model_store import list_cards, open_model"
    program += "\nfor card in list_cards(): open_model(card.id)"
    program += "\nimport sys; assert not {'tensorflow', 'keras'} & sys.modules.keys()"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
