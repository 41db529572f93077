"""What a training run leaves beside its model: how it was called, its figures, and its log.

The model directory itself holds nothing of the time or place of its making, so that the same training gives the same
bytes; what a person wants to look up later lies in `OUT.run/`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any


class RunFolder:
    """`config.json` and `log.txt` from the start, `figures.json` once there is a model. An earlier run's are replaced.

    A run that fails leaves its log with the error in the last line.
    """

    def __init__(self, out: Path, config: Mapping[str, Any]) -> None:
        self.directory = out.with_name(f"{out.name}.run")
        self.directory.mkdir(parents=True, exist_ok=True)
        (self.directory / "figures.json").unlink(missing_ok=True)
        self._write("config.json", config)
        self._log = self.directory / "log.txt"
        self._log.write_text("", encoding="utf-8")

    def __enter__(self) -> RunFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self.say(f"{type(error).__name__}: {error}")

    def say(self, line: str) -> None:
        """One line of progress, with the time of day."""
        with open(self._log, "a", encoding="utf-8") as stream:
            print(f"{time.strftime('%H:%M:%S')} {line}", file=stream)

    def keep_figures(self, info: Mapping[str, Any]) -> None:
        """The figures that the model holds about itself: documents, spans and records held out, confidence, promise."""
        names = (
            "documents",
            "documents_held_out",
            "training_data_sha256",
            "held_out_figures",
            "reliability",
            "promise",
        )
        self._write("figures.json", {name: info[name] for name in names if name in info})

    def _write(self, name: str, content: Mapping[str, Any]) -> None:
        text = json.dumps(content, indent=1, sort_keys=True, default=str)
        (self.directory / name).write_text(text + "\n", encoding="utf-8")
