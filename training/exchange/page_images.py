"""Page images to annotate on: rendered from the document where it is at hand, else drawn from its tokens."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from extractor.document import Page, original_bbox
from training.annotations import AnnotatedDocument

_DPI = 150


def write_page_images(item: AnnotatedDocument, folder: Path, documents: Path | None) -> list[str]:
    """One PNG a page of the annotation, as a viewer shows it; returns the file names in page order.

    The document is looked for at `meta["path"]` and by its name below `documents`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"[^\w.-]+", "_", item.id)
    source = _source(item, documents)
    names = []
    for page in item.document.pages:
        image = _rendered(source, page.number) if source is not None and not item.document.virtual_layout else None
        name = f"{stem}-p{page.number}.png"
        (image or _drawn(item, page)).save(folder / name)
        names.append(name)
    return names


def _source(item: AnnotatedDocument, documents: Path | None) -> Path | None:
    given = str(item.meta.get("path") or "")
    name = Path(given or item.id.rpartition("#")[0] or item.id).name
    if documents is not None and name:
        found = sorted(path for path in documents.rglob(name) if path.is_file())
        if found:
            return found[0]
    return Path(given) if given and Path(given).is_file() else None


def _rendered(source: Path, number: int) -> Image.Image | None:
    """A page of a PDF or an image file; None where the file is neither or has no such page."""
    if source.read_bytes()[:5] == b"%PDF-":
        import pypdfium2

        pdf = pypdfium2.PdfDocument(source)
        try:
            return pdf[number - 1].render(scale=_DPI / 72).to_pil().convert("RGB") if number <= len(pdf) else None
        finally:
            pdf.close()
    try:
        with Image.open(source) as image:
            image.seek(number - 1)
            return image.convert("RGB")
    except (UnidentifiedImageError, EOFError, OSError):
        return None


def _drawn(item: AnnotatedDocument, page: Page) -> Image.Image:
    """The tokens at their places on white."""
    scale = _DPI / 72
    turned = original_bbox(page, (0.0, 0.0, page.width, page.height))
    sideways = page.to_original is not None and turned[2] - turned[0] > turned[3] - turned[1] > page.width
    width, height = (page.height, page.width) if sideways else (page.width, page.height)
    image = Image.new("RGB", (max(1, round(width * scale)), max(1, round(height * scale))), "white")
    pen = ImageDraw.Draw(image)
    for token in item.document.tokens:
        if token.page == page.number:
            box = original_bbox(page, token.bbox)
            font = ImageFont.load_default(size=max(4.0, 0.8 * (box[3] - box[1]) * scale))
            pen.text((box[0] * scale, box[1] * scale), token.text, fill="black", font=font)
    return image
