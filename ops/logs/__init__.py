"""`logs`: what the systems of a stack wrote, and write, without what is secret."""
