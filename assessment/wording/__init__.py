"""What a result says, in sentences: the same on a page, a slide and a sheet of paper."""
