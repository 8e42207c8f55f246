"""One text engine for every script: bidirectional order, faces, shaping, line breaking and the fonts put into the file."""
