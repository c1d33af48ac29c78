"""Shifting the Balance of Care, Reproduced: claims, expected counts, interrupted time series, verdicts."""
