"""`python -m extractor` is `form4`."""

from extractor.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
