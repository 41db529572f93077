"""Annotations to and from other programs' formats, and from records that people corrected."""
