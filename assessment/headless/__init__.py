"""The calculations as commands: a file in, one JSON document out."""
