"""Weights to one ONNX file: int8 vocabulary rows, dynamically quantised matrix products, labels and tables in its metadata."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from allegedly.article import from_path
from allegedly.blinding import blinding
from allegedly.errors import InputError
from allegedly.model import Model
from allegedly.pieces import atoms, empty_feed, fill, load_tokenizer, pieces, windows
from training.network import CHAINS, LINEAR, MEANT, Network

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
OUTPUTS = ("tags", "arcs", "dependent", "governor", "links", "coref")
KEPT = ("tags", "arc_", "rel_", "link_", "coref_", "meaning", "meant")
"""Parts of the names of what stays in float32: the heads."""
INPUTS = ("ids", "case", "gap", "mask", "first")


def metadata(network: Network, labels: dict[str, list[str]]) -> dict[str, Any]:
    """What decoding needs beside the graph."""
    tables = {}
    for key in CHAINS:
        moves, starts = network.chains[key].tables()
        tables[key] = {"moves": moves.tolist(), "starts": starts.tolist()}
    return {"labels": labels, "order": [*LINEAR, *CHAINS, *MEANT], "chains": tables}


def relation_tables(network: Network) -> dict[str, torch.Tensor]:
    return {"rel_weight": network.rel_out.weight.detach().T.contiguous(), "rel_bias": network.rel_out.bias.detach()}


def export(weights: Path, target: Path, *, int8: bool = True) -> None:
    """Write the ONNX file of a checkpoint. With `int8=False`, float32 throughout, for comparison."""
    state = torch.load(weights, weights_only=True)
    network = Network(state["labels"], state["config"])
    network.load_state_dict(state["network"])
    network.eval()
    if int8:
        network.settle(_windows())
        network.words.freeze()
    feed = {k: torch.from_numpy(v) for k, v in empty_feed(2, 16, 8).items()}
    feed["mask"][:] = 1
    axes = {k: {0: "rows", 1: "atoms" if k == "first" else "pieces"} for k in INPUTS}
    axes |= {k: {0: "rows", 1: "atoms"} for k in OUTPUTS}
    axes["arcs"][2], axes["links"][2], axes["governor"], axes["coref"][2] = "heads", "atoms", {0: "rows", 1: "heads"}, "heads"
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "float.onnx"
        torch.onnx.export(
            network,
            tuple(feed[k] for k in INPUTS),
            str(plain),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        out = Path(folder) / "out.onnx"
        if int8:
            keep = [
                n.name
                for n in onnx.load(str(plain)).graph.node
                if n.op_type == "MatMul" and any(part in " ".join((n.name, *n.input)) for part in KEPT)
            ]
            quantize_dynamic(
                str(plain),
                str(out),
                op_types_to_quantize=["MatMul"],
                per_channel=True,
                weight_type=QuantType.QInt8,
                nodes_to_exclude=keep,
                extra_options={"MatMulConstBOnly": True},
            )
        else:
            out = plain
        model = onnx.load(str(out))
        lean(model, state["config"]["hidden_size"] // state["config"]["num_attention_heads"])
        table = metadata(network, state["labels"]) | {k: v.tolist() for k, v in relation_tables(network).items()}
        entry = model.metadata_props.add()
        entry.key, entry.value = "allegedly", json.dumps(table, separators=(",", ":"))
        onnx.save(model, str(target))


def sums() -> bytes:
    """The ONNX file of one product of 8-bit numbers, by which loading tells whether a processor adds such products up exactly."""
    product = helper.make_node("MatMulInteger", ["factors", "weights"], ["sums"])
    weights = numpy_helper.from_array(np.full((4, 1), 127, np.int8), "weights")
    given, told = (
        helper.make_tensor_value_info(*of) for of in (("factors", TensorProto.UINT8, [2, 4]), ("sums", TensorProto.INT32, [2, 1]))
    )
    graph = helper.make_graph([product], "sums", [given], [told], [weights])
    made: bytes = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8).SerializeToString()
    return made


def _windows() -> Iterator[dict[str, torch.Tensor]]:
    """The windows of this project's example articles, as reading cuts and blinds them."""
    tokenizer, blind = load_tokenizer(str(Model.folder() / "tokenizer.json")), blinding()
    articles = [one.article for path in sorted(EXAMPLES.iterdir()) for one in from_path(path) if not isinstance(one, InputError)]
    for article in articles:
        found = blind.joined(atoms(article.text))
        read = blind(found)
        split = pieces(read, tokenizer)
        for w in windows(found, split):
            feed = empty_feed(1, int(split.first[w.last] - split.first[w.first]) + 2, w.last - w.first)
            fill(feed, 0, read, split, w.first, w.last)
            yield {name: torch.from_numpy(value) for name, value in feed.items()}


