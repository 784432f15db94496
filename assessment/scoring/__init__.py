"""Answers to scores: means, agreement, anonymity, intervals, reliability and carelessness; pure, no input or output."""
