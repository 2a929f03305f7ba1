"""Small folders that neither our program nor PyTorch made, so that pytorch_check.py itself can be checked.

    example_folders.py OUT [--wrong]        then pytorch_check.py OUT/*

Each layer is written out as a sum in NumPy, float64, from its formula; gradients are central differences, whose step is
so small that hardly a unit crosses the kink of its ReLU. With --wrong the gradient is written backwards, the first step
is a thousandth too long, and later ones have no momentum: the check must find all three.
"""
import json
import math
import os
import sys

import numpy as np

import layers as text

MODELS = {
    "mlp": ((1, 1, 5), "dense 6, tanh, dense"),
    "mlp-of-images": ((2, 3, 2), "dense 5 init=ntk bias_scale=0.3, erf, dense"),
    "vectors": ((1, 1, 6), "dense 6, layer_norm, gelu, dense 5 bias=false, batch_norm, sin 2, dense"),
    "convnet": ((8, 8, 2), "conv 3 3x3, relu, avg_pool 2, conv 4 3x3, relu, avg_pool 2, dense"),
    "conv-same": ((5, 6, 2), "conv 3 3x2 stride=2, softplus, flatten, dense"),
    "conv-valid": ((6, 5, 2), "conv 4 3x2 dilation=2x1 padding=valid groups=2, gelu approximate=tanh, dense"),
    "conv-circular": ((4, 5, 2), "conv 3 3x3 stride=2x1 padding=circular init=ntk bias_scale=0.5, tanh, dense"),
    "pools": ((5, 5, 2), "conv 3 2, leaky_relu, max_pool 3 stride=2 padding=same, avg_pool 2 stride=1 padding=same, "
                         "avg_pool 2, flatten, dense"),
    "residual": ((4, 4, 2), "conv 3 3x3 bias=false, batch_norm momentum=0.2, relu, add: [[conv 3 3x3, batch_norm, relu, "
                            "conv 3 3x3], identity], max_pool 2, global_avg_pool, dense"),
    "norms": ((3, 3, 2), "conv 3 1, layer_norm, gain 1.5, scale 0.7, add: [layer_norm over=example, monomial 2], "
                         "dropout 0, dense"),
    "inception": ((5, 4, 2), "conv 3 3x3, relu, lrn 2 alpha=0.5, concat: [[conv 2 1x1 bias=false, batch_norm, relu], conv 3 3x3], lrn "
                             "alpha=2 k=1.5 beta=0.6, concat: [[conv 2 3x3 stride=2, tanh], max_pool 3 stride=2 "
                             "padding=same], global_avg_pool, dense"),
}
CLASSES, EXAMPLES, BATCH, EPOCHS, RATE, MOMENTUM, STEP = 3, 8, 4, 2, 0.05, 0.9, 1e-6


