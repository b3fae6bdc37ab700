"""Mail clients as data: what each one can do, what its dialog says, and the words it is called by."""
