"""The fields of a form as a browser would send them."""

from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse


class _Fields(HTMLParser):
    """The fields of the forms of one class."""

    def __init__(self, page: str, form_class: str) -> None:
        super().__init__()
        self.form_class = form_class
        self.sent: list[tuple[str, str]] = []
        self.inside = False
        self.select: list[str | None] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = self.form_class in given.get("class", "").split()
        if not self.inside:
            return
        if tag == "input":
            self._input(given)
        elif tag == "select":
            self.select = [given["name"], None]
        elif tag == "option" and self.select and (self.select[1] is None or "selected" in given):
            self.select[1] = given.get("value", "")
        elif tag == "textarea":
            self.text = [given["name"], ""]

    def _input(self, given: dict[str, str]) -> None:
        is_left_out = given.get("type") == "checkbox" and "checked" not in given
        if given.get("name") and given.get("type") != "file" and not is_left_out:
            self.sent.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select" and self.select:
            self.sent.append((str(self.select[0]), self.select[1] or ""))
            self.select = []
        elif tag == "textarea" and self.text:
            self.sent.append((self.text[0], self.text[1].removeprefix("\n")))
            self.text = []

    def handle_data(self, data: str) -> None:
        if self.text:
            self.text[1] += data


def fields_of(page: TestResponse, form_class: str = "record-form") -> MultiDict[str, str]:
    """What the form would send as it stands, without its buttons and files."""
    return MultiDict(_Fields(page.get_data(as_text=True), form_class).sent)
