"""The status of every domain in a file: read, run, written as it comes, compared and reported."""
