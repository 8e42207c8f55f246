"""Boxes on pages: blocks become boxes that can be measured, split and drawn."""
