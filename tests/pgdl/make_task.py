#!/usr/bin/env python3
"""Makes tests/pgdl/task: a task of four small models in the organisers' layout, and what they give.

Not part of the suite: it needs NumPy and h5py (Debian: python3-h5py), and was run once.

    python3 tests/pgdl/make_task.py tests/pgdl/task

Everything is made here without TensorFlow: the record format and its checksums, the protocol buffers, the groups and
attributes that Keras writes, and the forward passes, by the definitions of TensorFlow's operations.
"""

import json
import pathlib
import struct
import sys

import h5py
import numpy as np

EXAMPLES, HEIGHT, WIDTH, CHANNELS, CLASSES = 10, 5, 6, 2, 3


# --- records -----------------------------------------------------------------------------------------------

def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def record(data):
    length = struct.pack("<Q", len(data))
    return length + masked(length) + data + masked(data)


def varint(n):
    out = b""
    while n >= 0x80:
        out += bytes([n & 0x7F | 0x80])
        n >>= 7
    return out + bytes([n])


def block(number, data):
    return varint(number << 3 | 2) + varint(len(data)) + data


def tensor(dtype, shape, data, listed=False):
    shape = b"".join(block(2, b"\x08" + varint(n)) for n in shape)
    return b"\x08" + varint(dtype) + block(2, shape) + (data if listed else block(4, data))


def example(image, label, listed):
    """`listed`: the label as int_val, as tf.make_tensor_proto writes it, else as tensor_content."""
    number = b"\x38" + varint(label) if listed else np.int32(label).tobytes()
    feature = lambda name, data: block(1, block(1, name) + block(2, block(1, block(1, data))))
    return block(1, feature(b"inputs", tensor(1, image.shape, image.astype("<f4").tobytes())) +
                 feature(b"output", tensor(3, (), number, listed)))


# --- TensorFlow's operations, in float64 -------------------------------------------------------------------

