"""Joining the parts of an edition to one tagged file: pages, structure, links, outline, labels.

Each part is a PDF/UA file of its own. Their structure trees become parts of one document, with the
numbers by which pages and links are found in them counted on; a link 'page:12' leads to that page.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

#: How a link to a page of another part is written by the template.
PAGE_LINK = "page:"
_ENTRY = "/H3"


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of the outline: its title and its page, counted from the first of the body."""

    title: str
    page: int


class NotTagged(ValueError):
    """A part is not tagged as it must be."""


def entry_pages(part: Path) -> tuple[int, list[int]]:
    """Pages of a part, and for each entry in it (a heading of level 3) its page, from 0 on."""
    with Pdf.open(part) as file:
        numbers = {page.obj.objgen: number for number, page in enumerate(file.pages)}
        found = [numbers[_page_of(one).objgen] for one in _kids(_document(file)) if _is_entry(one)]
        return len(file.pages), found


def _is_entry(element: pikepdf.Object) -> bool:
    return isinstance(element, Dictionary) and str(element.get("/S")) == _ENTRY


def _page_of(element: pikepdf.Object) -> pikepdf.Object:
    """The page a tagged element begins on."""
    page = element.get("/Pg")
    if page is not None:
        return page
    for kid in _kids(element):
        if isinstance(kid, Dictionary):
            return _page_of(kid)
    raise NotTagged("an entry without a page")


def _kids(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    kids = element.get("/K")
    if isinstance(kids, Array):
        yield from kids
    elif kids is not None:
        yield kids


def _document(file: Pdf) -> pikepdf.Object:
    if "/StructTreeRoot" not in file.Root:
        raise NotTagged("a part without tags")
    return next(_kids(file.Root.StructTreeRoot))


def bind(parts: Sequence[Path], front: int, outline: Iterable[Mark], out: Path) -> int:
    """Join the parts; ``front`` are the pages before page 1. Gives the number of pages."""
    with Pdf.new() as whole:
        tree = whole.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        root = whole.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, P=tree, K=Array())
        )
        tree.K, numbers, following = Array([root]), Array(), 0
        for path in parts:
            with Pdf.open(path) as part:
                _take_facts(whole, part)
                following = _add(whole, part, root, numbers, following)
        tree.ParentTree = whole.make_indirect(Dictionary(Nums=numbers))
        tree.ParentTreeNextKey = following
        tree.RoleMap = whole.Root.RoleMap
        del whole.Root.RoleMap
        whole.Root.StructTreeRoot = tree
        _link(whole, front)
        whole.Root.PageLabels = Dictionary(
            Nums=Array([0, Dictionary(S=Name.r), front, Dictionary(S=Name.D)])
        )
        _outline(whole, front, outline)
        whole.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return len(whole.pages)


def _take_facts(whole: Pdf, part: Pdf) -> None:
    """What the first part says of the whole: title, language, that it is tagged."""
    if "/Metadata" in whole.Root:
        return
    for name in ("/Metadata", "/MarkInfo", "/ViewerPreferences"):
        whole.Root[name] = whole.copy_foreign(part.make_indirect(part.Root[name]))
    whole.Root.Lang = pikepdf.String(str(part.Root.Lang))
    roles = part.Root.StructTreeRoot.get("/RoleMap", Dictionary())
    whole.Root.RoleMap = whole.copy_foreign(part.make_indirect(roles))
    for name, value in part.docinfo.items():
        whole.docinfo[name] = pikepdf.String(str(value))


def _add(
    whole: Pdf, part: Pdf, root: pikepdf.Object, numbers: pikepdf.Array, following: int
) -> int:
    """Add one part; gives the next number of the parent tree."""
    _document(part)
    before = len(whole.pages)
    # Pages first: what is copied afterwards then refers to these and not to copies of them.
    whole.pages.extend(part.pages)
    tree = whole.copy_foreign(part.make_indirect(part.Root.StructTreeRoot))
    document = next(_kids(tree))
    document.S, document.P = Name.Part, root
    root.K.append(document)
    pairs = list(tree.ParentTree.Nums)
    for key, value in zip(pairs[::2], pairs[1::2], strict=True):
        numbers.append(int(key) + following)
        numbers.append(value)
    for page in list(whole.pages)[before:]:
        _count_on(page.obj, following)
    return following + int(tree.ParentTreeNextKey)


def _count_on(page: pikepdf.Object, following: int) -> None:
    """Let a page and its links be found under their new numbers."""
    if "/StructParents" in page:
        page.StructParents = int(page.StructParents) + following
    for link in page.get("/Annots", Array()):
        if "/StructParent" in link:
            link.StructParent = int(link.StructParent) + following


def _link(whole: Pdf, front: int) -> None:
    """Turn links that name a page into links to it."""
    pages = [page.obj for page in whole.pages]
    for page in pages:
        for link in page.get("/Annots", Array()):
            address = str(link.get("/A", Dictionary()).get("/URI", ""))
            if address.startswith(PAGE_LINK):
                target = pages[front + int(address.removeprefix(PAGE_LINK)) - 1]
                del link["/A"]
                link.Dest = Array([target, Name.Fit])


def _outline(whole: Pdf, front: int, outline: Iterable[Mark]) -> None:
    with whole.open_outline() as opened:
        opened.root.extend(pikepdf.OutlineItem(one.title, front + one.page - 1) for one in outline)


def marked(edition: Path, mark: bytes, out: Path) -> None:
    """Write a copy whose every page bears the page ``mark`` on top of it, outside the tags."""
    with Pdf.open(edition) as whole, pikepdf.open(io.BytesIO(mark)) as stamp:
        form = whole.copy_foreign(stamp.pages[0].as_form_xobject())
        for page in whole.pages:
            name = page.add_resource(form, Name.XObject, Name("/Mark"))
            page.contents_add(b"q", prepend=True)
            page.contents_add(b"Q /Artifact BMC q %s Do Q EMC" % bytes(name))
        whole.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
