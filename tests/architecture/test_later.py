"""Who serves look-ups has not loaded what sets pages, writes workbooks and reads files."""

import subprocess
import sys

import pytest
import xlsxwriter

from directory.later import Later

LATER = ("holidays", "pikepdf", "python_calamine", "segno", "typst", "xlsxwriter")


def test_the_server_starts_without_the_libraries_that_few_questions_need() -> None:
    looked = f"import sys, directory.cli.serving; print(*set({LATER!r}) & sys.modules.keys())"
    told = subprocess.run(
        [sys.executable, "-c", looked], capture_output=True, check=True, text=True
    )
    assert told.stdout.split() == []


def test_a_library_stands_for_itself_once_something_of_it_is_asked() -> None:

    assert Later("xlsxwriter").Workbook is xlsxwriter.Workbook


def test_what_a_library_does_not_have_is_told() -> None:
    with pytest.raises(AttributeError, match="Workbok"):
        _ = Later("xlsxwriter").Workbok
