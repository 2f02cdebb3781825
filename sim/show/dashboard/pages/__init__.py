"""The pages, one a file: what it shows (`section`) and what it answers (`register`)."""
