"""What goes wrong through a fault of ours: a number for the reader, the place in the code for the log."""

import logging
import secrets
import traceback

_log = logging.getLogger("salgsflyt")


def logged(error: Exception) -> str:
    """Write where it happened to the log, and give the reference it is found by there."""
    reference = secrets.token_hex(2).upper()
    # the kind and the lines of code, never the message: pydantic's repeats what somebody has typed
    lines = "".join(traceback.format_tb(error.__traceback__))
    _log.error("reference %s: %s\n%s", reference, type(error).__name__, lines, extra={"reference": reference})
    return reference
