"""Who documents come from: sender, colour, logo and the template of the slides, each kept until it is taken away."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from assessment.branding import LOGO_PIXELS_MAX, Unusable, contrast
from assessment.engagement import LOGO_BYTES_MAX, TEMPLATE_BYTES_MAX, Branding, Engagement, EngagementId
from assessment.report.export import PRODUCT
from pages.ui import fields, parts, session, undo

OURS: Final = "#0b5566"
DARKENED: Final = "look_darkened"
FIELDS: Final = ("colour", "logo", "template")
# what we refuse in the reader's words must come through: Streamlit refuses in English
UPLOAD_MAX_MB: Final = 40
PNG: Final = b"\x89PNG"


def now(branding: Branding) -> str:
    """What documents look like as it is, in a sentence."""
    texts = session.texts()
    own = [texts(f"look.own.{field}") for field in FIELDS if getattr(branding, field) is not None]
    sender = texts("look.from", sender=branding.sender) if branding.sender else texts("look.from_us")
    return f"{sender} {texts('look.with', what=texts.listing(own))}" if own else sender


def draw(opened: Engagement) -> None:
    """Draw the form."""
    texts, branding = session.texts(), session.service().branding(opened.id)
    parts.section(texts("look.title"))
    parts.note(texts("look.note"))
    name = f"look_sender_{opened.id}"
    fields.text(texts("look.sender"), name, branding.sender or "", _storing(opened, "sender"), placeholder=PRODUCT)
    _colour(opened, branding)
    _logo(opened, branding)
    _template(opened, branding)
    fields.saved()
    st.button(texts("look.done"), type="primary", key="look_done", on_click=session.go_to_step, args=("",))


def _storing(opened: Engagement, field: str) -> Callable[[object], object]:
    return lambda value: session.service().change_branding(opened.id, {field: value})


# ---------------------------------------------------------------- colour


def _colour(opened: Engagement, branding: Branding) -> None:
    texts, key = session.texts(), session.widget_key(f"look_colour_{opened.id}")
    colour = branding.colour or OURS
    st.color_picker(
        texts("look.colour"), colour, key=key, on_change=lambda: _choose_colour(opened, session.widget(key))
    )
    if session.kept(DARKENED) == (opened.id, branding.colour):
        st.html(f'<p role="status">{parts.escape(texts("look.darkened"))}</p>')
    parts.note(texts("look.contrast", ratio=texts.number(contrast(colour))))
    fields.refused("look_colour")
    _taking_away(opened, "colour", branding.colour)


def _choose_colour(opened: Engagement, chosen: str) -> None:
    session.drop(DARKENED)
    if not fields.write("look_colour", lambda: _storing(opened, "colour")(chosen)):
        return
    stored = session.service().branding(opened.id).colour
    if stored != chosen.lower():
        session.keep(DARKENED, (opened.id, stored))
        session.renew_widgets()  # the picker shows what is used


# ---------------------------------------------------------------- files


def _logo(opened: Engagement, branding: Branding) -> None:
    texts = session.texts()
    if branding.logo is not None:
        kind = "png" if branding.logo.startswith(PNG) else "jpeg"
        source = f"data:image/{kind};base64,{b64encode(branding.logo).decode()}"
        st.html(f'<img class="sf-logo" alt="{parts.escape(texts("look.logo_alt"))}" src="{source}">')
    limits = {
        "size": texts.number(LOGO_BYTES_MAX / 1e3, 0),
        "pixels": texts.number(LOGO_PIXELS_MAX / 1e6, 0),
    }
    _file(opened, "logo", texts("look.logo", **limits), ["png", "jpg", "jpeg"], lambda _: None)
    _taking_away(opened, "logo", branding.logo)


def _template(opened: Engagement, branding: Branding) -> None:
    texts = session.texts()
    if branding.template is not None:
        size = texts.number(len(branding.template) / 1e6)
        st.html(f"<p>✓ {parts.escape(texts('look.template_there', size=size))}</p>")
    label = texts("look.template", size=texts.number(TEMPLATE_BYTES_MAX / 1e6, 0))
    _file(opened, "template", label, ["pptx"], _usable)
    parts.note(texts("look.template_note"))
    _taking_away(opened, "template", branding.template)


def _usable(template: bytes) -> None:
    """Let a template pass that slides can be written into. Raises: Refused."""
    # python-pptx, which the form need not wait for
    from assessment.report.slide_template import TemplateRefused, theirs

    try:
        theirs(template)
    except TemplateRefused as error:
        raise fields.Refused(error.key) from error


def _file(opened: Engagement, field: str, label: str, types: list[str], check: Callable[[bytes], None]) -> None:
    name = f"look_{field}"
    key = session.widget_key(f"{name}_{opened.id}")
    st.file_uploader(
        label, type=types, max_upload_size=UPLOAD_MAX_MB, key=key, on_change=lambda: _take(opened, field, key, check)
    )
    fields.refused(name)


def _take(opened: Engagement, field: str, key: str, check: Callable[[bytes], None]) -> None:
    file = session.widget(key)
    if file is None:
        return
    content = file.getvalue()

    def store() -> None:
        check(content)
        try:
            _storing(opened, field)(content)
        except Unusable as error:
            raise fields.Refused(f"look.refused.{error.why}") from error

    if fields.write(f"look_{field}", store):
        undo.forget(f"look_{field}")
    session.renew_widgets()  # what is kept is shown above, and the field is ready for another file


# ---------------------------------------------------------------- taken away, and back


def _taking_away(opened: Engagement, field: str, value: object) -> None:
    texts, name = session.texts(), f"look_{field}"
    if value is not None:
        st.button(texts(f"look.remove.{field}"), key=f"{name}_remove", on_click=_take_away, args=(opened, field, value))

    def restore(engagement_id: EngagementId, removed: Any) -> None:
        session.service().change_branding(engagement_id, {field: removed})
        session.renew_widgets()

    undo.offer(name, opened, lambda _: texts(f"look.removed.{field}"), restore)


def _take_away(opened: Engagement, field: str, value: object) -> None:
    if fields.write(f"look_{field}", lambda: _storing(opened, field)(None)):
        undo.remember(f"look_{field}", opened.id, value)
        session.renew_widgets()
