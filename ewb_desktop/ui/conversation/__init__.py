"""A conversation with a member: questions one at a time, needs and a goal, and a page to check it all."""
