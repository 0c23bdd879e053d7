"""The parts synthetic records are made of: names, addresses, channels, hours."""

import random

from directory.domain.record import Address, Channel, Hours, Interval, Name, SourceAct
from directory.domain.reference import State
from directory.domain.source_words import SYNTHETIC
from directory.domain.vocabulary import (
    Audience,
    ChannelKind,
    ChannelPurpose,
    CooperationType,
    NameForm,
    SourceKind,
    Tlp,
)
from directory.seeding import reserved
from directory.seeding.wordlists import BODY_OF_TYPE, TONGUES, Tongue

SOURCE = SourceAct(key="synthetic", kind=SourceKind.SYNTHETIC, reference=SYNTHETIC)
FORMATS = ("written request, signed and sealed", "electronic copy, original to follow")
CONTENTS = (
    "authority making the request",
    "subject and nature of the investigation, prosecution or proceeding",
    "summary of the relevant facts",
    "description of the assistance sought",
    "identity, location and nationality of the person concerned, where possible",
    "purpose for which the evidence or information is sought",
)


def requirements_identity(state: str, kind: CooperationType) -> str:
    """There is one set of requirements per State and type."""
    return f"requirements:{state}:{kind}"


def tongue_of(state: State, chance: random.Random) -> Tongue:
    """Words in one of the State's languages, in English where there are none."""
    known = [language for language in state.languages if language in TONGUES]
    return TONGUES[chance.choice(known)] if known else TONGUES["en"]


def names(tongue: Tongue, chance: random.Random, *terms: tuple[str, str, str]) -> tuple[Name, ...]:
    """The name in the original, romanised where it is not in Latin letters, and in English."""
    section = chance.randint(1, 40)
    parts = tuple(zip(*terms, strict=True))
    original = Name(
        text=f"{tongue.comma.join(parts[0])} {section}",
        form=NameForm.ORIGINAL,
        language=tongue.language,
    )
    if tongue.language == "en":
        return (original,)
    english = Name(
        text=f"{', '.join(parts[2])} {section}", form=NameForm.TRANSLATION, language="en"
    )
    if not all(parts[1]):
        return (original, english)
    romanised = Name(
        text=f"{', '.join(parts[1])} {section}",
        form=NameForm.ROMANISED,
        language=f"{tongue.language}-Latn",
    )
    return (original, romanised, english)


def address(state: State, chance: random.Random) -> Address:
    city = state.capital or "Capital"
    text = f"{chance.randint(1, 99)} Example Street, {city}, {state.name()}"
    return Address(text=text, city=city, source=SOURCE.key)


def languages(state: State, chance: random.Random) -> tuple[str, ...]:
    extra = chance.choice(("en", "fr", "es", "ar", "ru", "zh"))
    return tuple(dict.fromkeys((*state.languages[:2], extra)))


def office_channels(
    state: State, kind: CooperationType, chance: random.Random
) -> tuple[Channel, ...]:
    number = chance.randrange(10_000)
    mailbox = f"{kind.replace('_', '-')}.{number}"
    return (
        telephone_channel(state.code, number),
        Channel(
            kind=ChannelKind.EMAIL,
            value=reserved.email(mailbox, BODY_OF_TYPE[kind], state.code),
            source=SOURCE.key,
        ),
        Channel(
            kind=ChannelKind.FAX,
            value=reserved.telephone(state.code, number + 1),
            note=reserved.NOTE,
            source=SOURCE.key,
        ),
    )


def telephone_channel(state: str, number: int) -> Channel:
    return Channel(
        kind=ChannelKind.TELEPHONE,
        value=reserved.telephone(state, number),
        note=reserved.NOTE,
        source=SOURCE.key,
    )


def out_of_hours(state: State, number: int) -> Channel:
    """The duty telephone of a contact point."""
    return Channel(
        kind=ChannelKind.MOBILE,
        value=reserved.mobile(number),
        purpose=ChannelPurpose.OUT_OF_HOURS,
        languages=(*state.languages[:1], "en"),
        note=reserved.NOTE,
        source=SOURCE.key,
    )


def officer_channels(sending: str, host: str, number: int) -> tuple[Channel, ...]:
    """An officer's office number for all readers, the mobile for fewer."""
    return (
        telephone_channel(host, number),
        Channel(
            kind=ChannelKind.MOBILE,
            value=reserved.mobile(number),
            audience=Audience.SAME_TYPE,
            tlp=Tlp.AMBER,
            note=reserved.NOTE,
            source=SOURCE.key,
        ),
        Channel(
            kind=ChannelKind.EMAIL,
            value=reserved.email(f"liaison-{host.lower()}", "embassy", sending),
            source=SOURCE.key,
        ),
    )


def office_hours(state: State) -> Hours:
    """Nine to five with a break at noon, on the State's working days."""
    return Hours(
        zone=state.time_zones[0],
        intervals=tuple(
            Interval(weekday=weekday, opens=opens, closes=closes)
            for weekday in range(1, 8)
            if weekday not in state.weekend
            for opens, closes in (("09:00", "12:30"), ("13:30", "17:00"))
        ),
    )
