"""The privacy notice of an assessment, as respondents read it."""

from assessment.engagement import Engagement, Privacy, Wave
from assessment.settings import settings
from assessment.texts import Texts


def notice(privacy: Privacy, engagement: Engagement, wave: Wave, texts: Texts) -> tuple[tuple[str, str], ...]:
    """What somebody who answers has a right to know (GDPR art. 13), heading and text, true of this software."""
    said = {
        "who": _who(privacy, engagement, texts("privacy.no_contact"), texts),
        "what": texts("privacy.stored_team" if wave.by_team else "privacy.stored"),
        "seen": texts("privacy.seen_by", k=texts.number(wave.k, 0)),
        "device": texts("privacy.cookie"),
        "kept": _kept(privacy, engagement, texts),
        "rights": texts("privacy.may"),
    }
    return tuple((texts(f"privacy.{name}"), text) for name, text in said.items())


def room_notice(privacy: Privacy, engagement: Engagement, texts: Texts) -> tuple[tuple[str, str], ...]:
    """The same for somebody who votes by phone in a workshop."""
    said = {
        "who": _who(privacy, engagement, texts("privacy.room_no_contact"), texts),
        "what": texts("privacy.room_stored"),
        "seen": texts("privacy.room_seen", k=texts.number(engagement.k, 0)),
        "device": texts("privacy.room_cookie"),
        "kept": _kept(privacy, engagement, texts),
        "rights": texts("privacy.room_may"),
    }
    return tuple((texts(f"privacy.{name}"), text) for name, text in said.items())


def _who(privacy: Privacy, engagement: Engagement, otherwise: str, texts: Texts) -> str:
    who = texts("privacy.controller", name=privacy.controller or engagement.name)
    where = texts("privacy.contact", contact=privacy.contact) if privacy.contact else otherwise
    return f"{who} {where}"


def _kept(privacy: Privacy, engagement: Engagement, texts: Texts) -> str:
    if privacy.erase_on is not None:
        until = texts("privacy.erased_on", day=texts.day(privacy.erase_on))
    elif engagement.fictional:
        until = texts("privacy.no_day")
    else:
        until = texts.plural("privacy.erased_after", privacy.retention_months or settings().retention_months)
    return f"{until} {texts('privacy.copies')}"
