"""How the log is written: text as the server writes it, or one JSON object a line. Neither says where a reader is."""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Literal

# those that write by themselves: the root for ours, and the two servers
_WRITING = ("", "uvicorn", "uvicorn.access", "streamlit")


class JsonLines(logging.Formatter):
    """One object a line: at (UTC), level, logger, message; reference, of an error a reader was shown; error, where."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if reference := getattr(record, "reference", None):
            told["reference"] = reference
        if record.exc_info and record.exc_info[0]:
            # the kind and the lines of code, never the message: it may repeat what somebody has typed
            told["error"] = record.exc_info[0].__name__
            told["where"] = [f"{at.filename}:{at.lineno} {at.name}" for at in traceback.extract_tb(record.exc_info[2])]
        return json.dumps(told, ensure_ascii=False)


def set_up(form: Literal["text", "json"]) -> None:
    """Write the log of this process in this form; loggers that Streamlit opens later keep a form of their own."""
    logging.getLogger("uvicorn.access").addFilter(without_address)
    if form == "json":
        root = logging.getLogger()
        if not root.handlers:
            root.addHandler(logging.StreamHandler())
        for name in _WRITING:
            for handler in logging.getLogger(name).handlers:
                handler.setFormatter(JsonLines())


def without_address(record: logging.LogRecord) -> bool:
    """Leave out who asked, from a line of the server's access log, which begins with it."""
    if isinstance(record.args, tuple) and record.args:
        record.args = ("-", *record.args[1:])
    return True
