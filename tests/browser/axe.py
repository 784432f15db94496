"""What axe-core finds wrong with a page."""

from collections.abc import Sequence
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def violations(page: Page, exclude: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The rules the page breaks, each with the elements that do; exclude: CSS selectors of what is not looked at."""
    # what passes is only counted: to describe each element of it takes longer than to find what does not
    options = {"resultTypes": ["violations"]}
    found = Axe().run(page, context={"exclude": [[selector] for selector in exclude]}, options=options)
    return list(found.response["violations"])
