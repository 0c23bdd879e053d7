"""Words for synthetic entries: public bodies, units and districts in several languages and scripts.

Functional names only. Each term is (original, romanised, English); the second is '' for languages
written in Latin letters.
"""

from dataclasses import dataclass

from directory.domain.vocabulary import CooperationType

Term = tuple[str, str, str]

#: Kind of body that deals with each type, by its place in ``Tongue.bodies``.
BODIES = ("justice", "prosecution", "police", "finance", "coast", "integrity", "culture")

BODY_OF_TYPE: dict[CooperationType, str] = {
    CooperationType.MLA: "justice",
    CooperationType.EXTRADITION: "justice",
    CooperationType.PROVISIONAL_ARREST: "prosecution",
    CooperationType.TSP: "justice",
    CooperationType.TCP: "prosecution",
    CooperationType.ASSET_RECOVERY: "prosecution",
    CooperationType.DRUGS_AT_SEA: "coast",
    CooperationType.MIGRANTS_AT_SEA: "coast",
    CooperationType.FIREARMS: "police",
    CooperationType.CULTURAL_PROPERTY: "culture",
    CooperationType.PREVENTION: "integrity",
    CooperationType.JOINT_INVESTIGATION: "prosecution",
    CooperationType.LAW_ENFORCEMENT: "police",
    CooperationType.E_EVIDENCE: "police",
    CooperationType.FINANCIAL_INTELLIGENCE: "finance",
}


@dataclass(frozen=True, slots=True)
class Tongue:
    """The words of one language; ``bodies`` in the order of ``BODIES``."""

    language: str
    bodies: tuple[Term, ...]
    units: tuple[Term, ...]
    districts: tuple[Term, ...]
    #: Between unit, body and district.
    comma: str = ", "

    def body(self, kind: str) -> Term:
        return self.bodies[BODIES.index(kind)]


def _latin(*pairs: tuple[str, str]) -> tuple[Term, ...]:
    return tuple((original, "", english) for original, english in pairs)


def _english(*names: str) -> tuple[Term, ...]:
    return tuple((name, "", name) for name in names)


_EN = Tongue(
    "en",
    _english(
        "Ministry of Justice",
        "Office of the Public Prosecutor",
        "National Police Service",
        "Financial Intelligence Unit",
        "Coast Guard Headquarters",
        "Integrity and Anti-Corruption Commission",
        "Department of Antiquities and Heritage",
    ),
    _english(
        "International Cooperation Section",
        "Central Authority Desk",
        "Mutual Assistance Unit",
        "Treaties and Extradition Unit",
        "Operations Room",
        "Legal Affairs Division",
        "Asset Recovery Section",
        "Digital Evidence Unit",
    ),
    _english(
        "Northern District",
        "Southern District",
        "Eastern District",
        "Western District",
        "Capital District",
        "Coastal District",
    ),
)

_FR = Tongue(
    "fr",
    _latin(
        ("Ministère de la Justice", "Ministry of Justice"),
        ("Parquet général", "Office of the Prosecutor General"),
        ("Direction générale de la police", "Directorate General of Police"),
        ("Cellule de renseignement financier", "Financial Intelligence Unit"),
        ("Garde-côtes, état-major", "Coast Guard Headquarters"),
        ("Commission de lutte contre la corruption", "Anti-Corruption Commission"),
        ("Direction du patrimoine culturel", "Directorate of Cultural Heritage"),
    ),
    _latin(
        ("Bureau de l'entraide pénale", "Office for Mutual Assistance in Criminal Matters"),
        ("Service de la coopération internationale", "International Cooperation Service"),
        ("Bureau des extraditions", "Extradition Office"),
        ("Section des avoirs criminels", "Criminal Assets Section"),
        ("Centre opérationnel", "Operations Centre"),
        ("Division juridique", "Legal Division"),
        ("Unité de la preuve numérique", "Digital Evidence Unit"),
    ),
    _latin(
        ("Région Nord", "Northern Region"),
        ("Région Sud", "Southern Region"),
        ("Région Est", "Eastern Region"),
        ("Région Ouest", "Western Region"),
        ("Région de la capitale", "Capital Region"),
    ),
)

