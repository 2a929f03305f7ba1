#!/usr/bin/env python3
"""Kernels of infinite width in Neural Tangents: neural_tangents_kernel.py FOLDER... [--float64] [--seconds S] [--cpu I]

Each folder is what `bench_limit --export` wrote: a model, points, and our K and Theta of all pairs. Neural Tangents' must be
ours first: 1e-5 of the largest entry in float32, 1e-10 in float64. Then blocks of pairs, of one set of points with
another, are computed for S seconds (10), K and Theta together, in blocks of several sizes; the best time of an entry counts.
Its own kernel of a set with itself costs as much for each of all n^2 entries: it doesn't use the symmetry. One JSON object
a folder.
"""
import argparse
import functools
import json
import os
import time

import numpy

import layers

AGREES = {"float32": 1e-5, "float64": 1e-10}
AGREES_POOLED = {"float32": 1e-3, "float64": 1e-10}  # README.md: its float32 is 1e-4 from its own float64
SIDES = {"pooled": (1, 2), "images": (32, 128), "vectors": (256, 1024)}  # of the blocks


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--float64", action="store_true")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--cpu", type=int, help="run on this one only")
    args = parser.parse_args()
    if args.cpu is not None:
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[args.cpu]})
    return args


ARGS = arguments()  # before JAX counts the processors
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # Neural Tangents brings TensorFlow with it, which has much to say
import jax  # noqa: E402

jax.config.update("jax_enable_x64", ARGS.float64)
import neural_tangents  # noqa: E402
from neural_tangents import stax  # noqa: E402

ACTIVATIONS = {"relu": stax.Relu, "erf": stax.Erf, "gelu": stax.Gelu}


def one_layer(layer, weight_std, bias_std):
    kind = layer["kind"]
    if kind == "dense":
        return stax.Dense(layer["width"], W_std=weight_std, b_std=bias_std)
    if kind == "conv":
        return stax.Conv(layer["channels"], layer["kernel"], layer["stride"], layer["padding"].upper(),
                         W_std=weight_std, b_std=bias_std)
    if kind == "avg_pool":
        return stax.AvgPool(layer["size"], layer["stride"], layer["padding"].upper(), normalize_edges=True)
    if kind in ("global_avg_pool", "flatten"):
        return {"global_avg_pool": stax.GlobalAvgPool, "flatten": stax.Flatten}[kind]()
    return ACTIVATIONS[kind]()


class Row:
    def __init__(self, path):
        with open(os.path.join(path, "model.json"), encoding="utf-8") as file:
            about = json.load(file)
        self.id, shape = about["id"], tuple(about["input"])
        described = layers.parse(about["model"])
        layers.bind(described, shape, 1)
        images = any(layer["kind"] == "conv" for layer in described)
        pooled = any(layer["kind"] in ("avg_pool", "global_avg_pool") for layer in described)
        self.agrees = AGREES_POOLED if pooled else AGREES
        self.sides = SIDES["pooled" if pooled else "images" if images else "vectors"]
        _, _, kernel = stax.serial(*[one_layer(layer, about["weight_std"], about["bias_std"]) for layer in described])
        self.kernel = jax.jit(functools.partial(kernel, get=("nngp", "ntk")))
        self.x, self.k, self.theta = (numpy.load(os.path.join(path, name + ".npy")) for name in ("x", "k", "theta"))
        self.x = self.x.reshape((len(self.x),) + (shape if images else (-1,)))

    def block(self, first, second):
        got = self.kernel(first, second)
        return numpy.asarray(got.nngp), numpy.asarray(got.ntk)

    def agree(self, kind):
        """How far the farthest entry is, of the largest. All pairs but those of a point with itself."""
        n = len(self.k)
        pairs = ~numpy.eye(n, dtype=bool)
        worst = max(float(numpy.abs(theirs - ours)[pairs].max() / numpy.abs(ours).max())
                    for ours, theirs in zip((self.k, self.theta), self.block(self.x[:n], self.x[:n])))
        if not worst <= self.agrees[kind]:
            raise SystemExit(f"{self.id}: an entry of Neural Tangents is {worst:.3g} of the largest away from ours")
        return worst

    def timed(self, side, seconds):
        """Seconds of an entry in blocks of side x side, or None where there are too few points."""
        if 2 * side > len(self.x):
            return None
        first, second = self.x[:side], self.x[side:2 * side]
        self.block(first, second)  # compiles
        best, until = float("inf"), time.perf_counter() + seconds
        while best == float("inf") or time.perf_counter() < until:
            start = time.perf_counter()
            self.block(first, second)
            best = min(best, (time.perf_counter() - start) / side**2)
        return best


def main():
    kind = "float64" if ARGS.float64 else "float32"
    for folder in ARGS.folders:
        row = Row(folder)
        row.x = row.x.astype(kind)
        worst = row.agree(kind)
        times = {side: row.timed(side, ARGS.seconds) for side in row.sides}
        times = {side: s for side, s in times.items() if s is not None}
        side = min(times, key=times.get)
        print(json.dumps({"id": row.id, "peer": f"neural-tangents {neural_tangents.__version__}",
                          "jax": jax.__version__, "precision": kind, "threads": len(os.sched_getaffinity(0)),
                          "entry_s": times[side], "block": side, "differs": worst,
                          "blocks": {str(s): t for s, t in times.items()}}), flush=True)


if __name__ == "__main__":
    main()
