"""Faults made for real, against the server as it is run."""
