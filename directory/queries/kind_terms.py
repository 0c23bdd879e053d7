"""What practitioners call the kinds of entries, in the six languages."""

from directory.domain.vocabulary import EntryKind

#: What a central authority is called.
CENTRAL_TERMS = (
    *("central authority", "autorité centrale", "autoridad central", "السلطة المركزية"),
    *("центральный орган", "中央机关", "zentrale Behörde", "Zentralbehörde"),
)
KIND_TERMS: dict[EntryKind, tuple[str, ...]] = {
    EntryKind.AUTHORITY: (
        *("central authority", "competent authority", "autorité centrale", "autorité compétente"),
        *("autoridad central", "autoridad competente", "السلطة المركزية", "السلطة المختصة"),
        *("центральный орган", "компетентный орган", "中央机关", "主管机关"),
        *("zentrale Behörde", "Zentralbehörde"),
    ),
    EntryKind.CONTACT_POINT: (
        *("24/7", "contact point", "point of contact", "point de contact", "punto de contacto"),
        *("نقطة اتصال", "контактный пункт", "联络点"),
    ),
    EntryKind.LIAISON_OFFICER: (
        *("liaison officer", "liaison magistrate", "officier de liaison", "magistrat de liaison"),
        *("oficial de enlace", "magistrado de enlace", "ضابط اتصال", "قاضي اتصال"),
        *("офицер связи", "магистрат связи", "联络官", "Verbindungsbeamter", "oficial de ligação"),
        *("ufficiale di collegamento", "irtibat görevlisi", "oficer łącznikowy"),
        "ofițer de legătură",
    ),
    EntryKind.REQUIREMENTS: (
        *("requirements", "how to request", "conditions de la demande", "exigences", "requisitos"),
        *("المتطلبات", "الشروط", "требования", "要求"),
    ),
}
