"""A page as PDF, by the Chromium or Chrome that this machine has."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from skypact.base.errors import InputError, Unavailable

BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "microsoft-edge",
)  # fmt: skip
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
_LONGEST_S = 120.0
_ROOT = 0


def browser() -> str:
    """The program that prints: `SKYPACT_BROWSER`, else the first that is found.

    Raises:
        InputError: `SKYPACT_BROWSER` names no program.
        Unavailable: there is none.
    """
    chosen = os.environ.get("SKYPACT_BROWSER")
    if chosen:
        if found := shutil.which(chosen):
            return found
        raise InputError(f"SKYPACT_BROWSER names {chosen}, which is no program here")
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    if _MAC.is_file():
        return str(_MAC)
    raise Unavailable(
        "a PDF needs Chromium or Chrome, and none was found: install one, name it in "
        "SKYPACT_BROWSER, or write .html and print that"
    )


def pdf_of_page(page: bytes) -> bytes:
    """The page (HTML in UTF-8) printed in light colours, as PDF.

    Raises:
        Unavailable: no browser, or it did not print.
    """
    program = browser()
    with tempfile.TemporaryDirectory(prefix="skypact-") as folder:
        source, target = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_bytes(page)
        told = _print(program, source, target, Path(folder, "profile"))
        if not target.is_file():
            raise Unavailable(f"{program} printed nothing: {told.strip()[-300:] or 'no message'}")
        return target.read_bytes()


def _print(program: str, source: Path, target: Path, profile: Path) -> str:
    """Run the browser; what it said."""
    command = [
        program, "--headless", "--disable-gpu", "--no-first-run", f"--user-data-dir={profile}",
        "--no-pdf-header-footer", f"--print-to-pdf={target}", source.as_uri(),
    ]  # fmt: skip
    if hasattr(os, "geteuid") and os.geteuid() == _ROOT:
        command.insert(1, "--no-sandbox")  # for root the sandbox does not start
    try:
        done = subprocess.run(  # noqa: S603  # a program that was looked for by name
            command, capture_output=True, text=True, timeout=_LONGEST_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{program} did not print: {error}") from error
    return done.stderr