def side(n, size, stride, dilation, padding):
    extent = (size - 1) * dilation + 1
    if padding == "valid":
        return (n - extent) // stride + 1, 0
    out = -(-n // stride)
    return out, max(0, (out - 1) * stride + extent - n) // 2


def windows(x, size, strides, dilation, padding):
    (rows, top), (columns, left) = (side(x.shape[i], size[i], strides[i], dilation[i], padding) for i in (0, 1))
    for i in range(rows):
        for j in range(columns):
            taps = []
            for a in range(size[0]):
                for b in range(size[1]):
                    r, c = i * strides[0] + a * dilation[0] - top, j * strides[1] + b * dilation[1] - left
                    if 0 <= r < x.shape[0] and 0 <= c < x.shape[1]:
                        taps.append((a, b, x[r, c]))
            yield i, j, rows, columns, taps


def conv(x, kernel, bias, strides=(1, 1), dilation=(1, 1), padding="valid"):
    y = None
    for i, j, rows, columns, taps in windows(x, kernel.shape[:2], strides, dilation, padding):
        y = np.zeros((rows, columns, kernel.shape[3])) if y is None else y
        y[i, j] = sum(v @ kernel[a, b] for a, b, v in taps) + bias
    return y


def pool(x, size, strides, padding, how):
    y = None
    for i, j, rows, columns, taps in windows(x, size, strides, (1, 1), padding):
        y = np.zeros((rows, columns, x.shape[2])) if y is None else y
        y[i, j] = how([v for _, _, v in taps], axis=0)
    return y


def norm(x, mean, variance, gamma=1.0, beta=0.0, epsilon=1e-3):
    return (x - mean) / np.sqrt(variance + epsilon) * gamma + beta


relu = lambda x: np.maximum(x, 0)

# --- models ------------------------------------------------------------------------------------------------

draw = np.random.default_rng(20)


def weights(*shapes):
    return [draw.normal(size=s).astype("f4") for s in shapes]


def moments(n):
    return [draw.normal(size=n).astype("f4"), draw.uniform(0.5, 2, n).astype("f4")]


def strided():
    k, b = weights((3, 3, 2, 3), 3)
    g, s = weights(3, 3)
    m, v = moments(3)
    d1, e1, d2, e2 = weights((27, 4), 4, (4, 3), 3)
    layers = [
        {"layer_name": "Conv2D", "filters": 3, "kernel_size": 3.0, "strides": [2, 2], "padding": "same",
         "activation": "relu", "kernel_initializer": "he_normal"},
        {"layer_name": "BatchNormalization", "axis": 3},
        {"layer_name": "MaxPooling2D", "pool_size": [2, 2], "strides": [1, 1], "padding": "same"},
        {"layer_name": "Flatten"},
        {"layer_name": "Dropout", "rate": 0.25},
        {"layer_name": "Dense", "units": 4, "activation": "tanh", "kernel_regularizer": {"l2": 0.001}},
        {"layer_name": "Dense", "units": 3},
    ]
    groups = [("wrapped_layer", [("kernel", k), ("bias", b)]),
              ("wrapped_layer_1", [("gamma", g), ("beta", s), ("moving_mean", m), ("moving_variance", v)]),
              ("wrapped_layer_2", []), ("flatten", []), ("dropout", []),
              ("wrapped_layer_5", [("kernel", d1), ("bias", e1)]), ("wrapped_layer_6", [("kernel", d2), ("bias", e2)])]

    def run(x):
        x = norm(relu(conv(x, k, b, (2, 2), padding="same")), m, v, g, s)
        x = pool(x, (2, 2), (1, 1), "same", np.max).reshape(-1)
        return np.tanh(x @ d1 + e1) @ d2 + e2
    return layers, groups, run


def dilated():
    (k,) = weights((3, 2, 2, 4))
    (s,) = weights(4)
    m, v = moments(4)
    d, e = weights((4, 3), 3)
    layers = [
        {"layer_name": "InputLayer", "input_shape": [5, 6, 2]},
        {"layer_name": "Conv2D", "filters": 4.0, "kernel_size": [3, 2], "dilation_rate": [1, 2], "use_bias": False},
        {"layer_name": "BatchNormalization", "axis": [-1], "scale": False, "epsilon": 0.01},
        {"layer_name": "ReLU"},
        {"layer_name": "AveragePooling2D", "padding": "same"},
        {"layer_name": "GlobalAveragePooling2D"},
        {"layer_name": "Dense", "units": 3},
        {"layer_name": "Softmax"},
    ]
    groups = [("conv", [("kernel", k)]), ("bn", [("beta", s), ("moving_mean", m), ("moving_variance", v)]),
              ("head", [("kernel", d), ("bias", e)])]

    def run(x):
        x = relu(norm(conv(x, k, 0, dilation=(1, 2)), m, v, 1, s, 0.01))
        return pool(x, (2, 2), (2, 2), "same", np.mean).mean(axis=(0, 1)) @ d + e
    return layers, groups, run


def flat():
    d1, e1, d2, e2 = weights((60, 5), 5, (5, 3), 3)
    layers = [{"layer_name": "Flatten"}, {"layer_name": "Dense", "units": 5, "activation": "relu"},
              {"layer_name": "Dense", "units": 3, "activation": "softmax"}]
    groups = [("a", [("kernel", d1), ("bias", e1)]), ("b", [("kernel", d2), ("bias", e2)])]
    return layers, groups, lambda x: relu(x.reshape(-1) @ d1 + e1) @ d2 + e2


def leaky():
    k1, b1, k2, b2, d, e = weights((1, 1, 2, 2), 2, (3, 3, 2, 3), 3, (3, 3), 3)
    (g,) = weights(2)
    m, v = moments(2)
    layers = [
        {"layer_name": "Conv2D", "filters": 2, "kernel_size": 1},
        {"layer_name": "BatchNormalization", "center": False, "momentum": 0.9},
        {"layer_name": "LeakyReLU", "alpha": 0.25},
        {"layer_name": "AveragePooling2D", "pool_size": 3, "strides": 1, "padding": "same"},
        {"layer_name": "Conv2D", "filters": 3, "kernel_size": [3, 3], "padding": "same", "activation": "elu"},
        {"layer_name": "GlobalAveragePooling2D"},
        {"layer_name": "Dense", "units": 3, "activation": "linear"},
    ]
    groups = [("c1", [("kernel", k1), ("bias", b1)]),
              ("n1", [("gamma", g), ("moving_mean", m), ("moving_variance", v)]),
              ("c2", [("kernel", k2), ("bias", b2)]), ("d1", [("kernel", d), ("bias", e)])]

    def run(x):
        x = norm(conv(x, k1, b1), m, v, g)
        x = pool(np.where(x > 0, x, 0.25 * x), (3, 3), (1, 1), "same", np.mean)
        x = conv(x, k2, b2, padding="same")
        return np.where(x > 0, x, np.expm1(np.minimum(x, 0))).mean(axis=(0, 1)) @ d + e
    return layers, groups, run


def save(path, groups, below, variable):
    """As Keras's save_weights(); `below`: as save() puts the same below model_weights; `variable`: texts of newer h5py."""
    with h5py.File(path, "w") as file:
        root = file.create_group("model_weights") if below else file
        texts = lambda names: (np.array(names, dtype=h5py.string_dtype()) if variable
                               else np.array([n.encode() for n in names], dtype="S"))
        root.attrs["layer_names"] = texts([name for name, _ in groups])
        for name, arrays in groups:
            group = root.create_group(name)
            words = [f"{name}/{word}:0" for word, _ in arrays]
            group.attrs["weight_names"] = texts(words) if words else np.zeros(0)
            for word, (_, array) in zip(words, arrays):
                group.create_dataset(word, data=array)


def main():
    folder = pathlib.Path(sys.argv[1])
    images = draw.normal(size=(EXAMPLES, HEIGHT, WIDTH, CHANNELS)).astype("f4")
    labels = draw.integers(0, CLASSES, EXAMPLES)
    train = folder / "dataset_1" / "train"
    train.mkdir(parents=True, exist_ok=True)
    cut = EXAMPLES // 2 + 1
    for name, part in (("shard_2.tfrecord", range(cut)), ("shard_10.tfrecord", range(cut, EXAMPLES))):
        data = b"".join(record(example(images[i], int(labels[i]), i % 2 == 0)) for i in part)
        (train / name).write_bytes(data)

    configs, expected = {}, []
    for number, make in enumerate((strided, dilated, flat, leaky)):
        layers, groups, run = make()
        model = folder / f"model_{number + 1}"
        model.mkdir(exist_ok=True)
        (model / "config.json").write_text(json.dumps({"model_config": layers, "input_shape": [5, 6, 2]}, indent=1))
        save(model / "weights.hdf5", groups, number == 3, number == 3)
        if number == 2:
            save(model / "weights_init.hdf5",
                 [(n, [(w, draw.normal(size=a.shape).astype("f4")) for w, a in arrays]) for n, arrays in groups],
                 False, False)
        logits = np.array([run(x.astype("f8")) for x in images])
        correct = int((logits.argmax(axis=1) == labels).sum())
        expected += [[number + 1, i, *row] for i, row in enumerate(logits.tolist())]
        hparams = {
            "convwidth": {"possible_values": [8, 4], "current_value": str([8, 4][number // 2])},
            "dense": {"possible_values": ["128-128", "512"], "current_value": ["128-128", "512"][number % 2]},
        }
        metrics = {"train_acc": correct / EXAMPLES, "test_acc": [0.25, 0.1, 0.3, 0.2][number], "train_loss": 0.5,
                   "test_loss": 1.5}
        configs[str(number + 1) if number < 2 else f"model_{number + 1}"] = {"hparams": hparams, "metrics": metrics}
    (folder / "model_configs.json").write_text(json.dumps(configs, indent=1))
    with open(folder / "expected.csv", "w") as file:
        file.write("model,example,z0,z1,z2\n")
        file.writelines(",".join(map(repr, row)) + "\n" for row in expected)


main()
