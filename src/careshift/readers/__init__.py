"""From publishers' raw files to tidy tables, one module a publisher."""
