"""One release from start to verdict: deploy, watch, gate, and on failure back to what ran before."""
