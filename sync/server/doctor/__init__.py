"""The doctor: looks through the whole database and its surroundings and says in words what is wrong, a file for each subject."""
