"""What the command line, the pytest plugin and the library share: options, reading of inputs, writing of outputs."""
