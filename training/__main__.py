"""The command line: `python -m training run | evaluate | export | compare | time`."""

from __future__ import annotations

import sys

from model_store import ModelError
from training.command_line import parse
from training.datasets import DatasetError
from training.runs.run import RunError
from training.settings import RecipeError


def main(arguments: list[str] | None = None) -> int:
    """Carry out one command; return 0 when it is done, 1 when it could not be."""
    options = parse(arguments)
    try:
        code: int = options.command(options)
    except (RunError, RecipeError, ModelError, DatasetError) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"A file could not be read or written: {error.strerror}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
