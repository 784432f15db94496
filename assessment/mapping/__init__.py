"""Mapping today's situation: the use cases of each subject, on what it is made of."""
