"""`make fuzz`: Schemathesis against our own routes on a real server: no server error, and nothing of ours in a reply.

Half of what it sends fits the description below and half does not. Exit 1 for a 5xx, a traceback or a secret.
"""

import base64
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from assessment.access.keys import KeyFile
from tests.respond.invited import Survey
from tests.serving import Server

CASES = 150
SECRETS = ("Traceback", "site-packages", "sqlite3.", "$argon2")


def main(cases: int) -> int:
    """The exit status; Schemathesis prints what it has sent and found."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "fuzz.db"
        survey = Survey(database)
        KeyFile(database).renew()
        described = Path(folder) / "routes.json"
        described.write_text(json.dumps(description(survey.link())), encoding="utf-8")
        replies = Path(folder) / "replies.ndjson"
        server = Server(database).start()
        try:
            ran = subprocess.run(
                [
                    *(str(Path(sys.executable).with_name("schemathesis")), "run", str(described)),
                    *("--url", server.address, "--checks", "not_a_server_error", "--mode", "all", "--seed", "7"),
                    *("--max-examples", str(cases), "--phases", "fuzzing", "--report", "ndjson"),
                    *("--report-ndjson-path", str(replies), "--no-color", "--request-timeout", "20"),
                ],
                cwd=folder,
            )
        finally:
            server.stop()
        # the report holds bodies in base64: a word searched for in it as it is would never be found
        bodies = re.findall(r'"\$base64":\s*"([^"]*)"', replies.read_text(encoding="utf-8"))
        said = "\n".join(base64.b64decode(body).decode("utf-8", "replace") for body in bodies)
        if "Salgsflyt" not in said:
            raise RuntimeError("no reply was found in the report: nothing has been looked through")
        leaked = [word for word in (*SECRETS, survey.secret.hex()) if word in said or word in server.log]
        print("leaked:", ", ".join(leaked) or "nothing")
        return int(bool(ran.returncode or leaked))


def description(token: str) -> dict[str, Any]:
    """The respondents' and the door's routes as OpenAPI describes them. token: of a link that is open."""
    text: dict[str, Any] = {"type": "string", "maxLength": 60}
    pages: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
        f"/s/{token}": (("role", "team", "decline", "anew"), ("lang",)),
        f"/s/{token}/{{what}}": (("shown", "lang", "back", "F1.1"), ("lang", "ignored")),
        "/s/{what}": (("role",), ("lang",)),
        "/w": (("c",), ("c", "lang")),
        "/w/{what}": (("step", "round", "more", "less"), ("done", "change")),
        "/sign-in": (("key",), ("next", "lang")),
        "/sign-out": ((), ("lang",)),
        "/r/{what}": (("pin",), ("lang",)),
        "/f/{what}": (("pin",), ("lang",)),
    }
    paths = {path: _operations(path, fields, query, text) for path, (fields, query) in pages.items()}
    saving = {"type": "object", "properties": {"item": text, "value": text}, "required": ["item", "value"]}
    paths[f"/s/{token}/save"] = {
        "post": {
            "requestBody": {"content": {"application/json": {"schema": saving}}},
            "responses": {"default": {"description": "any"}},
        }
    }
    return {"openapi": "3.0.3", "info": {"title": "Salgsflyt", "version": "1"}, "paths": paths}


def _operations(path: str, fields: tuple[str, ...], query: tuple[str, ...], text: dict[str, Any]) -> dict[str, Any]:
    given = [{"name": name, "in": "query", "schema": text} for name in query]
    if "{what}" in path:
        given.append({"name": "what", "in": "path", "required": True, "schema": text})
    form = {"type": "object", "properties": dict.fromkeys(fields, text)}
    common = {"parameters": given, "responses": {"default": {"description": "any"}}}
    body = {"content": {"application/x-www-form-urlencoded": {"schema": form}}}
    return {"get": common, "post": {**common, "requestBody": body}}


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else CASES))
