"""The parts of the window round the pages: top line, rail, find box and foot."""
