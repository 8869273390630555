"""Join claims that say the same, or less, into facts."""
