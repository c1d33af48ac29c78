"""A file that somebody brings for a table: checked, mapped, compared with what is usual."""
