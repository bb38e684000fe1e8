"""One file a section of the page: evidence in, blocks out."""
