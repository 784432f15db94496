"""From diagnosis to results: what the work may do, and what it is to reach."""
