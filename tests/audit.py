"""`make audit`: known faults in what we run on, risky code of ours, and the bill of materials.

Exit 1 for a known fault or a high finding, and where advisories could not be had: what nobody looked up is not clean.
With --offline-ok the last is only said, for CI, which must not hang on somebody else's service.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
BILL = ROOT / "sbom.cdx.json"
WAIT_S = 90


def main(offline_ok: bool) -> int:
    """The exit status; prints what was found."""
    high = [
        f"{found['filename']}:{found['line_number']} {found['test_id']} {found['issue_text']}"
        for found in _json("bandit", "-q", "-lll", "-r", "app.py", "assessment", "pages", "-f", "json")["results"]
    ]
    print("\n".join([f"bandit: {len(high)} high findings", *high]))
    subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", "requirements", str(LOCK), "--output-reproducible", "-o", str(BILL)],
        check=True,
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    print(f"bill of materials: {BILL.name}")
    faults, unknown = advisories(
        _json(
            "pip_audit", "-r", str(LOCK), "--disable-pip", "--progress-spinner", "off", "--timeout", "10", "-f", "json"
        )
    )
    print("\n".join([f"pip-audit: {len(faults)} known faults, {unknown} packages not looked up", *faults]))
    return int(bool(high or faults or (unknown and not offline_ok)))


def advisories(report: dict[str, Any]) -> tuple[list[str], int]:
    """Known faults, and how many packages were not looked up; an empty report is one nobody could make."""
    packages = report.get("dependencies", [])
    faults = [f"{p['name']} {p['version']}: {v['id']}" for p in packages for v in p.get("vulns", [])]
    return faults, sum("skip_reason" in p for p in packages) if packages else 1


def _json(module: str, *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", module, *arguments]
    try:
        said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=WAIT_S).stdout
        report: dict[str, Any] = json.loads(said)
    except (ValueError, subprocess.TimeoutExpired) as error:
        print(f"{module} could not be run to its end: {type(error).__name__}")
        if module != "pip_audit":
            sys.exit(1)
        return {}
    return report


if __name__ == "__main__":
    sys.exit(main("--offline-ok" in sys.argv))
