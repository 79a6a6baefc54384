"""Many results as one table: what each subject or release does, what broke in which, and what got worse."""
