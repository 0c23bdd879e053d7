"""No caveat of an entry is lost on its way out of the house: paper, files, cards, editions."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.cli.edition_job import make_edition
from directory.domain.vocabulary import ChannelKind, CooperationType, SourceKind
from directory.exchange.edition_files import kept
from directory.models.edition import Edition
from directory.services.checkpoints import known_keys, make_checkpoint, signer
from directory.services.editions import claim_edition
from tests.audit.conftest import AUTHORITY, OFFICER_A, READER, House, Open
from tests.support import factories as make
from tests.support.codes import text_of
from tests.support.door import form_token

DOUBTFUL, POINT = "RO-DOUBT0", "RO-DOUBT1"
REFERENCE = "Handbook"
#: What paper says of the entry: synthetic, how far confirmed, its source, its number.
WORDS = ("Synthetic", "As published in 2010", REFERENCE, "Not a complete number")
#: The same in codes, and in the words of the workbook with the code of the warning.
CODES = ('"synthetic": true', '"as_published": "2010"', REFERENCE, "not_a_number")
MIXED = ("Synthetic", "As published in 2010", REFERENCE, "not_a_number")

FINDER = "requesting=FR&requested=RO&type="


def paper(content: bytes) -> str:
    return " ".join(text_of(content).split())


def plain(content: bytes) -> str:
    return content.decode()


def card(content: bytes) -> str:
    return content.decode().replace("\r\n ", "").replace("\\,", ",")


def cells(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


#: Address -> how it is read, and what must stand in it.
OUTPUTS: dict[str, tuple[Callable[[bytes], str], tuple[str, ...]]] = {
    f"/entries/{DOUBTFUL}/extract": (paper, WORDS),
    f"/entries/{DOUBTFUL}/sheet": (paper, WORDS),
    f"/entries/{DOUBTFUL}/sheet?paper=a5": (paper, WORDS),
    "/states/RO/sheet": (paper, WORDS),
    f"/entries/{DOUBTFUL}/card": (card, WORDS),
    f"/entries/{DOUBTFUL}/card?version=3.0": (card, WORDS),
    f"/counterpart/extract?{FINDER}mla": (paper, (*WORDS, "In force between", "Some entries here")),
    f"/counterpart/extract?{FINDER}e_evidence&urgent=1": (paper, WORDS),
    f"/counterpart?{FINDER}e_evidence&urgent=1": (plain, WORDS),
    "/search/take-away.vcf?state=RO": (card, WORDS),
    "/search/take-away.csv?state=RO": (plain, MIXED),
    "/search/take-away.xlsx?state=RO": (cells, MIXED),
    "/search/take-away.json?state=RO": (plain, CODES),
}


def publish_doubtful(house: House) -> None:
    """Two invented entries of an old handbook with a number that is none, under a checkpoint."""
    printed = replace(
        make.source("b", SourceKind.TREATY_COLLECTION, year=2010), reference=REFERENCE
    )
    number = make.channel("12 34", kind=ChannelKind.TELEPHONE, warning="not_a_number")
    kinds = (CooperationType.MLA, CooperationType.E_EVIDENCE)
    mla, evidence = (make.designation(one, source="b") for one in kinds)
    given = {"channels": (number,), "sources": (printed,)}
    office = make.authority("Office", designations=(mla,), **given)
    point = make.contact_point("Night desk", designations=(evidence,), **given)
    make.publish_all(
        house.parts.engine,
        make.publication(DOUBTFUL, office, synthetic=True),
        make.publication(POINT, point, synthetic=True),
    )
    settings = house.parts.settings
    with house.work() as uow:
        make_checkpoint(uow, signer(settings), known_keys(settings), house.clock())


def test_every_way_out_carries_every_caveat(house: House) -> None:
    publish_doubtful(house)
    client = house.person(READER)
    lost = {}
    for address, (read, words) in OUTPUTS.items():
        answer = client.get(address, buffered=True)
        assert answer.status_code == 200, (address, answer.text)
        text = read(answer.get_data())
        if missing := [one for one in words if one not in text]:
            lost[address] = missing
    assert lost == {}
    for way in ("sheet", "card"):
        text = OUTPUTS[f"/entries/{DOUBTFUL}/{way}"][0](
            client.get(f"/entries/{AUTHORITY}/{way}").get_data()
        )
        assert [one for one in WORDS if one in text] == [], "an entry in order has none of them"


def test_an_edition_carries_every_caveat(open_house: Open, tmp_path: Path) -> None:
    house = open_house(editions_dir=tmp_path)
    publish_doubtful(house)
    client = house.person(OFFICER_A)
    given = {"csrf_token": form_token(client.get("/help")), "language": "en"}
    assert client.post("/editions", data=given).status_code == 303
    with house.work() as uow:
        number = claim_edition(uow, house.clock())
    assert number is not None
    make_edition(house.parts, number, lambda *_told: None)
    with Session(house.parts.engine) as session:
        sha256 = session.scalars(select(Edition.sha256)).one()
    text = paper(kept(sha256, tmp_path).read_bytes())
    assert [one for one in WORDS if one not in text] == []
