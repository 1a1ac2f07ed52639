"""What the parts of the benchmark have in common: a node of the lab, samples, the machine's own state."""
