"""Make the brief of facts: stories in order, leads, lengths, what is new since the last one."""
