"""Ray: the same records and failures as at home. Skipped where Ray is not installed (pip install 'form4[ray]')."""

from __future__ import annotations

import pytest

from extractor.batch.inputs import Input
from extractor.batch.local import LocalEngine
from extractor.batch.ray import Actor, RayEngine
from extractor.batch.task import Options, Task
from extractor.errors import Form4Error, ModelError


@pytest.fixture
def tasks(tmp_path, ownership_xml):
    (tmp_path / "good.xml").write_bytes(ownership_xml())
    (tmp_path / "letter.txt").write_text("Dear Ms. Tavener,\nthank you for the herring.\n")
    (tmp_path / "cut.pdf").write_bytes(b"%PDF-1.7\n")
    names = ["good.xml", "letter.txt", "cut.pdf", "gone.xml", "odd\udcff.xml"]
    return [Task(index, Input(name, str(tmp_path / name))) for index, name in enumerate(names)]


def outcome(results):
    found = sorted(results, key=lambda result: result.index)
    return [(r.index, r.path, r.outcome, r.sha256, r.kind, r.records, r.error, r.message) for r in found]


def batch(tasks):
    import json
    from dataclasses import asdict

    return {"task": [json.dumps(asdict(task)) for task in tasks]}


def test_an_actor_gives_what_the_local_engine_gives(tasks, model_directory):
    import json

    from extractor.batch.task import Result

    options = Options(str(model_directory))
    actor = Actor(options)
    try:
        answers = [*actor(batch(tasks[:2]))["result"], *actor(batch(tasks[2:]))["result"]]
    finally:
        actor.close()
    results = [Result(**json.loads(answer)) for answer in answers]
    assert outcome(results) == outcome(LocalEngine(1, options).run(tasks))


def test_an_actor_says_that_there_is_no_model(tasks, tmp_path):
    actor = Actor(Options(str(tmp_path / "nowhere")))
    (answer,) = actor(batch(tasks[:1]))["result"]
    assert "fatal" in answer
    actor.close()


def test_without_ray_its_absence_is_said(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setitem(sys.modules, "ray.data", None)
    with pytest.raises(Form4Error, match=r"form4\[ray\]"):
        RayEngine()


def test_ray_gives_what_the_local_engine_gives(tasks, model_directory):
    ray = pytest.importorskip("ray")
    options = Options(str(model_directory))
    try:
        assert outcome(RayEngine(1, options).run(iter(tasks))) == outcome(LocalEngine(1, options).run(tasks))
        with pytest.raises(ModelError):
            list(RayEngine(1, Options(str(model_directory / "nowhere"))).run(iter(tasks[:1])))
    finally:
        ray.shutdown()
