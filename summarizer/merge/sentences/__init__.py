"""Find conflicts of makers, post holders and means in the articles' own sentences."""