class Net:
    def __init__(self, layers):
        self.layers, self.statistics, self.new = layers, {}, {}

    def forward(self, w, x, training):
        self.left, self.training, self.new = w, training, {}
        return self.walk(self.layers, x).reshape(len(x), -1)

    def take(self, *shape):
        n = math.prod(shape)
        taken, self.left = self.left[:n], self.left[n:]
        return taken.reshape(shape)

    def walk(self, layers, x):
        for layer in layers:
            x = getattr(self, layer["kind"])(layer, x)
        return x

    def linear(self, layer, y, fan_in):
        s, t = text.factors(layer, fan_in)
        return s * y + (t * self.take(y.shape[-1]) if layer["bias"] == "true" else 0)

    def dense(self, layer, x):
        x = x.reshape(len(x), -1)
        y = x @ self.take(x.shape[1], layer["width"])
        return self.linear(layer, y.reshape(len(x), 1, 1, -1), x.shape[1])

    def windows(self, layer, kernel, dilation):
        """(i, j, [(a, b, row, column)]): the places, real or beyond the edge, that each output sees."""
        height, width, _ = layer["input"]
        pad = [(0, 0)] * 2 if layer["padding"] == "valid" else [
            text.padding(layer["input"][k], kernel[k], layer["stride"][k], dilation[k]) for k in range(2)]
        for i in range(layer["output"][0]):
            for j in range(layer["output"][1]):
                seen = []
                for a in range(kernel[0]):
                    for b in range(kernel[1]):
                        row = i * layer["stride"][0] + a * dilation[0] - pad[0][0]
                        column = j * layer["stride"][1] + b * dilation[1] - pad[1][0]
                        if layer["padding"] == "circular":
                            row, column = row % height, column % width
                        if 0 <= row < height and 0 <= column < width:
                            seen.append((a, b, row, column))
                yield i, j, seen

    def conv(self, layer, x):
        groups, each, out = layer["groups"], x.shape[3] // layer["groups"], layer["channels"]
        w = self.take(*layer["kernel"], each, out)
        y = np.zeros((len(x),) + layer["output"])
        for i, j, seen in self.windows(layer, layer["kernel"], layer["dilation"]):
            for o in range(out):
                first = o // (out // groups) * each
                for a, b, row, column in seen:
                    y[:, i, j, o] += x[:, row, column, first:first + each] @ w[a, b, :, o]
        return self.linear(layer, y, math.prod(layer["kernel"]) * each)

    def pool(self, layer, x, reduce):
        y = np.zeros((len(x),) + layer["output"])
        for i, j, seen in self.windows(layer, layer["size"], (1, 1)):
            y[:, i, j] = reduce([x[:, row, column] for _, _, row, column in seen], axis=0)
        return y

    def max_pool(self, layer, x):
        return self.pool(layer, x, np.max)

    def avg_pool(self, layer, x):
        return self.pool(layer, x, np.mean)

    def global_avg_pool(self, layer, x):
        return x.mean((1, 2), keepdims=True)

    def flatten(self, layer, x):
        return x.reshape(len(x), 1, 1, -1)

    def identity(self, layer, x):
        return x

    dropout = identity  # of rate 0

    def relu(self, layer, x):
        return np.maximum(x, 0)

    def leaky_relu(self, layer, x):
        return np.where(x > 0, x, layer["slope"] * x)

    def tanh(self, layer, x):
        return np.tanh(x)

    def erf(self, layer, x):
        return np.vectorize(math.erf)(x)

    def gelu(self, layer, x):
        if layer["approximate"] == "tanh":
            return x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3))) / 2
        return x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))) / 2

    def sin(self, layer, x):
        return np.sin(layer["frequency"] * x)

    def monomial(self, layer, x):
        return x ** layer["degree"]

    def softplus(self, layer, x):
        return np.log1p(np.exp(x))

    def scale(self, layer, x):
        return layer["factor"] * x

    def gain(self, layer, x):
        return self.take(1) * x

    def batch_norm(self, layer, x):
        channels, name = x.shape[3], id(layer)
        mean, var = self.statistics.get(name, (np.zeros(channels), np.ones(channels)))
        if self.training:
            m, n = layer["momentum"], x.size // channels
            seen, spread = x.mean((0, 1, 2)), x.var((0, 1, 2))
            self.new[name] = ((1 - m) * mean + m * seen, (1 - m) * var + m * spread * n / (n - 1))
            mean, var = seen, spread
        y = (x - mean) / np.sqrt(var + layer["epsilon"])
        return self.take(channels) * y + self.take(channels) if layer["affine"] == "true" else y

    def layer_norm(self, layer, x):
        over = (3,) if layer["over"] == "channels" else (1, 2, 3)
        y = (x - x.mean(over, keepdims=True)) / np.sqrt(x.var(over, keepdims=True) + layer["epsilon"])
        shape = x.shape[3:] if over == (3,) else x.shape[1:]
        return self.take(*shape) * y + self.take(*shape) if layer["affine"] == "true" else y

    def lrn(self, layer, x):
        size, square = layer["size"], np.zeros_like(x)
        for c in range(x.shape[3]):
            first = c - size // 2
            square[..., c] = (x[..., max(first, 0):first + size] ** 2).sum(3)
        return x / (layer["k"] + layer["alpha"] / size * square) ** layer["beta"]

    def add(self, layer, x):
        return sum(self.walk(branch, x) for branch in layer["branches"])

    def concat(self, layer, x):
        return np.concatenate([self.walk(branch, x) for branch in layer["branches"]], 3)

    def loss(self, w, x, y, training=True):
        f = self.forward(w, x, training)
        return float(np.mean(np.log(np.exp(f).sum(1)) - f[np.arange(len(y)), y]))

    def gradient(self, w, x, y):
        g = np.zeros_like(w)
        for i in range(len(w)):
            up, down = w.copy(), w.copy()
            up[i] += STEP
            down[i] -= STEP
            g[i] = (self.loss(up, x, y) - self.loss(down, x, y)) / (2 * STEP)
        return g

    def count(self, shape):
        """The number of parameters: how much of a long block one forward pass takes."""
        block = np.ones(10 ** 5)
        self.forward(block, np.ones((2,) + shape), True)
        return len(block) - len(self.left)


def make(folder, name, shape, model, wrong):
    os.makedirs(folder, exist_ok=True)
    layers = text.parse(model)
    text.bind(layers, shape, CLASSES)
    net, random = Net(layers), np.random.default_rng(sum(map(ord, name)))
    P = net.count(shape)
    w0 = (random.normal(size=P) * 0.5 + 0.1).astype("f4")
    x = random.normal(size=(EXAMPLES,) + shape).astype("f4")
    y = random.integers(CLASSES, size=EXAMPLES).astype("i4")
    order = np.stack([random.permutation(EXAMPLES) for _ in range(EPOCHS)]).astype("i4")
    w, v, batches = w0.astype("f8"), np.zeros(P), order.reshape(-1, BATCH)
    curve = [(0, net.loss(w, x.astype("f8"), y, False))]
    arrays = {"x": x, "y": y, "w0": w0[None], "order": order[None]}
    for step, batch in enumerate(batches):
        g = net.gradient(w, x[batch].astype("f8"), y[batch])
        net.statistics = dict(net.new)
        if step == 0:
            arrays["gradient"] = (g[::-1] if wrong else g).astype("f4")
        v = (0 if wrong else MOMENTUM) * v + g
        w = w - RATE * v
        if step == 0:
            arrays["w1"] = (w - (1e-3 * RATE * v if wrong else 0)).astype("f4")
            if net.new:
                arrays["statistics"] = np.concatenate([s for both in net.new.values() for s in both]).astype("f4")
        curve.append((step + 1, net.loss(w, x.astype("f8"), y, False)))
    arrays["curve"] = np.array([curve])
    for key, array in arrays.items():
        np.save(os.path.join(folder, key + ".npy"), array)
    about = {"id": name, "model": model, "input": shape, "classes": CLASSES, "loss": "cross-entropy", "batch": BATCH,
             "rate": RATE, "momentum": MOMENTUM, "members": 1, "parameters": P}
    with open(os.path.join(folder, "model.json"), "w", encoding="utf-8") as file:
        json.dump(about, file)


if __name__ == "__main__":
    for name, (shape, model) in MODELS.items():
        make(os.path.join(sys.argv[1], name), name, shape, model, "--wrong" in sys.argv[2:])
