"""Measuring during and after: what the KPIs say, what has come of the benefits, and what happened when."""
