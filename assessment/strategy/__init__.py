"""From evidence to a strategy: signals, diagnosis, fit, mandate, gates, counterfactuals and stability."""
