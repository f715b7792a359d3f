"""An activation as an option of a dense layer, as in Keras."""

from layerkit import layers

layers.Dense(units=64, activation="tanh")

# mypy 5: Unexpected keyword argument "activation" for "DenseConfig" [call-arg]
# pyright 5: No parameter named "activation" [reportCallIssue]
