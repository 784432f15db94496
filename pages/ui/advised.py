"""What a page that builds on the advice needs before it has anything to show."""

from assessment.advice import Advice
from assessment.engagement import Engagement
from assessment.results import Results
from pages.ui import parts, session


def needed(title: str, none: str) -> tuple[Engagement, Results, Advice] | None:
    """The open engagement, its results and the advice on them; None when one is missing, and the page then says which.

    title: of the page. none: what it says while no engagement is open.
    """
    texts, opened = session.texts(), session.engagement()
    if opened is None:
        parts.empty(title, none, (texts("start.begin"), "begin"))
        return None
    results, advice = session.results(opened), session.advice(opened)
    if advice is None:
        key = "strategy.nothing" if results.pack.id == "full" else "strategy.pulse"
        parts.empty(title, texts(key), (texts("strategy.to_answer"), "answer"))
        return None
    return opened, results, advice