_ES = Tongue(
    "es",
    _latin(
        ("Ministerio de Justicia", "Ministry of Justice"),
        ("Fiscalía General", "Office of the Prosecutor General"),
        ("Policía Nacional", "National Police"),
        ("Unidad de Inteligencia Financiera", "Financial Intelligence Unit"),
        ("Guardia Costera, Estado Mayor", "Coast Guard Headquarters"),
        ("Oficina Anticorrupción", "Anti-Corruption Office"),
        ("Dirección de Patrimonio Cultural", "Directorate of Cultural Heritage"),
    ),
    _latin(
        ("Dirección de Asistencia Jurídica Internacional", "International Legal Assistance"),
        ("Unidad de Cooperación Internacional", "International Cooperation Unit"),
        ("Oficina de Extradiciones", "Extradition Office"),
        ("Sección de Recuperación de Activos", "Asset Recovery Section"),
        ("Centro de Operaciones", "Operations Centre"),
        ("Unidad de Evidencia Digital", "Digital Evidence Unit"),
    ),
    _latin(
        ("Región Norte", "Northern Region"),
        ("Región Sur", "Southern Region"),
        ("Región Oriental", "Eastern Region"),
        ("Región Occidental", "Western Region"),
        ("Región Capital", "Capital Region"),
    ),
)

_PT = Tongue(
    "pt",
    _latin(
        ("Ministério da Justiça", "Ministry of Justice"),
        ("Procuradoria-Geral da República", "Office of the Prosecutor General"),
        ("Polícia Judiciária", "Judicial Police"),
        ("Unidade de Informação Financeira", "Financial Intelligence Unit"),
        ("Guarda Costeira, Comando", "Coast Guard Command"),
        ("Comissão de Prevenção da Corrupção", "Corruption Prevention Commission"),
        ("Direção do Património Cultural", "Directorate of Cultural Heritage"),
    ),
    _latin(
        ("Gabinete de Cooperação Judiciária", "Judicial Cooperation Office"),
        ("Secção de Extradição", "Extradition Section"),
        ("Divisão Internacional", "International Division"),
        ("Unidade de Recuperação de Ativos", "Asset Recovery Unit"),
        ("Centro de Operações", "Operations Centre"),
    ),
    _latin(
        ("Distrito Norte", "Northern District"),
        ("Distrito Sul", "Southern District"),
        ("Distrito Leste", "Eastern District"),
        ("Distrito Oeste", "Western District"),
    ),
)

_RU = Tongue(
    "ru",
    (
        ("Министерство юстиции", "Ministerstvo yustitsii", "Ministry of Justice"),
        ("Генеральная прокуратура", "Generalnaya prokuratura", "Prosecutor General's Office"),
        ("Национальная полиция", "Natsionalnaya politsiya", "National Police"),
        ("Служба финансовой разведки", "Sluzhba finansovoy razvedki", "Financial Intelligence"),
        ("Береговая охрана", "Beregovaya okhrana", "Coast Guard"),
        ("Антикоррупционное агентство", "Antikorruptsionnoye agentstvo", "Anti-Corruption Agency"),
        ("Управление культурного наследия", "Upravleniye kulturnogo naslediya", "Heritage Office"),
    ),
    (
        ("Отдел правовой помощи", "Otdel pravovoy pomoshchi", "Legal Assistance Department"),
        ("Отдел экстрадиции", "Otdel ekstraditsii", "Extradition Department"),
        ("Международный отдел", "Mezhdunarodny otdel", "International Department"),
        ("Отдел возврата активов", "Otdel vozvrata aktivov", "Asset Recovery Department"),
        ("Дежурная часть", "Dezhurnaya chast", "Duty Desk"),
        ("Отдел цифровых доказательств", "Otdel tsifrovykh dokazatelstv", "Digital Evidence Unit"),
    ),
    (
        ("Северный округ", "Severny okrug", "Northern District"),
        ("Южный округ", "Yuzhny okrug", "Southern District"),
        ("Восточный округ", "Vostochny okrug", "Eastern District"),
        ("Западный округ", "Zapadny okrug", "Western District"),
    ),
)

