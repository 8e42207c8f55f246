"""The directory of services: reading what others publish, telling what happened to each row, comparing with what is kept."""
