"""From tables to the frames a chapter shows, one module a topic."""
