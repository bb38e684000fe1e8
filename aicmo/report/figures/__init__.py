"""One file a figure: its numbers, its finding, its drawing."""
