"""The first start: text size and colours, then a worker's own part of the laptop."""
