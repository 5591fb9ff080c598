"""The live story of a demonstration: one event, watched on its whole way through the same code as production."""
