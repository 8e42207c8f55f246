"""The front door: adding a member, and correcting what is known about one."""
