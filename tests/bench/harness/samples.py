"""Many measurements of one thing."""

import math
import statistics


def median(values):
    return statistics.median(values)


def percentile(values, share):
    """The smallest value that at least this share (0..1) of all does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def summary(values):
    return {"n": len(values), "median": median(values), "p99": percentile(values, 0.99), "max": max(values)}


def ratio(values, others):
    """Of the medians. Both came from one interleaved run, or the figure means nothing."""
    return median(values) / median(others)
