"""Sets one sheet in a process of its own, so that its memory is given back; see ``edition_pdf``.

Arguments: the template, the file of the sheet's JSON, the file to write, the PDF standard.
Imports nothing of the package, so that it starts at once.
"""

import resource
import sys
from pathlib import Path
from typing import Any, cast

import typst

#: Seconds of processor time that one part may cost.
SECONDS = 300


def main() -> None:
    """Read the sheet, write the PDF."""
    template, sheet, out, standard = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    typst.compile(
        template,
        output=out,
        root=str(Path(template).parent),
        sys_inputs={"sheet": Path(sheet).read_text("utf-8")},
        pdf_standards=[cast("Any", standard)],
    )


if __name__ == "__main__":
    main()
