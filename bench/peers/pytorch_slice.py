#!/usr/bin/env python3
"""A slice of the loss in PyTorch: pytorch_slice.py FOLDER... [--seconds S]

Each folder is what `bench_slice --export` wrote: data, a plane, a grid and our values. PyTorch's values at some of the
points, in float64 and float32, must be ours; then points are computed for S seconds (3), one after the other as
practitioners do: weights w = origin + a u + b v, forward over all examples, mean loss and wrong predictions. On one thread
and on all, the better counts. One JSON object a folder and way.
"""
import argparse
import json
import os
import time

import numpy
import torch

import layers
import pytorch_net

SAMPLED, LOSS_AGREES, ERRORS_AGREE = 40, 1e-5, 2


class Slice:
    def __init__(self, path):
        with open(os.path.join(path, "model.json"), encoding="utf-8") as file:
            about = json.load(file)
        self.id, self.input = about["id"], tuple(about["input"])
        self.layers = layers.parse(about["model"])
        layers.bind(self.layers, self.input, about["classes"])
        for name in ("x", "y", "origin", "u", "v", "points", "values"):
            setattr(self, name, numpy.load(os.path.join(path, name + ".npy")))
        self.x = self.x.reshape((len(self.x),) + self.input)


def prepare(what, kind):
    """The network, its parameters, the plane as lists of tensors like them, and the data."""
    net = pytorch_net.build(what).to(kind).eval()
    axes = [[t.to(kind) for t in pytorch_net.from_block(what, block)] for block in (what.origin, what.u, what.v)]
    y = torch.from_numpy(what.y.astype(numpy.int64))
    return net, list(net.parameters()), axes, pytorch_net.inputs(what).to(kind), y


def point(prepared, a, b):
    net, parameters, (origin, u, v), x, y = prepared
    with torch.no_grad():
        for p, o, along, beside in zip(parameters, origin, u, v):
            torch.add(o, along, alpha=a, out=p)
            p.add_(beside, alpha=b)
        f = net(x)
        return float(torch.nn.functional.cross_entropy(f, y)), int((f.argmax(1) != y).sum())


def agree(what):
    worst = [0.0, 0.0]
    some = numpy.linspace(0, len(what.points) - 1, SAMPLED).astype(int)
    for k, kind in enumerate((torch.float64, torch.float32)):
        prepared = prepare(what, kind)
        for i in some:
            loss, errors = point(prepared, *map(float, what.points[i]))
            ours, wrong = what.values[i][0], round(what.values[i][1] * len(what.y))
            worst[k] = max(worst[k], abs(loss - ours) / loss)
            if abs(loss - ours) > LOSS_AGREES * loss or abs(errors - wrong) > ERRORS_AGREE:
                raise SystemExit(f"{what.id}: point {i}: loss {loss} and {errors} errors, ours {ours} and {wrong}")
    return worst


def timed(what, threads, seconds):
    torch.set_num_threads(threads)
    prepared = prepare(what, torch.float32)
    point(prepared, 0.0, 0.0)
    done, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        point(prepared, *map(float, what.points[done % len(what.points)]))
        done += 1
    return done / (time.perf_counter() - begin)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--seconds", type=float, default=3)
    options = parser.parse_args()
    for folder in options.folders:
        what = Slice(folder)
        worst = agree(what)
        for threads in sorted({1, len(os.sched_getaffinity(0))}):
            print(json.dumps({"id": what.id, "peer": f"torch {torch.__version__}", "threads": threads,
                              "points_per_s": round(timed(what, threads, options.seconds), 2),
                              "differs_float64": worst[0], "differs_float32": worst[1]}), flush=True)


if __name__ == "__main__":
    main()