def lean(model: onnx.ModelProto, head_size: int) -> None:
    """Take out of attention what costs time and changes no bit of the output, where windows go through the encoder one by one.

    The scale of the scores, which the exporter works out from shapes, becomes a constant, which onnxruntime folds into the matrix product;
    the mask, which then masks nothing, is no longer added.
    """
    graph = model.graph
    made = {name: node for node in graph.node for name in node.output}
    for softmax in [node for node in graph.node if node.op_type == "Softmax"]:
        masked = made[softmax.input[0]]
        scaled = made[masked.input[0]]
        size = made[scaled.input[1]]  # the heads' size, to the power of -1/2
        if (masked.op_type, scaled.op_type, size.op_type) != ("Add", "Mul", "Pow"):
            raise ValueError(f"the attention of {softmax.name} is not as expected")
        softmax.input[0] = scaled.output[0]
        scaled.input[1] = "attention.scale"
    graph.initializer.append(numpy_helper.from_array(np.array(head_size**-0.5, np.float32), "attention.scale"))
    kept = {output.name for output in graph.output}
    for node in reversed(list(graph.node)):  # what nothing uses any more
        if kept.isdisjoint(node.output):
            graph.node.remove(node)
        else:
            kept.update(node.input)


def restore(network: Network, released: Path) -> list[str]:
    """Load a released ONNX file's weights, 8-bit ones scaled back, into a network. Gives the names of parameters that it lacks: they stay.

    This is what training goes on from where its own checkpoints are gone.
    """
    model = onnx.load(str(released))
    arrays = {i.name: torch.from_numpy(numpy_helper.to_array(i).copy()) for i in model.graph.initializer}
    table = json.loads(next(p.value for p in model.metadata_props if p.key == "allegedly"))
    found = {k: v for k, v in arrays.items() if not k.startswith("onnx::")}
    found["words.weight"] = arrays["words.rows"].float() * arrays["words.scale"]
    found["root"] = next(v for k, v in arrays.items() if k.startswith("onnx::Expand") and v.dim() == 1)
    for node in model.graph.node:
        if node.op_type not in ("MatMul", "MatMulInteger"):
            continue
        source = next((i for i in node.input if i in arrays), None)
        if source is None:
            continue
        base = source.removesuffix("_quantized")
        matrix = arrays[source].float() * arrays[f"{base}_scale"] if source != base else arrays[source]
        if base.startswith("onnx::"):  # a linear layer's matrix, transposed
            name = node.name.strip("/").rpartition("/")[0].replace("/", ".")
            found[f"{name}.weight"] = matrix.T * arrays.get(f"{name}.calm", torch.ones(1))
        else:
            found[base] = matrix
    found["rel_out.weight"], found["rel_out.bias"] = torch.tensor(table["rel_weight"]).T.contiguous(), torch.tensor(table["rel_bias"])
    for key, chain in table["chains"].items():
        found[f"chains.{key}.moves"], found[f"chains.{key}.starts"] = (
            torch.where(v < -5e3, 0.0, v) for v in (torch.tensor(chain["moves"]), torch.tensor(chain["starts"]))
        )
    own = network.state_dict()
    fitting = {k: v for k, v in found.items() if k in own and own[k].shape == v.shape}
    network.load_state_dict(fitting, strict=False)
    return [k for k in own if k not in fitting and ".barred" not in k]
