"""Run the benchmarks by name: ``python -m benchmarks allocation``; without a name, say which there are."""

import importlib
import pkgutil
import sys
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Run the named benchmarks in turn; 2 if a name is unknown or missing."""
    known = sorted(m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)]) if m.name != "__main__")
    unknown = [name for name in arguments if name not in known]
    if unknown or not arguments:
        print(f"benchmarks: expected one or more of {', '.join(known)}; got {', '.join(unknown) or 'none'}")
        return 2
    for name in arguments:
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
