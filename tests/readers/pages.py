"""Pages for the readers' tests: invented people and companies, drawn with reportlab, scanned with OpenCV."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas

HEIGHT = letter[1]
ROWS = (
    ("Common Stock", "03/14/2023", "S", "45,000", "D", "$12.50"),
    ("Class B Units", "03/15/2023", "A", "1,250.5", "I", "$0"),
)
COLUMNS = (40, 190, 290, 330, 430, 470, 560)
TABLE_TOP, ROW_HEIGHT = 200, 24


def pdf_of(*paint: Callable[[Canvas], None], rotate: int = 0, **options: object) -> bytes:
    """A letter-size PDF with one page for each painter, each to be turned by the viewer with the clock."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=letter, **options)
    for painter in paint:
        painter(canvas)
        canvas.showPage()
    canvas.save()
    if rotate:
        import pypdf

        writer = pypdf.PdfWriter(clone_from=buffer)
        for page in writer.pages:
            page.rotate(rotate)
        buffer = io.BytesIO()
        writer.write(buffer)
    return buffer.getvalue()


def text_at(canvas: Canvas, x: float, top: float, text: str, size: float = 10, font: str = "Times-Roman") -> None:
    """Text whose baseline lies `top` points below the page's top."""
    canvas.setFont(font, size)
    canvas.drawString(x, HEIGHT - top, text)


def form_page(canvas: Canvas) -> None:
    """A page like a Form 4: heading, two check boxes, a ruled table with two rows, a signature."""
    text_at(canvas, 200, 60, "STATEMENT OF CHANGES IN BENEFICIAL OWNERSHIP OF SECURITIES", 11, "Helvetica-Bold")
    check_box(canvas, 40, 90, ticked=True)
    text_at(canvas, 60, 100, "Check this box if no longer subject to Section 16")
    check_box(canvas, 40, 115, ticked=False)
    text_at(canvas, 60, 125, "Check this box to indicate that a transaction was made by a plan")
    text_at(canvas, 40, 160, "Name of Reporting Person: Marlowe Odetta J    Issuer: Quillon Harbor Inc. [QHBR]")
    table(canvas)
    text_at(
        canvas, 40, 320, "Remarks: the reporting person is a director of the company and holds the shares for a trust."
    )
    text_at(canvas, 40, 340, "/s/ Odetta J. Marlowe")
    text_at(canvas, 240, 340, "03/16/2023")


def check_box(canvas: Canvas, x: float, top: float, ticked: bool, side: float = 11) -> None:
    canvas.setLineWidth(0.8)
    canvas.rect(x, HEIGHT - top - side, side, side)
    if ticked:
        canvas.line(x + 2, HEIGHT - top - 2, x + side - 2, HEIGHT - top - side + 2)
        canvas.line(x + 2, HEIGHT - top - side + 2, x + side - 2, HEIGHT - top - 2)


def table(canvas: Canvas) -> None:
    canvas.setLineWidth(1)
    bottom = TABLE_TOP + ROW_HEIGHT * (len(ROWS) + 1)
    for row in range(len(ROWS) + 2):
        y = HEIGHT - TABLE_TOP - row * ROW_HEIGHT
        canvas.line(COLUMNS[0], y, COLUMNS[-1], y)
    for x in COLUMNS:
        canvas.line(x, HEIGHT - TABLE_TOP, x, HEIGHT - bottom)
    for x, heading in zip(COLUMNS, ("Title", "Date", "Code", "Amount", "D/I", "Price"), strict=False):
        text_at(canvas, x + 5, TABLE_TOP + 16, heading, 9, "Helvetica-Bold")
    for number, row in enumerate(ROWS, 1):
        for x, value in zip(COLUMNS, row, strict=False):
            text_at(canvas, x + 5, TABLE_TOP + number * ROW_HEIGHT + 16, value, 11)


def rendered(data: bytes, dpi: float = 200) -> np.ndarray:
    """The first page as grey levels."""
    from extractor.readers.pdfium import PdfFile

    with PdfFile(data) as file, file.page(0) as page:
        return page.render(dpi)


def scanned(image: np.ndarray, skew: float = 0.0, noise: float = 0.0, shade: float = 0.0, seed: int = 7) -> np.ndarray:
    """The page as a scanner gives it: turned by `skew` degrees, grainy, darker towards one side."""
    import cv2

    rng = np.random.default_rng(seed)
    height, width = image.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1)
    out = cv2.warpAffine(image, turn, (width, height), borderValue=255).astype(np.float32)
    out = cv2.GaussianBlur(out, (0, 0), 0.7) * np.linspace(1, 1 - shade, width)[None, :]
    out += rng.normal(0, noise, out.shape)
    return np.clip(out, 0, 255).astype(np.uint8)


def image_pdf(image: np.ndarray, dpi: float = 200) -> bytes:
    """A PDF whose only content is that picture over the whole page."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    def paint(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.fromarray(image)), 0, 0, *letter)

    return pdf_of(paint)


def encoded(image: np.ndarray, file_format: str, dpi: float | None = 200, more: tuple[np.ndarray, ...] = ()) -> bytes:
    """The picture as a PNG, JPEG or TIFF file, of several pages where more are given."""
    from PIL import Image

    buffer = io.BytesIO()
    options: dict[str, object] = {"dpi": (dpi, dpi)} if dpi else {}
    if more:
        options |= {"save_all": True, "append_images": [Image.fromarray(page) for page in more]}
    Image.fromarray(image).save(buffer, file_format, **options)
    return buffer.getvalue()
