"""docs/security/asvs.md, made from docs/security/asvs.csv: ``python -m tests.security.asvs``."""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "security"
SOURCE, PAGE = FOLDER / "asvs.csv", FOLDER / "asvs.md"
STATUSES = ("met", "partly", "not met", "operator", "not applicable")

#: Section of ASVS 5.0.0 -> the level of each of its requirements, in their order (from the
#: standard's own list, OWASP_Application_Security_Verification_Standard_5.0.0_en.csv).
_LEVELS = """
V1.1:22 V1.2:1111122223 V1.3:112222222223 V1.4:222 V1.5:123 V2.1:122 V2.2:112 V2.3:12223
V2.4:23 V3.1:3 V3.2:113 V3.3:12223 V3.4:11222233 V3.5:11122333 V3.6:3 V3.7:22333
V4.1:12233 V4.2:23333 V4.3:22 V4.4:1222 V5.1:2 V5.2:112333 V5.3:113 V5.4:222 V6.1:122
V6.2:111111112222 V6.3:11223333 V6.4:112233 V6.5:22222333 V6.6:2223 V6.7:33 V6.8:2222
V7.1:222 V7.2:1111 V7.3:22 V7.4:11222 V7.5:223 V7.6:22 V8.1:1233 V8.2:1123 V8.3:133
V8.4:23 V9.1:111 V9.2:1222 V10.1:22 V10.2:223 V10.3:22223 V10.4:1111122222233333
V10.5:22222 V10.6:22 V10.7:222 V11.1:2233 V11.2:22233 V11.3:11233 V11.4:1222 V11.5:23
V11.6:23 V11.7:33 V12.1:12233 V12.2:11 V12.3:22223 V13.1:2333 V13.2:222223 V13.3:2233
V13.4:1222233 V14.1:22 V14.2:12223333 V14.3:122 V15.1:12233 V15.2:12233 V15.3:1222222
V15.4:3333 V16.1:2 V16.2:22222 V16.3:2222 V16.4:222 V16.5:2223 V17.1:23 V17.2:22223333
V17.3:22
"""
LEVELS = dict(part.split(":") for part in _LEVELS.split())
#: Of level 3 these are aimed at beside all of levels 1 and 2.
LEVEL_THREE = frozenset({"V2.3.5", "V6.3.3", "V7.5.3", "V16.3.2"})


@dataclass(frozen=True)
class Row:
    """A requirement, and what is claimed of it."""

    id: str
    level: str
    requirement: str
    status: str
    how: str
    test: str


def read_rows() -> list[Row]:
    """The table."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        return [Row(**row) for row in csv.DictReader(file)]


def required() -> set[tuple[str, str]]:
    """Every requirement of levels 1 and 2, and those of level 3 that are aimed at."""
    all_ = {
        (f"{section}.{number}", level)
        for section, levels in LEVELS.items()
        for number, level in enumerate(levels, start=1)
    }
    return {one for one in all_ if one[1] in {"1", "2"}} | {(one, "3") for one in LEVEL_THREE}


def as_markdown(rows: list[Row]) -> str:
    """The page: totals, what is not met, the table."""
    open_ = [one for one in rows if one.status in {"partly", "not met"}]
    lines = [
        "# OWASP ASVS 5.0.0, levels 1 and 2",
        "",
        "Made from `asvs.csv` by `python -m tests.security.asvs`; `tests/security/test_asvs.py`",
        "checks that every requirement of levels 1 and 2 has a row, that no row is claimed without",
        "a test that exists, or a reason, and the totals. The requirements are in short words of",
        "our own; the standard's text counts. 'Operator' is the operator's part.",
        "",
        *_totals(rows),
        "",
        "## What is not met, or only partly",
        "",
        *(f"- **{one.id}** ({one.status}): {one.requirement}: {one.how}." for one in open_),
        "",
        "## All requirements",
        "",
        "| id | level | requirement | status | how, or why not | test |",
        "|---|---|---|---|---|---|",
        *(
            f"| {one.id} | {one.level} | {one.requirement} | {one.status} | {one.how} "
            f"| {f'`{one.test}`' if one.test else ''} |"
            for one in rows
        ),
        "",
    ]
    return "\n".join(lines)


def _totals(rows: list[Row]) -> list[str]:
    counted = Counter((one.level, one.status) for one in rows)
    table = ["| level | " + " | ".join(STATUSES) + " | all |", "|---" * (len(STATUSES) + 2) + "|"]
    for level in ("1", "2", "3"):
        numbers = [counted[level, status] for status in STATUSES]
        name = f"{level} (aimed at)" if level == "3" else level
        table.append(f"| {name} | " + " | ".join(map(str, [*numbers, sum(numbers)])) + " |")
    return table


if __name__ == "__main__":
    PAGE.write_text(as_markdown(read_rows()), encoding="utf-8")
