"""One file per published change of the tables, in order."""
