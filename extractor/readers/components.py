"""Connected spots of ink."""

from __future__ import annotations

from typing import Any

import numpy as np

Image = np.ndarray[Any, Any]


def connected_spots(ink: Image, connectivity: int = 8) -> tuple[Image, np.ndarray[Any, Any]]:
    """The spots of `ink` (uint8, not 0): a label for every pixel, 0 for none, and (x, y, width, height, area) of each.

    Both are int32; the first row of the second (labels, 5) is the paper. Grana's method gives the same labels as
    OpenCV's own choice in less than half of its time.
    """
    import cv2

    how = cv2.CCL_GRANA if connectivity == 8 else cv2.CCL_SAUF
    _, labels, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(ink, connectivity, cv2.CV_32S, how)
    return labels, stats
