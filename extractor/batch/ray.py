"""The engine on a Ray cluster, or on Ray on this machine: an adapter over the local one.

Each actor holds a worker process with the model, so that a document that hangs, crashes or eats memory costs on a
cluster what it costs at home, and gives the same records and the same errors. Needs `pip install 'form4[ray]'`.
Inputs are read where the actors run: paths must be reachable from every node, or be addresses that fsspec knows.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from itertools import islice
from typing import Any

from extractor.batch.inputs import Input
from extractor.batch.local import LocalEngine
from extractor.batch.task import Options, Result, Task
from extractor.errors import Form4Error, ModelError

_CHUNK = 100_000  # tasks handed to Ray at once: lists, not documents; bounds the driver's memory
_BATCH = 4  # documents an actor takes at a time
_FATAL = "fatal"


class RayEngine:
    """Runs tasks on `workers` actors of one core each, in the cluster that RAY_ADDRESS names, else on this machine."""

    def __init__(self, workers: int = 1, options: Options | None = None) -> None:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        os.environ.setdefault("RAY_DATA_DISABLE_PROGRESS_BARS", "1")
        try:
            import ray.data
        except ImportError:
            raise Form4Error("the engine ray is not installed: pip install 'form4[ray]'") from None
        if not ray.is_initialized():
            _start(workers)
        ray.data.DataContext.get_current().enable_progress_bars = False
        self._workers = workers
        self._options = options or Options()

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """Results of all tasks. Raises ModelError where actors cannot load the model."""
        stream = iter(tasks)
        while chunk := list(islice(stream, _CHUNK)):
            yield from self._run(chunk)

    def _run(self, tasks: list[Task]) -> Iterator[Result]:
        import ray.data

        tasks.sort(key=lambda task: -task.size)  # large documents early: one begun last would be waited for
        rows = [{"task": json.dumps(asdict(task))} for task in tasks]
        blocks = max(1, min(len(rows) // _BATCH, 16 * self._workers))
        results = ray.data.from_items(rows, override_num_blocks=blocks).map_batches(
            Actor,
            fn_constructor_args=(self._options,),
            batch_size=_BATCH,
            # as many as the cluster has room for: a pool of a fixed size would wait for ever on a smaller one
            compute=ray.data.ActorPoolStrategy(min_size=1, max_size=self._workers),
            num_cpus=1,
            batch_format="numpy",
        )
        for row in results.iter_rows():
            answer = json.loads(row["result"])
            if _FATAL in answer:
                raise ModelError(answer[_FATAL])
            yield Result(**answer)


def _start(workers: int) -> None:
    import ray

    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if os.environ.get("RAY_ADDRESS"):
        ray.init(**quiet)
    else:
        ray.init(num_cpus=max(workers, os.cpu_count() or 1), include_dashboard=False, **quiet)


class Actor:
    """Holds one worker with the model; takes tasks and gives results as JSON, as file names need not be Unicode."""

    def __init__(self, options: Options) -> None:
        self._engine = LocalEngine(1, options, keep=True)

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[str]]:
        tasks = [_task(json.loads(text)) for text in batch["task"]]
        try:
            results = [_answer(result) for result in self._engine.run(tasks)]
        except ModelError as error:
            results = [json.dumps({_FATAL: str(error)})]
        return {"result": results}

    def close(self) -> None:
        """End the worker; it ends with the actor's process in any case."""
        self._engine.close()


def _task(data: dict[str, Any]) -> Task:
    return Task(data["index"], Input(**data["source"]), data["size"])


def _answer(result: Result) -> str:
    return json.dumps({item.name: getattr(result, item.name) for item in fields(result)})
