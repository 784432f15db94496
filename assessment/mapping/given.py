"""What somebody has said, as it is kept."""


def filled(value: object) -> object:
    """Words without anything in them are no words."""
    return (value.strip() or None) if isinstance(value, str) else value
