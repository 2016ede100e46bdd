"""The benchmarks of `make bench`: figures as ratios within one run, never seconds."""
