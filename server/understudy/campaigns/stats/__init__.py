"""The statistics of campaigns: pure functions over counts, each with its source. scipy is their oracle in the tests, not a dependency."""
