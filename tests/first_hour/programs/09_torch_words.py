"""The words of PyTorch."""

import layerkit as lk
from layerkit import nn

model = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 2))
