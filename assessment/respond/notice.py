"""The privacy notice of an assessment, as respondents read it."""

from assessment.engagement import Engagement, Privacy, Wave
from assessment.settings import settings
from assessment.texts import Texts


def notice(privacy: Privacy, engagement: Engagement, wave: Wave, texts: Texts) -> tuple[tuple[str, str], ...]:
    """What somebody who answers has a right to know (GDPR art. 13), heading and text, true of this software."""
    who = texts("privacy.controller", name=privacy.controller or engagement.name)
    where = texts("privacy.contact", contact=privacy.contact) if privacy.contact else texts("privacy.no_contact")
    said = {
        "who": f"{who} {where}",
        "what": texts("privacy.stored_team" if wave.by_team else "privacy.stored"),
        "seen": texts("privacy.seen_by", k=texts.number(wave.k, 0)),
        "device": texts("privacy.cookie"),
        "kept": f"{_kept(privacy, engagement, texts)} {texts('privacy.copies')}",
        "rights": texts("privacy.may"),
    }
    return tuple((texts(f"privacy.{name}"), text) for name, text in said.items())


def _kept(privacy: Privacy, engagement: Engagement, texts: Texts) -> str:
    if privacy.erase_on is not None:
        return texts("privacy.erased_on", day=texts.day(privacy.erase_on))
    if engagement.fictional:
        return texts("privacy.no_day")
    return texts.plural("privacy.erased_after", privacy.retention_months or settings().retention_months)
