"""The driver programs, one folder a language. Python ones run on the standard library and their client alone."""
