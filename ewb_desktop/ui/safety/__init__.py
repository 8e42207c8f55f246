"""The conversation about staying safe: what to do now, what was said and agreed, and who closes it."""
