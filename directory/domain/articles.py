"""Articles as the sources print them: '27(2),(9)', '24(7)(a);27(2)', '4 (art. 15 of ETS030)'."""

import re
from functools import lru_cache

#: '54, 55' names two articles; '27(2),(9)' names one.
_BETWEEN_ARTICLES = re.compile(r";|,\s*(?=\d)")
_NUMBER = re.compile(r"\d+")


def articles_of(printed: str) -> list[str]:
    """The articles named, one by one: '24(7);27(2);35' gives '24(7)', '27(2)' and '35'."""
    return [part.strip() for part in _BETWEEN_ARTICLES.split(printed)]


@lru_cache(maxsize=2048)
def article_numbers(printed: str) -> frozenset[str]:
    """The numbers of the articles named, without paragraphs: '24(7)(a);27(2)' gives 24 and 27."""
    found = (_NUMBER.search(part) for part in articles_of(printed))
    return frozenset(match.group() for match in found if match)


def is_same_article(one: str, other: str) -> bool:
    """Do both name an article in common? An empty one names none and excludes none."""
    return not one or not other or bool(article_numbers(one) & article_numbers(other))
