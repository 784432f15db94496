"""What the work costs and pays back."""
