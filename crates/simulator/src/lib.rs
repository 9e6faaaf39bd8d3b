//! A simulated city of instruments (模拟): the same seed sends the same frames, with the truth beside them.
