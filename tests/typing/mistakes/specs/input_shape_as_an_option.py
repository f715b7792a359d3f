"""The shape of the inputs as an option, as in Keras."""

from layerkit import layers

layers.Dense(units=64, input_shape=(784,))

# mypy 5: Unexpected keyword argument "input_shape" for "DenseConfig" [call-arg]
# pyright 5: No parameter named "input_shape" [reportCallIssue]
