"""The command line: `python -m training run | evaluate | export`."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from pathlib import Path

from imaging.noise import NOISE_KINDS
from model_store import ModelError, open_model
from training.datasets import DatasetError
from training.evaluate import Protocol, evaluate
from training.recipes import RECIPES, RecipeError, change
from training.runs import Run, RunError, RunState


def main(arguments: list[str] | None = None) -> int:
    """Carry out one command; return 0 when it is done, 1 when it could not be."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.command(options)
    except (RunError, RecipeError, ModelError, DatasetError) as error:
        print(error, file=sys.stderr)
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training", description="Train and measure models."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="train a recipe, or go on where a run was interrupted")
    run.add_argument("folder", type=Path, metavar="RUN_DIR", help="where the run keeps its files")
    run.add_argument("--recipe", choices=RECIPES, required=True)
    run.add_argument(
        "--set",
        dest="changes",
        nargs="+",
        default=[],
        metavar="KEY=VALUE",
        help="change settings of the recipe, such as denoiser.epochs=5",
    )
    run.set_defaults(command=_run)

    scores = commands.add_parser("evaluate", help="measure a model on the 10,000 test images")
    scores.add_argument("model", metavar="MODEL", help="the id of a shipped model or of a run")
    scores.add_argument("--noise", choices=NOISE_KINDS, default=Protocol.kind)
    scores.add_argument("--level", type=float, default=Protocol.level, help="0 to 1")
    scores.add_argument("--seeds", type=int, default=Protocol.seeds, help="draws of the noise")
    scores.add_argument("--json", action="store_true", help="print one JSON object")
    scores.set_defaults(command=_evaluate)

    export = commands.add_parser(
        "export", help="write, measure and publish the model of a run again"
    )
    export.add_argument("folder", type=Path, metavar="RUN_DIR")
    export.add_argument(
        "--to", type=Path, metavar="DIR", help="also publish it there, as a shipped model"
    )
    export.set_defaults(command=_export)
    return parser


def _run(options: argparse.Namespace) -> int:
    changes = dict(item.partition("=")[::2] for item in options.changes)
    recipe = change(RECIPES[options.recipe], changes)
    run = Run(options.folder)
    run.create(options.recipe, changes)
    _quieten_tensorflow()
    from training.produce import produce

    state = produce(run, recipe)
    print(f"The run {run.folder.name} is {state}.")
    return 0 if state is RunState.DONE else 1


def _evaluate(options: argparse.Namespace) -> int:
    model = open_model(options.model)
    protocol = Protocol(options.noise, options.level, options.seeds)
    figures = evaluate(model, protocol)
    if options.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:18} {value:.4f}")
    return 0


def _export(options: argparse.Namespace) -> int:
    run = Run(options.folder)
    recipe = change(RECIPES[run.config["recipe"]], run.config["changes"])
    _quieten_tensorflow()
    from training.produce import export_again

    export_again(run, recipe, options.to)
    return 0


def _quieten_tensorflow() -> None:
    """Leave out TensorFlow's greetings, not its errors."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)


if __name__ == "__main__":
    sys.exit(main())
