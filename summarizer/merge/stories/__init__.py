"""Group articles into stories, stories into storylines, and find what is one origin."""
