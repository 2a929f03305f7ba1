#!/usr/bin/env python3
"""A small convolutional network as PyTorch would save it, images for it, and what it makes of them.

Writes conv.safetensors, conv.npz and conv.txt (number of images, sum of losses, wrong predictions) beside this
script, in plain Python and in PyTorch's order of axes, so that nothing of Ermine's own is in them:

    Sequential(Conv2d(2, 3, 3, padding=1), ReLU, Flatten, Linear(60, 3))        images 2 x 4 x 5
"""
import json
import math
import pathlib
import struct
import zipfile

HERE = pathlib.Path(__file__).parent
C, H, W, O, K, N = 2, 4, 5, 3, 3, 12
state = 1


def draw():
    """A multiple of 1/64 in [-1, 1): exact in float32."""
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return ((state >> 33) % 128 - 64) / 64


def draws(n):
    return [draw() for _ in range(n)]


kernel, offset = draws(O * C * 9), draws(O)  # (out, in, 3, 3), (out)
weight, bias = draws(K * O * H * W), draws(K)  # (out, features), (out)
images = [draws(C * H * W) for _ in range(N)]  # channels first
labels = [i % K for i in range(N)]


def outputs(x):
    hidden = []
    for o in range(O):
        for i in range(H):
            for j in range(W):
                y = offset[o]
                for c in range(C):
                    for a in range(3):
                        for b in range(3):
                            p, q = i + a - 1, j + b - 1
                            if 0 <= p < H and 0 <= q < W:
                                y += kernel[((o * C + c) * 3 + a) * 3 + b] * x[(c * H + p) * W + q]
                hidden.append(max(y, 0))
    n = len(hidden)
    return [bias[k] + sum(weight[k * n + d] * hidden[d] for d in range(n)) for k in range(K)]


loss, wrong = 0.0, 0
for x, label in zip(images, labels):
    f = outputs(x)
    most = max(f)
    loss += most + math.log(sum(math.exp(v - most) for v in f)) - f[label]
    wrong += any(f[k] >= f[label] for k in range(K) if k != label)

# As the safetensors library writes: by type, then by name.
tensors = {
    "classifier.bias": ([K], bias),
    "classifier.weight": ([K, O * H * W], weight),
    "features.0.bias": ([O], offset),
    "features.0.weight": ([O, C, 3, 3], kernel),
}
header, data = {"__metadata__": {"format": "pt"}}, b""
for name, (shape, values) in tensors.items():
    packed = struct.pack(f"<{len(values)}f", *values)
    header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(packed)]}
    data += packed
head = json.dumps(header, separators=(",", ":")).encode()
head += b" " * (-len(head) % 8)
(HERE / "conv.safetensors").write_bytes(struct.pack("<Q", len(head)) + head + data)


def npy(kind, shape, packed):
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}"
    text += " " * (-(len(text) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode() + packed


last = [x[(c * H + i) * W + j] for x in images for i in range(H) for j in range(W) for c in range(C)]
with zipfile.ZipFile(HERE / "conv.npz", "w") as out:
    for name, bytes_ in (
        ("x.npy", npy("<f4", (N, H, W, C), struct.pack(f"<{len(last)}f", *last))),
        ("y.npy", npy("<i8", (N,), struct.pack(f"<{N}q", *labels))),
    ):
        out.writestr(zipfile.ZipInfo(name), bytes_)
(HERE / "conv.txt").write_text(f"{N} {loss:.9f} {wrong}\n")
