"""A source named in words leads where the words say it can be read, and nowhere else."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from directory.domain.answer import Source
from directory.domain.source_words import source_pieces

SEED = Path(__file__).parents[2] / "seed_data"
GITHUB = "https://github.com/zmjones/untreaties"
BOE = "https://www.boe.es/buscar/doc.php?id="


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Trb. 1995, 193",
        "Verdragenbank via inview.nl",
        "Wikipedia copy (191 parties)",
        "texts (declarations/*.txt, commit 65551ea)",
        "write to desk@justice.example/office",
        "javascript:alert(1)",
    ],
)
def test_words_without_an_address_stay_words(words: str) -> None:
    assert [one for one in source_pieces(words) if one[1]] == []
    assert Source(reference=words).links == ()


@pytest.mark.parametrize(
    ("words", "links"),
    [
        ("UNTC via github.com/zmjones/untreaties", [GITHUB]),
        (
            "UNTC via github.com/zmjones/untreaties + BOE-A-2012-5842",
            [GITHUB, f"{BOE}BOE-A-2012-5842"],
        ),
        ('press: psmnews.mv/en/72462 ("acceded in 2016")', ["https://psmnews.mv/en/72462"]),
        ("BOE-A-2015-1014 (authority row LT-UNTOC-01)", [f"{BOE}BOE-A-2015-1014"]),
        ("see http://example.org/a.", ["http://example.org/a"]),
    ],
)
def test_words_lead_where_they_say(words: str, links: list[str]) -> None:
    pieces = list(source_pieces(words))
    assert "".join(text for text, _ in pieces) == words
    assert [link for _, link in pieces if link] == links
    assert Source(reference=words).links == tuple(links)


def test_address_on_record_goes_before_those_in_the_words() -> None:
    link = "https://gazette.example/1"
    assert Source(reference="BOE-A-2012-5842", link=link).links == (link,)


def test_sources_of_the_seed_data_lead_to_the_places_known() -> None:
    with (SEED / "participations.csv").open(encoding="utf-8", newline="") as file:
        sources = [row["source"] for row in csv.DictReader(file)]
    hosts = Counter(link.split("/")[2] for one in sources for _, link in source_pieces(one) if link)
    assert all(sources)
    assert set(hosts) <= {"github.com", "www.boe.es", "psmnews.mv", "dailynk.jp"}, hosts
    assert hosts["github.com"] > 900
