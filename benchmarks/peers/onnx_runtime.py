"""onnxruntime's worker: the network as an ONNX graph, asked through a session."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from benchmarks.mnist import test_part
from benchmarks.turns import serve
from benchmarks.workloads import CLASSES, PIXELS, Workload

OPSET, IR_VERSION = 17, 8
NODES = {"tanh": "Tanh", "relu": "Relu"}


def graph_of(workload: Workload) -> bytes:
    """Return the network as ONNX: dense layers, activations and a softmax."""
    rng = np.random.default_rng(7)
    nodes, tensors = [], []
    name = "x"
    pairs = list(zip(workload.widths, workload.widths[1:], strict=False))
    for index, (inputs, units) in enumerate(pairs):
        limit = np.sqrt(6 / (inputs + units))
        weight = rng.uniform(-limit, limit, (inputs, units)).astype(np.float32)
        tensors.append(numpy_helper.from_array(weight, f"w{index}"))
        tensors.append(numpy_helper.from_array(np.zeros(units, np.float32), f"b{index}"))
        nodes.append(helper.make_node("Gemm", [name, f"w{index}", f"b{index}"], [f"z{index}"]))
        last = index == len(pairs) - 1
        kind = "Softmax" if last else NODES[workload.activation]
        name = "y" if last else f"h{index}"
        nodes.append(helper.make_node(kind, [f"z{index}"], [name]))
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", PIXELS])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", CLASSES])
    graph = helper.make_graph(nodes, "network", [x], [y], tensors)
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
    )
    return model.SerializeToString()


def prepare(workload: Workload, steps: int) -> tuple[Callable[[], object], str]:
    """Return what asks the session so many times."""
    session = onnxruntime.InferenceSession(graph_of(workload), providers=["CPUExecutionProvider"])
    inputs = test_part().scaled()
    batch = workload.batch
    starts = [step * batch % len(inputs) for step in range(steps)]

    def turn() -> None:
        for start in starts:
            session.run(None, {"x": inputs[start : start + batch]})

    return turn, f"onnxruntime's default on {os.cpu_count()} cores"


if __name__ == "__main__":
    serve(prepare)
