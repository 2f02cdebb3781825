"""What matters in a sweep: effects, indices, screening, boxes and rankings of its results."""
