"""Measures what users wait for, each figure beside the least it could be, in one run. `python -m bench`."""
