"""Marking texts for translation where no language is known yet."""


def N_(text: str) -> str:  # noqa: N802 (the name translators' tools look for)
    """The text as it is; it is collected for the catalogues, and translated where it is shown."""
    return text
