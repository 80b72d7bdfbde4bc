"""Runbooks: one page a procedure or incident, made of the verbs that carry it out."""
