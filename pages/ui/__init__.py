"""What the pages share: the session, the parts of a page, the charts."""
