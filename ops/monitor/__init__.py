"""`monitor`: asks the systems of a stack how they are, again and again, and tells people of alerts and their ends."""
