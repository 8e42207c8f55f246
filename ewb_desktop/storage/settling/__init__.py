"""What both ends have to settle: changes that the server did not take, rows that differ, and files from colleagues' laptops."""
