"""The command line: `form4 …`, also `python -m extractor`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from extractor import __version__

OK, SOME_FAILED, WRONG_USAGE, STOPPED = 0, 1, 2, 130
_FEW = 20  # inputs up to which a run without a terminal ends silently
_WINDOW = 100_000  # documents that may be done before the turn of the slowest has come
_TRAINING = ("train", "evaluate", "calibrate", "annotate", "synthesize", "models")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code: 0 all well, 1 some inputs failed, 2 wrong usage, 130 stopped by the user."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):  # streams that tests and notebooks put in their place
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    arguments = list(sys.argv[1:] if argv is None else argv)
    args = _parser(arguments).parse_args(arguments)
    from extractor.errors import Form4Error

    before = _on_terminate(_stop)
    try:
        code = args.run(args)
        return code if isinstance(code, int) else OK
    except Form4Error as error:
        _say(f"error: {error}")
        return WRONG_USAGE
    except KeyboardInterrupt:
        _say("stopped; the same command goes on from here")
        return STOPPED
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return SOME_FAILED
    except OSError as error:  # no room, no permission: what was extracted is kept in the run directory
        _say(f"error: {error}; once that is mended the same command goes on from here")
        return WRONG_USAGE
    finally:
        _on_terminate(before)


def _on_terminate(handler: Any) -> Any:
    """Set what a polite kill does; the handler before. Threads other than the main one have no say in it."""
    try:
        return signal.signal(signal.SIGTERM, handler) if handler is not None else None
    except ValueError:
        return None


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _parser(arguments: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="form4", description="Reads SEC Forms 3, 4 and 5 into exact, scored transactions."
    )
    parser.add_argument("--version", action="version", version=f"form4 {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_extract(commands)
    if arguments[:1] in (["extract"], ["--version"]):  # which need no other command
        return parser
    try:
        from training.cli import add_parsers
    except ImportError:
        for name in _TRAINING:
            command = commands.add_parser(name, help="(not installed)")
            command.set_defaults(run=_not_installed)
    else:
        add_parsers(commands)
    return parser


def _add_extract(commands: Any) -> None:
    extract = commands.add_parser(
        "extract",
        help="read filings into records",
        description="Read filings into records. Kinds of input are told by content: XML, HTML, PDF, images, text.",
        epilog="exit codes: 0 all extracted, 1 some inputs failed (each named in OUT.run/report.json), 2 wrong usage",
    )
    extract.add_argument(
        "inputs", nargs="+", metavar="INPUT", help="files, directories (recursive), patterns, or - for standard input"
    )
    extract.add_argument("-o", "--out", default="-", metavar="OUT", help="file or directory, - for standard output")
    extract.add_argument("--format", choices=("jsonl", "csv", "parquet", "duckdb"), help="default: by OUT's name")
    extract.add_argument("--model", metavar="DIR", help="a model directory instead of the model that came along")
    extract.add_argument("--workers", type=_count, default=1, metavar="N", help="processes that read (default 1)")
    extract.add_argument(
        "--engine", choices=("local", "ray"), default="local", help="processes here, or Ray (RAY_ADDRESS: a cluster)"
    )
    extract.add_argument("--force", action="store_true", help="start anew instead of continuing a stopped run")
    extract.add_argument("--fail-fast", action="store_true", help="stop at the first input that fails")
    extract.add_argument(
        "--audit", type=_share, default=0.0, metavar="SHARE", help="put this share of records to review at random"
    )
    extract.add_argument(
        "--time-limit", type=_positive, default=300.0, metavar="SECONDS", help="for one document (default 300)"
    )
    extract.add_argument(
        "--memory-limit", type=_positive, default=3000.0, metavar="MB", help="for one document (default 3000)"
    )
    extract.add_argument("--max-size", type=_positive, default=100.0, metavar="MB", help="of a file (default 100)")
    extract.add_argument("--max-pages", type=_whole, default=500, metavar="N", help="of a file (default 500)")
    extract.add_argument(
        "--max-pixels", type=_positive, default=60.0, metavar="MILLIONS", help="of a page's image (default 60)"
    )
    extract.add_argument(
        "--show", action="store_true", help="print the records as tables (on standard error with -o -)"
    )
    extract.set_defaults(run=_extract)


def _extract(args: argparse.Namespace) -> int:
    from extractor.batch.progress import Progress
    from extractor.batch.report import printable
    from extractor.batch.run import Listener, RunOptions, run, run_directory
    from extractor.batch.task import Options
    from extractor.output.sink import OutputError, format_for

    form = format_for(args.out, args.format)
    for name in args.inputs:
        if args.out != "-" and name != "-" and os.path.isfile(name) and _same_file(name, args.out):
            raise OutputError(f"{name}: is both input and output")
    limits = Options(
        model=args.model,
        seconds=args.time_limit,
        memory=int(args.memory_limit * 1_000_000),
        max_bytes=int(args.max_size * 1_000_000),
        max_pages=args.max_pages,
        max_pixels=int(args.max_pixels * 1_000_000),
    )
    options = RunOptions(args.out, form, args.model, args.audit, args.force, args.fail_fast, limits)
    progress = Progress([name for name in args.inputs if name != "-"])
    listener = Listener(
        record=_shower(to_standard_error=args.out == "-") if args.show else lambda record: None,
        failure=lambda path, message: progress.above(f"error: {printable(path)}: {printable(message)}"),
        progress=progress.show,
    )
    try:
        report = run(args.inputs, options, _engine(args, limits), listener)
    finally:
        progress.clear()
    if not report.finished:
        _say("stopped at the first failure; the same command goes on from here")
    elif sys.stderr.isatty() or report.inputs > _FEW:
        _say(report.summary())
        _say(f"report: {run_directory(args.out)}/summary.txt" if args.out != "-" else "")
    return SOME_FAILED if report.failed else OK


def _engine(args: argparse.Namespace, limits: Any) -> Any:
    if args.engine == "ray":
        from extractor.batch.ray import RayEngine

        return RayEngine(args.workers, limits)
    from extractor.batch.local import LocalEngine

    # results wait for their turn on the disk, so one slow document need not hold up the others
    return LocalEngine(args.workers, limits, window=_WINDOW)


def _shower(to_standard_error: bool) -> Any:
    from rich.console import Console

    from extractor.output.show import show

    console = Console(stderr=to_standard_error)
    return lambda record: show(record, console)


def _not_installed(args: argparse.Namespace) -> int:
    _say(f"error: the command {args.command} needs the package `training`, which this installation lacks")
    return WRONG_USAGE


def _same_file(one: str, other: str) -> bool:
    return os.path.exists(other) and os.path.samefile(one, other)


def _say(message: str) -> None:
    if message:
        print(message, file=sys.stderr, flush=True)


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1024:
        raise argparse.ArgumentTypeError("must be between 1 and 1024")
    return number


def _whole(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _share(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError("must be between 0 and 1")
    return number


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError("must be above 0")
    return number
