"""The server: puts everyone's changes in one order and hands each laptop what its worker may hold."""
