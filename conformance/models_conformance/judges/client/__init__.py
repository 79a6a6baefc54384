"""Pure judgements of a client: of what it put on the wire, and of what its caller got back."""
