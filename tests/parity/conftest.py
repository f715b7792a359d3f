"""Tests beside PyTorch."""

from __future__ import annotations

import torch

# On networks this small, its threads wait for one another most of the time.
torch.set_num_threads(1)
