"""The Streamlit surface: one page, one file, one `render()`."""
