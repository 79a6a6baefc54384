"""Many subjects judged as one: read from a file, each apart, and told together."""
