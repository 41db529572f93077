"""A second engine for runs of print that stay doubtful: rapidocr's recogniser, where it is installed (`form4[ocr2]`).

It takes a hundred times as long for a run as the glyph reader and errs in other ways than both, so it is asked only
where they differ or believe little. Its models come inside its wheel: nothing is loaded from elsewhere.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import numpy as np

Image = np.ndarray[Any, Any]

_HEIGHT = 40  # pixels; crops are brought to about the height that the network works at
_MARGIN = 6
_BRACKETS = str.maketrans({"（": "(", "）": ")", "【": "[", "】": "]", "，": ",", "。": ".", "：": ":", "＄": "$"})
_ODD_MARK = re.compile(r"[({\[]+(\d{1,2})[)}\]]+$")


@lru_cache(maxsize=1)
def _engine() -> Any:
    if find_spec("rapidocr") is None or find_spec("onnxruntime") is None:
        return None
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def is_installed() -> bool:
    """Whether there is a second engine to ask."""
    return _engine() is not None


def read_crop(crop: Image) -> tuple[str, float]:
    """The text of one line of print (grey levels) and the belief in it, 0..1; ("", 0.0) where nothing is seen."""
    import cv2

    scale = min(3.0, _HEIGHT / max(1, crop.shape[0]))
    large = cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC) if scale > 1.2 else crop
    padded = cv2.copyMakeBorder(large, *(_MARGIN,) * 4, cv2.BORDER_CONSTANT, value=(255,))
    found = _engine()(cv2.cvtColor(padded, cv2.COLOR_GRAY2BGR), use_det=False, use_cls=False, use_rec=True)
    if not found.txts:
        return "", 0.0
    text = str(found.txts[0]).translate(_BRACKETS).strip()
    return _ODD_MARK.sub(r"(\1)", text), float(found.scores[0])
