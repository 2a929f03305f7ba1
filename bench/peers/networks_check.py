#!/usr/bin/env python3
"""Networks in files, beside PyTorch: docs/networks.md held to what torch.nn computes.

    networks_check.py ERMINE

1. A study keeps networks; an nn.Sequential loads each, as the page says, and its loss and error over the
   examples are those of `ermine eval`.
2. Networks that PyTorch saves, in its names and orders, are evaluated by `ermine eval` to PyTorch's numbers.

Needs torch, numpy and safetensors; writes into a temporary folder only. `make check-peers` runs it with the rest.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy
import torch
import torch.nn as nn
from safetensors import safe_open
from safetensors.torch import load_file, save_file

TOLERANCE = 2e-6  # of a mean loss in float32, sums of some hundred terms in another order
ermine = pathlib.Path(sys.argv[1]).resolve()
failed = 0


def same_padding(kernel):
    return tuple(k // 2 for k in kernel)


def conv(i, o, kernel=(3, 3), **more):
    return nn.Conv2d(i, o, kernel, padding=same_padding(kernel), **more)


# What Ermine calls a model, and the same as PyTorch modules; images are 6 x 5 x 2, classes 3.
MODELS = [
    (
        "[conv 6 5x5, relu, max_pool 2x2, conv 9 2x1 padding=valid, relu, flatten, dense 12, relu, dense 12, relu, "
        "dense]",
        lambda: [
            conv(2, 6, (5, 5)), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 9, (2, 1)), nn.ReLU(),
            nn.Flatten(), nn.Linear(36, 12), nn.ReLU(), nn.Linear(12, 12), nn.ReLU(), nn.Linear(12, 3),
        ],
    ),
    ("[flatten, dense 7, tanh, dense]", lambda: [nn.Flatten(), nn.Linear(60, 7), nn.Tanh(), nn.Linear(7, 3)]),
    ("[conv 4, relu, flatten, dense]", lambda: [conv(2, 4), nn.ReLU(), nn.Flatten(), nn.Linear(120, 3)]),
    (
        "[conv 4 3x5 groups=2 bias=false, batch_norm, relu, conv 3 1x1, flatten, batch_norm, dense 8, gelu, "
        "layer_norm, dense]",
        lambda: [
            conv(2, 4, (3, 5), groups=2, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 3, 1),
            nn.Flatten(), nn.BatchNorm1d(90), nn.Linear(90, 8), nn.GELU(), nn.LayerNorm(8), nn.Linear(8, 3),
        ],
    ),
    (
        "[layer_norm over=example, conv 3, leaky_relu, dropout 0.5, flatten, layer_norm, dense bias=false]",
        lambda: [
            nn.LayerNorm((2, 6, 5)), conv(2, 3), nn.LeakyReLU(), nn.Dropout(0.5), nn.Flatten(),
            nn.LayerNorm(90), nn.Linear(90, 3, bias=False),
        ],
    ),
]


def report(ok, what):
    global failed
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} - {what}", flush=True)


def run(*words):
    return subprocess.run([ermine, *map(str, words)], check=True, capture_output=True, text=True).stdout


def evaluate(file, *words):
    """Over both parts of the data: the number of examples, the sum of losses, the wrong predictions."""
    total = numpy.zeros(3)
    for split in ("train", "test"):
        row = json.loads(run("eval", file, "--data", "data.npz", "--split", split, "--json", *words))["rows"][0]
        total += (row["examples"], row["examples"] * row["loss"], row["wrong"])
    return total


def by_torch(net, x, y):
    net.eval()
    with torch.no_grad():
        f = net(x)
        loss = nn.functional.cross_entropy(f, y, reduction="sum")
        return numpy.array((len(y), loss.item(), (f.argmax(1) != y).sum().item()))


def compare(ours, theirs, what):
    close = abs(ours[1] - theirs[1]) <= TOLERANCE * ours[0] + TOLERANCE * abs(theirs[1])
    report(ours[0] == theirs[0] and ours[2] == theirs[2] and close, f"{what}: {ours} and {theirs}")


def main():
    rng = numpy.random.default_rng(1)
    x = rng.standard_normal((150, 6, 5, 2)).astype("float32")  # channels last, as Ermine has them
    y = rng.integers(0, 3, 150)
    y[:3] = 0, 1, 2
    numpy.savez("data.npz", x=x, y=y)
    inputs, labels = torch.from_numpy(x).permute(0, 3, 1, 2).contiguous(), torch.from_numpy(y)
    for i, (model, modules) in enumerate(MODELS):
        study = pathlib.Path(f"study{i}.yaml")
        study.write_text(
            f"study: s{i}\ndata: {{file: data.npz, standardise: none}}\nmodel: {model}\n"
            "train: {sgd: {rate: 0.05, batch: 10}, epochs: 4, keep: [init, 2, end]}\n"
        )
        run("run", study)
        files = sorted(pathlib.Path(f".ermine/networks/s{i}").iterdir())
        report(len(files) == 3, f"{model}: three networks")
        for file in files:
            net = nn.Sequential(*modules())
            weights = load_file(file)
            lacks = net.load_state_dict(
                {name.removeprefix("layers."): tensor for name, tensor in weights.items()}, strict=False
            )
            counters = [n for n in lacks.missing_keys if not n.endswith("num_batches_tracked")]
            report(not counters and not lacks.unexpected_keys, f"{file.name}: PyTorch loads all of it")
            with safe_open(file, "pt") as f:
                report(f.metadata()["model"] == model, f"{file.name}: says {model}")
            compare(evaluate(file), by_torch(net, inputs, labels), f"{model}, ours in PyTorch")

        torch.manual_seed(i)
        net = nn.Sequential(*modules())
        net.train()
        for part in inputs.split(30):  # running statistics of their own
            net(part)
        state = net.state_dict()
        theirs = by_torch(net, inputs, labels)
        words = ("--model", model, "--standardise", "none")
        save_file(state, "theirs.safetensors", metadata={"names": "\n".join(state)})
        compare(evaluate("theirs.safetensors", *words), theirs, f"{model}, PyTorch's in ours by saved order")
        save_file(state, "theirs.safetensors")
        compare(evaluate("theirs.safetensors", *words), theirs, f"{model}, PyTorch's in ours by shapes")
    print(f"{failed} failed")


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    main()
sys.exit(failed > 0)
