"""The command line: `skypact`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command that the process was started with, and exit with its status."""
    from skypact import __version__

    arguments = sys.argv[1:]
    if arguments == ["--version"]:  # before anything heavy is imported
        print(__version__)
        return
    from skypact.cli.interruption import exit_promptly_when_interrupted
    from skypact.cli.run import run

    exit_promptly_when_interrupted()
    sys.exit(run(arguments))
