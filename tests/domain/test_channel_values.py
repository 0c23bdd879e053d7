"""What people type as a number or an address, and what is stored of it."""

from directory.domain.channel_values import (
    normalised,
    stored_value,
)
from directory.domain.record import AuthorityRecord, Channel, Name, RequirementsRecord, SourceAct
from directory.domain.vocabulary import (
    ADDRESS_NOT_VALID,
    NOT_A_NUMBER,
    NUMBER_NOT_IN_PLAN,
    ChannelKind,
    CooperationType,
    SourceKind,
)

GAZETTE = SourceAct(key="g1", kind=next(iter(SourceKind)), reference="Gazette 1")


def telephone(value: str, **values: str) -> Channel:
    return Channel(kind=ChannelKind.TELEPHONE, value=value, **values)  # type: ignore[arg-type]


def authority(*channels: Channel) -> AuthorityRecord:
    return AuthorityRecord(names=(Name(text="Unit"),), channels=channels, sources=(GAZETTE,))


def stored(typed: Channel, before: AuthorityRecord | None = None) -> Channel:
    record = normalised(authority(typed), before, "GB")
    assert isinstance(record, AuthorityRecord)
    return record.channels[0]


def test_words_in_the_place_of_a_number_are_kept_and_marked() -> None:
    found = stored_value(ChannelKind.TELEPHONE, " on request ", "GB")
    assert found == ("on request", NOT_A_NUMBER)
    assert stored(telephone("on request")).extension == ""


def test_a_number_outside_the_plan_never_gets_a_guessed_country_code() -> None:
    found = stored_value(ChannelKind.TELEPHONE, "020 7946", "GB")
    assert found == ("020 7946", NUMBER_NOT_IN_PLAN)


def test_a_number_outside_the_plan_keeps_the_country_code_that_was_typed() -> None:
    for typed in ("+44 20 7946", "0044 20 7946", "(+44) 20 7946"):
        found = stored_value(ChannelKind.FAX, typed, "GB")
        assert found == ("+44207946", NUMBER_NOT_IN_PLAN)


def test_an_address_that_is_none_is_kept_and_marked() -> None:
    found = stored_value(ChannelKind.EMAIL, "desk at example", "GB")
    assert found == ("desk at example", ADDRESS_NOT_VALID)


def test_a_new_number_keeps_nothing_that_belonged_to_the_former_one() -> None:
    printed = {"source": "g1", "as_given": "020 7946-0001", "warning": NUMBER_NOT_IN_PLAN}
    before = authority(telephone("+442079460001", **printed))
    assert stored(telephone("+442079460002", **printed), before) == telephone("+442079460002")
    assert stored(telephone("+442079460002", source="g1")).source == "g1"


def test_a_new_number_rests_on_another_source_that_the_proposal_names() -> None:
    kept = Channel(kind=ChannelKind.FAX, value="+442079460009", source="note")
    before = authority(telephone("+442079460001", source="g1"), kept)
    record = normalised(authority(telephone("020 7946 0002", source="note"), kept), before, "GB")
    assert isinstance(record, AuthorityRecord)
    assert [one.source for one in record.channels] == ["note", "note"]


def test_a_number_that_is_typed_otherwise_is_still_the_one_its_source_gives() -> None:
    before = authority(telephone("+442079460001", source="g1"))
    assert stored(telephone("020 7946 0001", source="g1"), before) == before.channels[0]


def test_requirements_have_no_channels_to_store() -> None:
    record = RequirementsRecord(cooperation_type=next(iter(CooperationType)))
    assert normalised(record, None, "GB") is record


def test_a_national_number_is_stored_with_the_country_code_of_its_state() -> None:
    found = stored(telephone("020 7946 0001 ext. 12"))
    assert (found.value, found.extension) == ("+442079460001", "12")
    assert (found.as_given, found.warning) == ("020 7946 0001 ext. 12", "")


def test_an_extension_that_was_typed_apart_is_kept() -> None:
    assert stored(telephone("+442079460001", extension="7")).extension == "7"


def test_a_number_that_stands_already_keeps_what_its_source_printed() -> None:
    before = authority(telephone("+442079460001", as_given="(020) 7946-0001", warning="old"))
    for typed in ("+442079460001", "020 7946 0001"):
        found = stored(telephone(typed), before)
        assert (found.value, found.as_given) == ("+442079460001", "(020) 7946-0001")
        assert found.warning == "old"


def test_a_domain_is_stored_in_ascii() -> None:
    assert stored_value(ChannelKind.EMAIL, "desk@bücher.example.org", "GB") == (
        "desk@xn--bcher-kva.example.org",
        "",
    )


def test_a_local_part_that_has_no_ascii_form_is_kept_before_an_ascii_domain() -> None:
    found, warning = stored_value(ChannelKind.EMAIL, "büro@bücher.example.org", "GB")
    assert (found, warning) == ("büro@xn--bcher-kva.example.org", "")


def test_what_is_neither_number_nor_mail_is_stored_as_typed() -> None:
    form = Channel(kind=ChannelKind.WEB_FORM, value=" https://example.org/form ")
    found = stored(form)
    assert (found.value, found.extension, found.warning) == ("https://example.org/form", "", "")
