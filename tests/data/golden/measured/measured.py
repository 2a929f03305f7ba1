#!/usr/bin/python3
"""A convolutional network that PyTorch trained, and what NumPy says of it: for tests/cli/measure.sh, which needs neither.

Writes beside this script init.safetensors and net.safetensors (the state dictionaries of PyTorch, before and after), four files of
40 and 20 images in the layout of Fashion-MNIST, and measured.txt: names of measures and their values in float64.

    Sequential(Conv2d(1, 4, 5, padding=2), BatchNorm2d(4), ReLU, MaxPool2d(7), Flatten, Linear(64, 8), ReLU, Linear(8, 10))

The format of the files is written out here, so that no library of ours or of safetensors is in them.
"""
import gzip
import json
import pathlib
import struct

import numpy as np
import torch
from torch import nn

HERE = pathlib.Path(__file__).parent
SIDE, CLASSES, TRAIN, TEST = 28, 10, 40, 20
random = np.random.RandomState(1)
torch.manual_seed(1)


def images(n):
    """A bright square whose place is the class, less bright elsewhere now and then: bytes."""
    x, y = np.zeros((n, SIDE, SIDE), np.uint8), np.arange(n) % CLASSES
    for i, label in enumerate(y):
        at = 7 * (label // 4) + random.randint(3), 7 * (label % 4) + random.randint(3)
        x[i, at[0] : at[0] + 4, at[1] : at[1] + 4] = 16 * random.randint(8, 16)
        other = 7 * random.randint(0, 4), 7 * random.randint(0, 4)
        x[i, other[0] : other[0] + 3, other[1] : other[1] + 3] += np.uint8(16 * random.randint(0, 5))
    return x, y.astype(np.uint8)


def write(name, dimensions, data):
    head = struct.pack(f">I{len(dimensions)}I", 0x800 + len(dimensions), *dimensions)
    with gzip.GzipFile(HERE / name, "wb", mtime=0) as file:
        file.write(head + data.tobytes())


def save(name, state):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for key, tensor in sorted(state.items(), key=lambda item: (item[1].dtype != torch.int64, item[0])):
        packed = tensor.numpy().tobytes()
        kind = "I64" if tensor.dtype == torch.int64 else "F32"
        header[key] = {"dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(packed)]}
        data += packed
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    (HERE / name).write_bytes(struct.pack("<Q", len(head)) + head + data)


net = nn.Sequential(
    nn.Conv2d(1, 4, 5, padding=2), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(7),
    nn.Flatten(), nn.Linear(64, 8), nn.ReLU(), nn.Linear(8, CLASSES),
)  # fmt: skip
x, y = images(TRAIN)
x_test, y_test = images(TEST)
inputs, labels = torch.tensor(x[:, None] / 255, dtype=torch.float32), torch.tensor(y.astype(np.int64))
start = {key: value.clone() for key, value in net.state_dict().items()}
optimiser = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
for step in range(30):
    optimiser.zero_grad()
    nn.functional.cross_entropy(net(inputs), labels).backward()
    optimiser.step()
end = {key: value.clone() for key, value in net.state_dict().items()}

for part, (a, b) in {"train": (x, y), "t10k": (x_test, y_test)}.items():
    write(f"{part}-images-idx3-ubyte.gz", a.shape, a)
    write(f"{part}-labels-idx1-ubyte.gz", b.shape, b)
save("init.safetensors", start)
save("net.safetensors", end)


def folded(state):
    """Weights and biases in float64, batch norm folded into the convolution."""
    s = {key: value.numpy().astype(np.float64) for key, value in state.items()}
    r = s["1.weight"] / np.sqrt(s["1.running_var"] + 1e-5)
    kernel = s["0.weight"] * r[:, None, None, None]
    bias = s["1.bias"] + r * (s["0.bias"] - s["1.running_mean"])
    return [kernel, s["5.weight"], s["7.weight"]], [bias, s["5.bias"], s["7.bias"]]


def convolution(kernel):
    """The matrix of the convolution, zeros around an image of one channel."""
    out = np.zeros((kernel.shape[0], SIDE, SIDE, SIDE, SIDE))
    for o, (i, j) in ((o, p) for o in range(kernel.shape[0]) for p in np.ndindex(SIDE, SIDE)):
        for a, b in np.ndindex(5, 5):
            p, q = i + a - 2, j + b - 2
            if 0 <= p < SIDE and 0 <= q < SIDE:
                out[o, i, j, p, q] = kernel[o, 0, a, b]
    return out.reshape(-1, SIDE * SIDE)


def forward(weights, biases, batch):
    maps = (batch.reshape(len(batch), -1) @ convolution(weights[0]).T).reshape(-1, 4, SIDE, SIDE)
    maps = np.maximum(0, maps + biases[0][:, None, None])
    pooled = maps.reshape(-1, 4, 4, 7, 4, 7).max((3, 5)).reshape(len(batch), -1)  # channels first, as PyTorch flattens
    return np.maximum(0, pooled @ weights[1].T + biases[1]) @ weights[2].T + biases[2]


def spectral(matrices):
    return np.array([np.linalg.norm(m, 2) for m in matrices])


w, b = folded(end)
w0, _ = folded(start)
f = forward(w, b, x / 255)
right = f[np.arange(TRAIN), y]
others = f.copy()
others[np.arange(TRAIN), y] = -np.inf
gamma = np.sort(right - others.max(1))[TRAIN // 10 - 1]
p = np.exp(f - f.max(1, keepdims=True))
p /= p.sum(1, keepdims=True)
moved = [a - c for a, c in zip(w, w0)]
fro2 = np.array([np.sum(a**2) for a in w])
t2 = np.array([np.sum(a**2) for a in moved])
reshaped = spectral([a.reshape(len(a), -1) for a in w]) ** 2
whole = spectral([convolution(w[0]), w[1], w[2]]) ** 2
d = len(w)
values = {
    "parameter_count": sum(value.numel() for key, value in end.items() if "running" not in key and "num" not in key),
    "cross_entropy": -np.log(p[np.arange(TRAIN), y]).mean(),
    "entropy": -(p * np.log(p)).sum(1).mean(),
    "inverse_margin": gamma**-2,
    "param_norm": fro2.sum(),
    "frobenius_distance": t2.sum(),
    "prod_of_fro": fro2.prod(),
    "sum_of_fro_over_margin": d * (fro2.prod() / gamma**2) ** (1 / d),
    "prod_of_spec_reshaped": reshaped.prod(),
    "prod_of_spec": whole.prod(),
    "log_prod_of_spec_over_margin": np.log(whole.prod() / gamma**2),
    "sum_of_spec_reshaped": d * reshaped.prod() ** (1 / d),
    "fro_over_spec_reshaped": (fro2 / reshaped).sum(),
    "dist_spec_init_reshaped": np.sum(spectral([a.reshape(len(a), -1) for a in moved]) ** 2),
    "spec_init_main_reshaped": reshaped.prod() * (t2 / reshaped).sum() / gamma**2,
    "spec_orig_main": whole.prod() * (fro2 / whole).sum() / gamma**2,
    "path_norm": forward([a**2 for a in w], [a**2 for a in b], np.ones((1, SIDE, SIDE))).sum(),
}
print("accuracy", np.mean(f.argmax(1) == y), "gamma", gamma)
with open(HERE / "measured.txt", "w", encoding="ascii") as file:
    for name, value in values.items():
        file.write(f"{name} {value:.15g}\n")