_AR = Tongue(
    "ar",
    (
        ("وزارة العدل", "Wizarat al-Adl", "Ministry of Justice"),
        ("النيابة العامة", "An-Niyaba al-Amma", "Public Prosecution"),
        ("المديرية العامة للشرطة", "Al-Mudiriyya al-Amma lil-Shurta", "Directorate of Police"),
        ("وحدة المعلومات المالية", "Wahdat al-Malumat al-Maliyya", "Financial Intelligence Unit"),
        ("قيادة خفر السواحل", "Qiyadat Khafar as-Sawahil", "Coast Guard Command"),
        ("هيئة مكافحة الفساد", "Hayat Mukafahat al-Fasad", "Anti-Corruption Authority"),
        ("دائرة الآثار", "Dairat al-Athar", "Department of Antiquities"),
    ),
    (
        ("مكتب التعاون الدولي", "Maktab at-Taawun ad-Duwali", "International Cooperation Office"),
        ("قسم تسليم المجرمين", "Qism Taslim al-Mujrimin", "Extradition Section"),
        ("إدارة المساعدة القانونية", "Idarat al-Musaada al-Qanuniyya", "Legal Assistance"),
        ("قسم استرداد الأموال", "Qism Istirdad al-Amwal", "Asset Recovery Section"),
        ("غرفة العمليات", "Ghurfat al-Amaliyyat", "Operations Room"),
    ),
    (
        ("المنطقة الشمالية", "Al-Mintaqa ash-Shamaliyya", "Northern District"),
        ("المنطقة الجنوبية", "Al-Mintaqa al-Janubiyya", "Southern District"),
        ("المنطقة الشرقية", "Al-Mintaqa ash-Sharqiyya", "Eastern District"),
        ("المنطقة الغربية", "Al-Mintaqa al-Gharbiyya", "Western District"),
    ),
    comma="، ",
)

_ZH = Tongue(
    "zh",
    (
        ("司法部", "Sifabu", "Ministry of Justice"),
        ("最高检察院", "Zuigao Jianchayuan", "Supreme Procuratorate"),
        ("国家警察总局", "Guojia Jingcha Zongju", "National Police"),
        ("金融情报中心", "Jinrong Qingbao Zhongxin", "Financial Intelligence Centre"),
        ("海岸警卫队司令部", "Haian Jingweidui Silingbu", "Coast Guard Command"),
        ("反腐败委员会", "Fan Fubai Weiyuanhui", "Anti-Corruption Commission"),
        ("文化遗产局", "Wenhua Yichanju", "Heritage Administration"),
    ),
    (
        ("国际合作处", "Guoji Hezuochu", "International Cooperation Division"),
        ("引渡科", "Yinduke", "Extradition Section"),
        ("司法协助办公室", "Sifa Xiezhu Bangongshi", "Judicial Assistance Office"),
        ("资产追回科", "Zichan Zhuihuike", "Asset Recovery Section"),
        ("值班室", "Zhibanshi", "Duty Room"),
    ),
    (
        ("北区", "Beiqu", "Northern District"),
        ("南区", "Nanqu", "Southern District"),
        ("东区", "Dongqu", "Eastern District"),
        ("西区", "Xiqu", "Western District"),
    ),
    comma="，",
)

_EL = Tongue(
    "el",
    (
        ("Υπουργείο Δικαιοσύνης", "Ypourgeio Dikaiosynis", "Ministry of Justice"),
        ("Γενική Εισαγγελία", "Geniki Eisangelia", "Office of the Prosecutor General"),
        ("Αρχηγείο Αστυνομίας", "Archigeio Astynomias", "Police Headquarters"),
        ("Μονάδα Οικονομικών Πληροφοριών", "Monada Oikonomikon Pliroforion", "FIU"),
        ("Αρχηγείο Λιμενικού Σώματος", "Archigeio Limenikou Somatos", "Coast Guard Headquarters"),
        ("Αρχή Διαφάνειας", "Archi Diafaneias", "Transparency Authority"),
        ("Διεύθυνση Πολιτιστικών Αγαθών", "Diefthynsi Politistikon Agathon", "Heritage Office"),
    ),
    (
        ("Τμήμα Δικαστικής Συνδρομής", "Tmima Dikastikis Syndromis", "Judicial Assistance Unit"),
        ("Τμήμα Εκδόσεων", "Tmima Ekdoseon", "Extradition Unit"),
        ("Τμήμα Διεθνών Σχέσεων", "Tmima Diethnon Scheseon", "International Relations Unit"),
        ("Κέντρο Επιχειρήσεων", "Kentro Epicheiriseon", "Operations Centre"),
    ),
    (
        ("Βόρεια Περιφέρεια", "Voreia Perifereia", "Northern Region"),
        ("Νότια Περιφέρεια", "Notia Perifereia", "Southern Region"),
        ("Δυτική Περιφέρεια", "Dytiki Perifereia", "Western Region"),
    ),
)

TONGUES: dict[str, Tongue] = {
    tongue.language: tongue for tongue in (_EN, _FR, _ES, _PT, _RU, _AR, _ZH, _EL)
}
