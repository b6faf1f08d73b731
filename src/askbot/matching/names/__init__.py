"""Names (名录项): which items of the county's lists a line names, and names that look like items but are none."""
