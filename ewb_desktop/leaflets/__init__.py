"""Leaflets that the person in front of you can read: from Markdown to tagged paper, text and pictures of the pages."""
