"""What can be said on the command line, and in what words `--help` explains it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from imaging.noise import NOISE_KINDS
from training import commands
from training.compare import QUICK
from training.evaluate import Protocol
from training.knobs import OFFERS
from training.recipes import RECIPES

if TYPE_CHECKING:
    from collections.abc import Callable

    Chosen = argparse._SubParsersAction[argparse.ArgumentParser]

_EPILOG = "Exit codes: 0 done, 1 could not be done or was stopped, 2 not understood."
_SETTINGS = (
    "change settings of the recipe: images, noise.kind, noise.level, width, bottleneck, patience, "
    "and of each stage epochs, batch_size and learning_rate, such as denoiser.epochs=5"
)


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Return the options, with the function that carries them out as `command`."""
    parser = argparse.ArgumentParser(
        prog="python -m training", description="Train, measure and compare models.", epilog=_EPILOG
    )
    chosen = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(chosen)
    _add_evaluate(chosen)
    _add_export(chosen)
    _add_compare(chosen)
    _add_time(chosen)
    return parser.parse_args(arguments)


def _add(
    chosen: Chosen, name: str, command: Callable[[argparse.Namespace], int], text: str
) -> argparse.ArgumentParser:
    parser = chosen.add_parser(name, help=text, description=text, epilog=_EPILOG)
    parser.set_defaults(command=command)
    return parser


def _add_run(chosen: Chosen) -> None:
    text = "train a recipe, or go on where a run was stopped, killed or lost"
    parser = _add(chosen, "run", commands.run, text)
    parser.add_argument(
        "folder", type=Path, metavar="RUN_DIR", help="runs/NAME, for the app to see"
    )
    parser.add_argument("--recipe", choices=RECIPES, help="not needed to go on with a run")
    parser.add_argument(
        "--set", dest="changes", nargs="+", default=[], metavar="KEY=VALUE", help=_SETTINGS
    )
    _add_turn(parser)


def _add_evaluate(chosen: Chosen) -> None:
    parser = _add(chosen, "evaluate", commands.evaluate, "measure a model on the test images")
    parser.add_argument("model", metavar="MODEL", help="the id of a shipped model or of a run")
    _add_protocol(parser, Protocol())


def _add_export(chosen: Chosen) -> None:
    text = "publish the model of a run again, or one of the best weights of a run that was stopped"
    parser = _add(chosen, "export", commands.export, text)
    parser.add_argument("folder", type=Path, metavar="RUN_DIR")
    parser.add_argument(
        "--to", type=Path, metavar="DIR", help="also publish it there, as a shipped model"
    )
    _add_turn(parser)


def _add_compare(chosen: Chosen) -> None:
    text = "measure two models on the same pictures with the same noise"
    parser = _add(chosen, "compare", commands.compare, text)
    parser.add_argument("first", metavar="A", help="the id of a shipped model or of a run")
    parser.add_argument("second", metavar="B", help="the id of another one")
    _add_protocol(parser, QUICK)


def _add_time(chosen: Chosen) -> None:
    text = "say how long recipes take on this machine, by a few steps of each"
    parser = _add(chosen, "time", commands.time_recipes, text)
    parser.add_argument(
        "recipes", nargs="*", metavar="RECIPE", help=f"default: {', '.join(OFFERS)}"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--give-way", action="store_true", help="end as soon as a run waits")
    _add_turn(parser)


def _add_protocol(parser: argparse.ArgumentParser, usual: Protocol) -> None:
    parser.add_argument("--noise", choices=NOISE_KINDS, default=usual.kind)
    parser.add_argument("--level", type=float, default=usual.level, help="0 to 1")
    parser.add_argument("--seeds", type=int, default=usual.seeds, help="draws of the noise")
    parser.add_argument(
        "--images", type=int, default=usual.images, help="the first so many of the 10,000"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def _add_turn(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--wait", action="store_true", help="wait until nothing else trains here")
    parser.add_argument("--lock", type=int, help=argparse.SUPPRESS)  # inherited from the app
