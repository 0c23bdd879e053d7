"""Endings that a name takes in a sentence: 'Германии' is 'Германия', 'rumunská' is 'Rumunsko'.

A rule instead of lists: two words are forms of one name when they begin alike and what is left of
each is an ending of their script. It is asked only about words that nobody knows otherwise.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from directory.search.text import fold

#: Letters two forms have in common at the least, and their share of the shorter one.
SHORTEST_STEM = 4
LEAST_SHARE = 0.6

_CASES = (
    # Slavic, Baltic, Romanian, Germanic, Turkish and Finnic case endings in Latin letters.
    "a e i o u y ia ie ii io iu ja je ji ju ya ye yi ea ei ou am em im om um ym ami emi imi ymi "
    "ach ech ich ych ego emu ej ov ow ovi owi mi ei ii ului n en er ern ens ns in un da de dan den "
    "ta te tan ten nin nun lla sta ssa sse ban ben bol nak rol "
    "а я и ы у ю е о є і ї ой ей ою ею ам ям ом ем ах ях ия ии ию ией ии ів ь "
    "ا α ας η ης ο ος ου ων ι ία ίας"
)
_ADJECTIVES = (
    "an ian ean ien ienne ienne ane ani ana ano anos anas ene ena eno ese esi esa eses ense enses "
    "ais aise aises ois oise oises ain aine aines nian inian ish isch ische ischen ischer isches "
    "isk iska iske se sk ska ske ski sky skou skeho skej skie skiej skiego skich nsk nska nske "
    "nski "
    "ck cka cke cki cky ckou ckeho ckej iz li lu lik aans aanse ees eese eza ezii esc easca esti "
    "ский ская ское ской ского ском скую ские ских ским кий кая кое кой кого кую "
    "ський ська ське ської ську ські ських ний на не ної ий ая ое ого ому ую ые ым ых "
    "ي ية يه یان ικός ική ικό ικής ικού"
)
#: Endings as words are folded; '' is a word without one.
ENDINGS = frozenset({"", *(fold(one) for one in (_CASES + " " + _ADJECTIVES).split())})


def by_beginning(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The folded words by their first letters, as ``base_form`` wants them."""
    found: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words):
        if len(word) >= SHORTEST_STEM:
            found[word[:SHORTEST_STEM]].append(word)
    return {beginning: tuple(alike) for beginning, alike in found.items()}


def base_form(word: str, known: Mapping[str, tuple[str, ...]]) -> str:
    """The known word of which this folded one is another form; '' without one.

    The one with the longest stem in common, then the one with least besides.
    """
    alike = known.get(word[:SHORTEST_STEM], ())
    found = [(stem, one) for one in alike if (stem := _stem(word, one))]
    return max(found, key=lambda pair: (pair[0], -len(pair[1])), default=(0, ""))[1]


def _stem(word: str, other: str) -> int:
    """Length of what two forms of one name have in common; 0 when they are not."""
    common = next(
        (at for at, (one, two) in enumerate(zip(word, other, strict=False)) if one != two),
        min(len(word), len(other)),
    )
    if common < max(SHORTEST_STEM, LEAST_SHARE * min(len(word), len(other))):
        return 0
    # A letter that changes before the ending belongs to it.
    is_form = any(
        word[at:] in ENDINGS and other[at:] in ENDINGS
        for at in range(common, max(SHORTEST_STEM, common - 1) - 1, -1)
    )
    return common if is_form else 0
