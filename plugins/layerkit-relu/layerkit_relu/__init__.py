"""The ReLU activation and He initialisation, as a Layerkit plugin."""
