"""The present state of sales, measured: process behaviour charts, the value stream and the classes of processes."""
