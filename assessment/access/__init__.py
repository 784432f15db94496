"""The door of the server: who may come in, from this machine, by a key, by a sign-in or by a link.

`Access` is what an installation decides; `AccessMiddleware` stands in front of every request and socket.
"""

from assessment.access.door import Access, access, link_session_cookie
from assessment.access.front import FrontMiddleware
from assessment.access.health import health
from assessment.access.keys import hash_secret, verify_secret
from assessment.access.limits import Limit
from assessment.access.middleware import AccessMiddleware
from assessment.access.origin import LOCAL_HEADER, same_origin, who
from assessment.access.routes import routes

__all__ = [
    "LOCAL_HEADER",
    "Access",
    "AccessMiddleware",
    "FrontMiddleware",
    "Limit",
    "access",
    "hash_secret",
    "health",
    "link_session_cookie",
    "routes",
    "same_origin",
    "verify_secret",
    "who",
]
