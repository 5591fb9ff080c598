"""Reports that are one file: no script, nothing loaded from anywhere, fit to be sent on."""
