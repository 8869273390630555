"""The nightly digest: what is new since the last nights, as a dated brief."""
