"""What looks after this repository; none of it is installed with Layerkit."""
