"""Run the benchmarks by name: ``python -m benchmarks allocation``; without a name, say which there are.

What follows the first option belongs to the benchmark: ``python -m benchmarks ablation --seeds 1``.
"""

import importlib
import pkgutil
import sys
from itertools import takewhile
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Run the named benchmarks in turn; 2 if a name is unknown or missing, or options have no one owner."""
    known = sorted(m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)]) if m.name != "__main__")
    names = list(takewhile(lambda argument: not argument.startswith("-"), arguments))
    unknown, options = [name for name in names if name not in known], arguments[len(names) :]
    if unknown or not names:
        print(f"benchmarks: expected one or more of {', '.join(known)}; got {', '.join(unknown) or 'none'}")
        return 2
    if options and len(names) > 1:
        print(
            f"benchmarks: options belong to one benchmark; got {' '.join(options)} after {', '.join(names)}"
        )
        return 2
    for name in names:
        sys.argv[1:] = options  # benchmarks with options read them where a program of their own would
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
