"""From starting the server to the first painted page in a real Chromium, beside Streamlit's own example."""

import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium
from tests.load.measure import Row
from tests.serving import Server, _free_port

RUNS = 5
RATIO = 1.3


def rows() -> list[Row]:
    """Seconds for both, turn about, and their ratio run by run; a first run of each is thrown away."""
    path = chromium.find()
    if path is None:
        return [Row("cold start to the first page", (), "s", note="no Chromium: python tests/browser/chromium.py")]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        pairs = [(_ours(browser, Path(folder), run), _hello(browser, Path(folder))) for run in range(RUNS + 1)][1:]
        browser.close()
    ours, hello = tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs)
    ratio = statistics.median(ours) / statistics.median(hello)
    return [
        Row("uvicorn app:app", ours, "s"),
        Row("streamlit hello", hello, "s"),
        Row("ratio of the medians", (ratio,), "x", RATIO),
    ]


def _ours(browser: Browser, folder: Path, run: int) -> float:
    server = Server(folder / f"cold-{run}.db")
    try:
        return _painted(browser, server.address, lambda: server.start().process)
    finally:
        server.stop()


def _hello(browser: Browser, folder: Path) -> float:
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "hello", "--server.headless=true", f"--server.port={port}"]
    started: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        # in a folder of its own: ours has a config.toml that would make it another server
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        started.append(subprocess.Popen([*command, "--browser.gatherUsageStats=false"], cwd=folder, **quiet))
        _until_healthy(f"http://127.0.0.1:{port}", started[0])

    try:
        return _painted(browser, f"http://127.0.0.1:{port}", start)
    finally:
        for process in started:
            process.terminate()
            process.wait(timeout=10)


def _painted(browser: Browser, address: str, start: Callable[[], object]) -> float:
    """Seconds from the start until the page's heading is in sight, in a browser that has never been there."""
    context = browser.new_context()
    page = context.new_page()
    began = time.perf_counter()
    start()
    page.goto(address, wait_until="commit")
    page.locator("h1").first.wait_for(state="visible", timeout=60_000)
    seconds = time.perf_counter() - began
    context.close()
    return seconds


def _until_healthy(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait as `Server.start` does, so that both are measured alike."""
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):  # noqa: S310  our own address
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("streamlit hello did not start")
