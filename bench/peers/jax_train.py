"""JAX's side of a row: jit, vmap over the members, scan over the steps of an epoch (worker.py says how it is asked).

    build/peers-venv/bin/python jax_train.py FOLDER [--members A:B] [--threads T] [--cpu I] [--serial]

Batches are gathered inside the scan, weights and momentum are donated. --serial: the members one after the other,
without vmap.
"""
import os

import worker

args = worker.arguments(serial="one member after the other, without vmap")
os.environ["JAX_PLATFORMS"] = "cpu"
if args.threads == 1:  # read when JAX is loaded
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import functools
import math

import jax
import jax.numpy as jnp
from jax import lax

import folder as folders


def window(x, layer, start, operation):
    size, stride = (1, *layer["size"], 1), (1, *layer["stride"], 1)
    return lax.reduce_window(x, start, operation, size, stride, layer["padding"].upper())


def dense(layer, parameters, x):
    y = x.reshape(len(x), -1) @ parameters[0]
    return y + parameters[1] if len(parameters) > 1 else y


def conv(layer, parameters, x):
    y = lax.conv_general_dilated(x, parameters[0], layer["stride"], layer["padding"].upper(),
                                 rhs_dilation=layer["dilation"], dimension_numbers=("NHWC", "HWIO", "NHWC"),
                                 feature_group_count=layer["groups"])
    return y + parameters[1] if len(parameters) > 1 else y


def avg_pool(layer, parameters, x):
    return window(x, layer, 0.0, lax.add) / math.prod(layer["size"])


LAYERS = {
    "dense": dense, "conv": conv, "avg_pool": avg_pool,
    "max_pool": lambda l, p, x: window(x, l, -jnp.inf, lax.max),
    "relu": lambda l, p, x: jax.nn.relu(x),
    "tanh": lambda l, p, x: jnp.tanh(x),
}


def split(layers, block):
    """A list of [W, beta] or [] for each layer, from our block (whose layouts are JAX's own)."""
    parameters, at = [], 0

    def take(shape):
        nonlocal at
        at += math.prod(shape)
        return block[at - math.prod(shape):at].reshape(shape)

    for layer in layers:
        if layer["kind"] not in LAYERS or layer["kind"] == "avg_pool" and layer["padding"] != "valid":
            raise ValueError(f"layer {layer['kind']} is not written for JAX here")
        shape = {"dense": (math.prod(layer["input"]), layer.get("width")),
                 "conv": (*layer.get("kernel", ()), layer["input"][2] // layer.get("groups", 1), layer["output"][2]),
                 }.get(layer["kind"])
        own = [take(shape)] if shape else []
        parameters.append(own + [take(shape[-1:])] if own and layer["bias"] == "true" else own)
    return parameters


class Ensemble:
    def __init__(self, folder, members, serial):
        self.folder, self.serial = folder, serial
        self.x, self.y = jnp.asarray(folder.x), jnp.asarray(folder.y)
        self.n = len(folder.w0[members])
        order = folder.order[members]
        self.order = jnp.asarray(order.reshape(self.n, order.shape[1], folder.steps, folder.batch))
        starts = [split(folder.layers, w) for w in folder.w0[members]]
        self.start = jax.tree_util.tree_map(lambda *w: jnp.stack(w), *starts)
        both = (lambda f: f) if serial else jax.vmap
        self.steps = jax.jit(lambda x, y, state, order: both(functools.partial(self.scan, x, y))(state, order),
                             donate_argnums=2)
        self.losses = jax.jit(lambda x, y, w: both(lambda w: self.loss(w, x, y))(w))

    def loss(self, w, x, y):
        for layer, parameters in zip(self.folder.layers, w):
            x = LAYERS[layer["kind"]](layer, parameters, x)
        x = jax.nn.log_softmax(x.reshape(len(x), -1))
        return -jnp.mean(jnp.take_along_axis(x, y[:, None], axis=1))

    def scan(self, x, y, state, order):
        def step(state, batch):
            w, v = state
            g = jax.grad(self.loss)(w, x[batch], y[batch])
            v = jax.tree_util.tree_map(lambda v, g: self.folder.momentum * v + g, v, g)
            w = jax.tree_util.tree_map(lambda w, v: w - self.folder.rate * v, w, v)
            return (w, v), None

        return lax.scan(step, state, order)[0]

    def parts(self):
        """(initial state, orders) of what is trained in one call: all members, or each."""
        for m in range(self.n) if self.serial else [slice(None)]:
            w = jax.tree_util.tree_map(lambda w: jnp.array(w[m]), self.start)
            yield (w, jax.tree_util.tree_map(jnp.zeros_like, w)), self.order[m]

    def train(self, epochs):
        for state, order in self.parts():
            for epoch in range(epochs):
                state = self.steps(self.x, self.y, state, order[..., epoch % order.shape[-3], :, :])
            jax.block_until_ready(state)

    def curves(self, steps):
        curves = []
        for state, order in self.parts():
            order = order.reshape(*order.shape[:-3], -1, order.shape[-1])
            columns, done = [], 0
            for step in steps:
                if step > done:
                    state = self.steps(self.x, self.y, state, order[..., done:step, :])
                    done = step
                columns.append(jnp.atleast_1d(self.losses(self.x, self.y, state[0])))
            for losses in zip(*columns):
                curves.append([(step, float(loss)) for step, loss in zip(steps, losses)])
        return curves


def main():
    folder = folders.Folder(args.folder)
    if folder.loss != "cross-entropy" or folder.examples % folder.batch:
        raise ValueError("rows are trained with cross-entropy in whole batches here")
    ensemble = Ensemble(folder, args.members, args.serial)
    worker.serve(ensemble, folder.curve[args.members], {"peer": "jax", "version": jax.__version__})


if __name__ == "__main__":
    main()
