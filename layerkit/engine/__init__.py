"""What runs a spec: the network, its training, and the directory that a run leaves behind."""
