"""The recipes under deploy/ start what `make run` starts, and bring everything it reads."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deploy" / "docker" / "Dockerfile").read_text(encoding="utf-8")


def _flags(command: str) -> list[str]:
    """What the server is told besides where to listen."""
    return re.sub(r"--(host|port) \S+", "", command.partition("uvicorn app:app")[2]).split()


def test_every_recipe_serves_as_make_run_does() -> None:
    served = re.search(r"^\t\$\(BIN\)/(uvicorn app:app .*)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    unit = (ROOT / "deploy" / "systemd" / "salgsflyt@.service").read_text(encoding="utf-8")
    started = re.search(r"^ExecStart=(.*)", unit, re.M)
    contained = re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.M)
    assert served
    assert started
    assert contained
    expected = _flags(served[1])
    assert expected
    assert _flags(started[1]) == expected
    assert _flags(" ".join(json.loads(contained[1]))) == expected


def test_the_image_is_given_what_is_versioned_and_no_database_beside_it() -> None:
    copied = {line.split()[1] for line in re.findall(r"^COPY (?!--from).*", DOCKERFILE, re.M)}
    ignored = (ROOT / "deploy" / "docker" / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    assert all((ROOT / name).exists() for name in copied | let_in)
    # data/ is also where a database and its secret lie by default
    assert "data" not in let_in
    folders = {f"data/{folder.name}" for folder in (ROOT / "data").iterdir() if folder.is_dir()}
    assert {name for name in let_in if name.startswith("data/")} == folders
    assert {name.split("/")[0] for name in copied} == {name.split("/")[0] for name in let_in}
