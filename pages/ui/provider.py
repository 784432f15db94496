"""Whether the organisation has a sign-in of its own; apart, since the door asks before any page is imported."""

from functools import cache

import streamlit as st


@cache
def oidc() -> bool:
    """Whether people sign in through an identity provider, which Streamlit's secrets describe."""
    return st.secrets.load_if_toml_exists() and "auth" in st.secrets
