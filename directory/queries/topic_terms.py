"""Words that only allude to a kind of help, in the six languages and German.

They stand for it where no kind of help is named: 'drugs' beside 'MLA' is what the case is about.
"""

from directory.domain.vocabulary import CooperationType

_DRUGS = (CooperationType.DRUGS_AT_SEA,)
#: What happens at sea may be either.
_AT_SEA = (CooperationType.DRUGS_AT_SEA, CooperationType.MIGRANTS_AT_SEA)

TOPIC_TERMS: dict[str, tuple[CooperationType, ...]] = {
    **dict.fromkeys(
        (
            *("drug", "drugs", "narcotics", "narcotic drugs", "drug trafficking"),
            *("drogue", "drogues", "stupéfiants", "narcotrafic", "trafic de drogue"),
            *("droga", "drogas", "estupefacientes", "narcóticos", "narcotráfico"),
            *("مخدرات", "المخدرات", "наркотики", "наркотиков", "наркотикам"),
            *("毒品", "贩毒", "Drogen", "Betäubungsmittel", "Rauschgift"),
        ),
        _DRUGS,
    ),
    **dict.fromkeys(
        (
            *("maritime", "marítimo", "marítima", "بحري", "بحرية"),
            *("морской", "морские", "海上"),
        ),
        _AT_SEA,
    ),
}
