"""English words, numbers, dates, names and negation: what validate, merge and extract share."""
