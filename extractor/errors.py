"""What can go wrong with an input. Every message names the file and the cause."""

from __future__ import annotations


class Form4Error(Exception):
    """Root of all errors that the product raises on purpose."""


class InputError(Form4Error):
    """An input that cannot be read. `path` is the input as given, `cause` one sentence."""

    def __init__(self, path: str, cause: str) -> None:
        super().__init__(f"{path}: {cause}")
        self.path = path
        self.cause = cause

    def __reduce__(self) -> tuple[type[InputError], tuple[str, str]]:
        return type(self), (self.path, self.cause)


class MissingInput(InputError):
    """No such file, or it vanished while it was read."""


class EmptyInput(InputError):
    """A file without content."""


class UnknownFormat(InputError):
    """Content that is none of the known kinds."""


class DamagedInput(InputError):
    """A known kind, but broken beyond reading."""


class EncryptedInput(InputError):
    """A file that asks for a password."""


class LimitExceeded(InputError):
    """A limit on size, pages, pixels, time or memory was reached."""


class ModelError(Form4Error):
    """A model directory that is missing, damaged, tampered with or too new."""


class AnnotationError(Form4Error):
    """An annotation line that does not follow the format."""
