"""What customers report of their mail programs: a data file, its checked reader, and the words they are known by."""
