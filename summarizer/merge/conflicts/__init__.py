"""Tell conflicts of numbers, dates and denials from updates and from what is none."""
