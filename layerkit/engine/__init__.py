"""Everything that works with arrays: the network, its training and its evaluation."""
