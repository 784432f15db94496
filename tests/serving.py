"""A real server in a process of its own, for the browser tests and the benchmarks."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parent.parent


class Server:
    """The product served as `make run` serves it, on a database of its own and a free port or the one given."""

    def __init__(self, database: Path, port: int | None = None) -> None:
        self.database = database
        self.port = port or _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "Server":
        """Start it and wait until it is healthy. Raises: RuntimeError when it does not come up in 60 seconds."""
        log = self.database.with_suffix(".log").open("ab")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", str(self.port)),
                *(
                    "--no-access-log",
                    "--no-proxy-headers",
                    "--log-level",
                    "warning",
                    "--ws-per-message-deflate",
                    "false",
                ),
                *("--timeout-graceful-shutdown", "30"),
            ],
            cwd=ROOT,
            env={**os.environ, "SALGSFLYT_DATABASE": str(self.database)},
            stdout=log,
            stderr=log,
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=1):  # noqa: S310  our own address
                    return self
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"the server did not start; see {log.name}")

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """End it as an administrator would."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill()

    @property
    def log(self) -> str:
        """Everything it has logged."""
        return self.database.with_suffix(".log").read_text(encoding="utf-8", errors="replace")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
