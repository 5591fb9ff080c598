"""What a sweep costs, stage by stage, beside peers measured in the same run. Not part of the distribution."""
