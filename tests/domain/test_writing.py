"""Every language the library of languages knows is written here in the same direction."""

from babel import Locale
from babel.localedata import locale_identifiers

from directory.domain.writing import direction


def test_languages_are_written_as_cldr_says() -> None:
    known = [Locale.parse(one) for one in locale_identifiers()]
    assert len(known) > 1000
    differing = {
        str(one): one.text_direction
        for one in known
        if direction(one.language, one.script or "") != one.text_direction
    }
    # Traditional Mongolian runs from top to bottom, which HTML has no word for.
    assert set(differing.values()) <= {"ttb"}, differing
    assert set(differing) == {"mn_Mong", "mn_Mong_CN", "mn_Mong_MN"}
