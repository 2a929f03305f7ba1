"""Networks that `ermine run` has kept, as PyTorch modules; and the images they were trained on.

A file in the format of safetensors is eight bytes of length, so much JSON, and the tensors one behind another; its metadata
hold the model's text and the run's settings (docs/networks.md). Chains of convolutions only: network in network.
"""
import copy
import json
import math
import struct

import numpy
import torch
from torch import nn

import fashion_mnist
import layers as text
import pytorch_net


def read(path):
    """(metadata, tensors by name)"""
    with open(path, "rb") as file:
        head = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    about = head.pop("__metadata__")
    tensors = {}
    for name, of in head.items():
        begin, end = of["data_offsets"]
        tensors[name] = torch.from_numpy(numpy.frombuffer(data[begin:end], "<f4").reshape(of["shape"]).copy())
    return about, tensors


def settings(about):
    """The run's canonical settings as a dict of words."""
    return dict(line.split(" = ", 1) for line in about["point"].splitlines() if " = " in line)


def inner(part):
    """The convolution of a layer that has its own padding, or the layer."""
    return part.inner if isinstance(part, pytorch_net.Padded) else part


def network(path):
    """(settings, the network in evaluation)"""
    about, tensors = read(path)
    layers = text.parse(about["model"])
    text.bind(layers, tuple(int(side) for side in about["input"].split("x")), int(about["classes"]))
    parts = [*pytorch_net.build_list(layers), nn.Flatten()]
    with torch.no_grad():
        for name, tensor in tensors.items():
            _, layer, which = name.split(".")
            getattr(inner(parts[int(layer)]), which).copy_(tensor)
    return settings(about), nn.Sequential(*parts).eval()


def folded(net):
    """The same function without batch norm and dropout, as a network of its own."""
    parts = []
    with torch.no_grad():
        for part in copy.deepcopy(net):
            if isinstance(part, nn.BatchNorm2d):
                conv = inner(parts[-1])
                r = part.weight / torch.sqrt(part.running_var + part.eps)
                conv.weight.mul_(r.view(-1, 1, 1, 1))
                conv.bias.copy_(part.bias + r * (conv.bias - part.running_mean))
            elif not isinstance(part, nn.Dropout):
                parts.append(part)
    return nn.Sequential(*parts).eval()


def images(train, test, crop, pool):
    """The first so many of both parts, cropped, means of pool x pool pixels, each image standardised by itself."""
    sets, edge = [], (28 - crop) // 2
    for part, n in ("train", train), ("t10k", test):
        x = fashion_mnist.read(part + "-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)[:n].astype(numpy.float64) / 255
        x = x[:, edge:edge + crop, edge:edge + crop].reshape(n, crop // pool, pool, crop // pool, pool).mean((2, 4))
        deviation = numpy.maximum(x.std((1, 2), keepdims=True), 1 / math.sqrt(x[0].size))
        x = torch.from_numpy((x - x.mean((1, 2), keepdims=True)) / deviation).float().unsqueeze(1)
        sets.append((x, torch.from_numpy(fashion_mnist.read(part + "-labels-idx1-ubyte.gz", 8)[:n].astype(numpy.int64))))
    return sets
