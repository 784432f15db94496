"""Find a Chromium for the browser tests, or install one: `python tests/browser/chromium.py`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find() -> str | None:
    """Path of a Chromium: CHROMIUM, one on the path, macOS's usual places, or Playwright's own download."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    on_path = next((found for name in NAMES if (found := shutil.which(name))), None)
    return on_path or next((path for path in MAC if Path(path).exists()), None) or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def main() -> int:
    """Make sure there is a Chromium; 1 with a sentence when there is none and none could be installed."""
    if find():
        return 0
    # Debian's package first: it brings the libraries and fonts that Playwright's download takes for granted
    if shutil.which("apt-get"):
        root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        subprocess.run([*root, "apt-get", "update", "-qq"], check=False)
        subprocess.run([*root, "apt-get", "install", "-y", "-qq", "chromium"], check=False)
    if not find():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if not find():
        print("No Chromium found and none could be installed. Install one, or name it with CHROMIUM=/path.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
