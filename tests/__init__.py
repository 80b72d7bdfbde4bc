"""Tests, in packages of the same names as what they test."""
