"""Writes the tables of modules in architecture.md from the modules' own first sentences.

    python docs/modules.py [--check]

With --check nothing is written; the exit code is 1 where the page is not what it would be.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"
_TABLE = re.compile(r"### `(?P<folder>[\w/]+)`\n\n(?:\|.*\n)+")


def table_of(folder: str) -> str:
    """The section of a folder: its modules, each with the first paragraph of its docstring."""
    lines = [f"### `{folder}`", "", "| module | what it does |", "|---|---|"]
    for file in sorted((ROOT / folder).glob("*.py")):
        doc = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        if doc:
            first = " ".join(doc.split("\n\n")[0].split()).replace("|", "\\|")
            lines.append(f"| `{file.name}` | {first} |")
    return "\n".join(lines) + "\n"


def rewritten(text: str) -> str:
    """The page's text with all its tables as the modules have them."""
    return _TABLE.sub(lambda found: table_of(found["folder"]), text)


def main() -> int:
    text = PAGE.read_text(encoding="utf-8")
    new = rewritten(text)
    if "--check" in sys.argv[1:]:
        if new != text:
            print("docs/architecture.md is not up to date: run python docs/modules.py", file=sys.stderr)
        return int(new != text)
    PAGE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
