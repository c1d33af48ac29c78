"""Plan runs, execute them, collect the ledger, build the book. Snakemake decides what is stale."""
