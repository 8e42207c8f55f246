"""The page of the organisation's own leaflets: a file is looked at, used, replaced and stopped; pictures and the logo."""
