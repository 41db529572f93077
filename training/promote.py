"""Promotion: a challenger takes the champion's place only where no class of documents gets worse beyond the noise.

Classes are the kinds of input. In each, accuracy (spans, header fields, cells, rows) and calibration are compared on
the same documents by a paired bootstrap. The champion that is replaced is kept beside the model (`NAME.history/`), so
that rolling back is one step; what was promoted, on what evidence and by whose force, the history and the model say.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extractor.errors import ModelError
from extractor.tagging.model import TaggerModel
from training import rehearsal
from training.annotations import AnnotatedDocument
from training.bootstrap import Difference
from training.card import store
from training.evaluate import difference_dict, differences, judge

FEWEST = 5
"""Documents below which a class says nothing: one document more or less would decide."""
_DOUBT = 0.05  # chance that a model as good as the champion is refused, over all classes together
_LESS_IS_BETTER = frozenset(("ece",))
_HISTORY = "history.json"


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure in one class of documents. `worse`: the drop is beyond the noise."""

    kind: str
    documents: int
    figure: str
    difference: Difference
    judged: bool

    @property
    def worse(self) -> bool:
        if not self.judged or self.difference.interval is None:
            return False
        low, high = self.difference.interval
        return low > 0 if self.figure in _LESS_IS_BETTER else high < 0

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "documents": self.documents,
            "figure": self.figure,
            "worse": self.worse,
        } | difference_dict(self.difference)


def compare_by_class(
    documents: Sequence[AnnotatedDocument], challenger: TaggerModel, champion: TaggerModel
) -> list[Finding]:
    """Every figure in every kind of input, and over all.

    An interval is as wide as it must be for all classes together to refuse an equally good model once in twenty times
    (Bonferroni over classes; the figures of one class move together).
    """
    new = [judge(item, challenger) for item in documents]
    old = [judge(item, champion) for item in documents]
    kinds = sorted({item.kind for item in new})
    groups = {kind: [i for i, item in enumerate(new) if item.kind == kind] for kind in kinds}
    if len(kinds) > 1:
        groups["(all)"] = list(range(len(new)))
    level = 1.0 - 2.0 * _DOUBT / max(1, len(groups))
    findings = []
    for kind, members in groups.items():
        found = differences([new[i] for i in members], [old[i] for i in members], level)
        findings += [Finding(kind, len(members), name, d, len(members) >= FEWEST) for name, d in found.items()]
    return findings


def show(findings: Sequence[Finding]) -> str:
    """The comparison as a table for people."""
    lines = [f"{'kind':10} {'docs':>5} {'figure':15} {'champion':>9} {'challenger':>11} {'difference':>11}  noise"]
    for f in findings:
        d = f.difference
        between = f"[{d.interval[0]:+.4f}, {d.interval[1]:+.4f}]" if d.interval else "-"
        verdict = "WORSE" if f.worse else "" if f.judged else f"fewer than {FEWEST} documents: not judged"
        lines.append(
            f"{f.kind:10} {f.documents:5d} {f.figure:15} {d.old:9.4f} {d.new:11.4f} {d.difference:+11.4f}"
            f"  {between} {verdict}".rstrip()
        )
    return "\n".join(lines)


def install(
    challenger: Path, champion: Path, findings: Sequence[Finding], *, forced: bool, evaluation: dict[str, Any]
) -> TaggerModel:
    """Put the challenger in the champion's place and keep the champion; returns the model as it now stands there.

    The directory changes in one step: whoever loads it finds the old model or the new one. ModelError where the
    challenger cannot be loaded.
    """
    model = TaggerModel.load(challenger)
    before = TaggerModel.load(champion)
    entry = {
        "event": "promoted",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": f"{model.name} {model.version}",
        "replaced": f"{before.name} {before.version}",
        "forced": forced,
        "evaluation": evaluation,
        "worse": [finding.to_dict() for finding in findings if finding.worse],
    }
    model.info["promotion"] = entry | {"figures": [finding.to_dict() for finding in findings]}
    history = history_of(champion)
    history.mkdir(exist_ok=True)
    with _locked(history):
        fresh = history / "new.part"
        shutil.rmtree(fresh, ignore_errors=True)
        store(model, fresh)
        if (challenger / rehearsal.FILE).is_file():  # or the next training on from here would forget
            shutil.copyfile(challenger / rehearsal.FILE, fresh / rehearsal.FILE)
        _flush(fresh)
        _log(history, entry)
        exchange(fresh, champion)
        os.replace(fresh, history / _next_name(history, before.version))
    return model


def rollback(champion: Path) -> tuple[str, str]:
    """Bring back the champion before; returns (version that is back, version that went). ModelError without one."""
    history = history_of(champion)
    kept = _kept(history)
    if not kept:
        raise ModelError(f"{champion}: no earlier champion is kept (in {history})")
    back = TaggerModel.load(kept[-1])  # damaged ones are refused before anything moves
    try:
        gone = TaggerModel.load(champion).version
    except ModelError:
        gone = "damaged"
    with _locked(history):
        entry = {
            "event": "rolled back",
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "version": f"{back.name} {back.version}",
            "replaced": gone,
        }
        _log(history, entry)
        if champion.exists():
            exchange(kept[-1], champion)
            withdrawn = history / f"withdrawn-{kept[-1].name}"
            shutil.rmtree(withdrawn, ignore_errors=True)
            os.replace(kept[-1], withdrawn)
        else:
            os.replace(kept[-1], champion)
    return back.version, gone


def history_of(champion: Path) -> Path:
    """Where earlier champions and the log of promotions lie."""
    champion = champion.resolve()
    return champion.with_name(f"{champion.name}.history")


def events(champion: Path) -> list[dict[str, Any]]:
    """What happened to a champion, oldest first."""
    path = history_of(champion) / _HISTORY
    return list(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else []


def _kept(history: Path) -> list[Path]:
    return sorted(path for path in history.glob("[0-9][0-9][0-9]-*") if path.is_dir())


def _next_name(history: Path, version: str) -> str:
    kept = _kept(history)
    number = int(kept[-1].name[:3]) + 1 if kept else 1
    safe = re.sub(r"[^\w.+-]+", "_", version)
    return f"{number:03d}-{safe}"


def _log(history: Path, entry: dict[str, Any]) -> None:
    path = history / _HISTORY
    entries = list(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else []
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps([*entries, entry], indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(partial, path)


@contextmanager
def _locked(history: Path) -> Iterator[None]:
    """One promotion or rollback at a time."""
    lock = history / "lock"
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL)
    except FileExistsError as exc:
        raise ModelError(f"{lock}: another promotion is under way; remove the file if none is") from exc
    os.close(handle)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _flush(directory: Path) -> None:
    """What was written is on the disk before the directory takes its place."""
    for path in [*directory.iterdir(), directory]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def exchange(one: Path, other: Path) -> None:
    """Two directories change names, in one step where the system can (renameat2 of Linux), else in three renames."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):
        renameat2 = None
    if renameat2 is not None:
        here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
        if renameat2(here, os.fsencode(one), here, os.fsencode(other), swap) == 0:
            return
        code = ctypes.get_errno()
        if code not in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
            raise OSError(code, os.strerror(code), str(other))
    aside = one.with_name(f"{one.name}.aside")
    os.replace(other, aside)
    try:
        os.replace(one, other)
    except OSError:
        os.replace(aside, other)
        raise
    os.replace(aside, one)
