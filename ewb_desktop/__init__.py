"""EWB Desktop: the laptop's program of an emotional wellbeing service."""

__version__ = "0.1.0"
