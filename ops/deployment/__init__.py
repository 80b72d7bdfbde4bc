"""Deployments with a verdict: their steps, their journal, what is kept of them, and the way back."""
