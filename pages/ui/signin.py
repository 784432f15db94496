"""What is shown in place of every page to somebody who has to sign in first."""

from collections.abc import Mapping

import streamlit as st

from pages.ui import parts, session


def render() -> None:
    """Draw the way in: the organisation's own sign-in where there is one, else the way to the access key."""
    texts = session.texts()
    parts.title(texts("access.sign_in"))
    if not session.oidc():
        parts.lead(texts("access.why"))
        _link(texts("access.sign_in"), "/sign-in")
        return
    if st.user.is_logged_in:  # and still nobody we know
        parts.lead(texts("access.oidc_no_name"))
        st.button(texts("access.sign_out"), on_click=st.logout)
        return
    parts.lead(texts("access.oidc_why"))
    for provider in _providers():
        label = texts("access.sign_in_with", provider=provider) if provider else texts("access.sign_in")
        if st.button(label, type="primary", key=f"sign_in_{provider}"):
            st.login(provider)


def link_ended() -> None:
    """Draw what is left when the link somebody came by has been withdrawn or has expired."""
    texts = session.texts()
    parts.title(texts("common.product"))
    st.html(f'<p role="alert">{parts.escape(texts("access.link_ended"))}</p>')


def sidebar() -> None:
    """Say in the menu who is signed in, with the way out; nothing at the machine itself, where nobody signs in."""
    reader, texts = session.actor(), session.texts()
    if reader is None or reader.kind == "local":
        return
    with st.sidebar:
        if reader.kind == "oidc":
            parts.note(texts("access.who", name=reader.subject))
            st.button(texts("access.sign_out"), on_click=st.logout, type="tertiary", key="sign_out")
        else:
            if reader.kind == "link":
                parts.note(texts("access.by_link"))
            _link(texts("access.sign_out"), "/sign-out")


def _providers() -> list[str | None]:
    """The identity providers' names; None is the only one, without a name."""
    auth = st.secrets["auth"]
    return [None] if "client_id" in auth else [name for name, about in auth.items() if isinstance(about, Mapping)]


def _link(label: str, path: str) -> None:
    # the same tab: the page that follows is ours and no page of Streamlit's
    st.html(f'<p><a href="{path}?lang={session.language()}" target="_self">{parts.escape(label)}</a></p>')
