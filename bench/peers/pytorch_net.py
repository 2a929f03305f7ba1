"""Layers as PyTorch modules, and parameters between our block and PyTorch's tensors.

Images are NCHW inside. A dense layer that reads an image has its rows permuted from our H, W, C to PyTorch's C, H,
W once, so that nn.Flatten does; the layer `flatten` puts the values themselves into our order.
"""
import math

import numpy
import torch
import torch.nn.functional as F
from torch import nn

import layers as text


class Apply(nn.Module):
    """A function of each value, without parameters."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class Reorder(nn.Module):
    """The layer `flatten`: our order of an image's values."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).reshape(len(x), -1, 1, 1)


class Padded(nn.Module):
    """A convolution or pooling behind a padding that PyTorch's own argument doesn't offer."""

    def __init__(self, pad, inner):
        super().__init__()
        self.pad, self.inner = pad, inner

    def forward(self, x):
        return self.inner(self.pad(x))


class Divided(nn.Module):
    """A pooling divided by the share of real pixels in each window."""

    def __init__(self, inner, share):
        super().__init__()
        self.inner = inner
        self.register_buffer("share", share)

    def forward(self, x):
        return self.inner(x) / self.share


class Scaled(nn.Module):
    """s (W x) + t beta: a linear map in another parameterisation."""

    def __init__(self, inner, s, t):
        super().__init__()
        self.inner, self.s, self.t = inner, s, t
        self.beta = nn.ParameterList([inner.bias] if inner.bias is not None else [])  # behind the weights, as ours
        inner.bias = None

    def forward(self, x):
        y = self.s * self.inner(x)
        return y + self.t * self.beta[0].view((-1,) + (1,) * (y.dim() - 2)) if len(self.beta) else y


class Gain(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))

    def forward(self, x):
        return self.weight * x


class ChannelNorm(nn.LayerNorm):
    """Layer normalisation over the channels of each position."""

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Add(nn.Module):
    def __init__(self, branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        return sum(branch(x) for branch in self.branches)


class Concat(nn.Module):
    def __init__(self, branches):
        super().__init__()
        self.branches = nn.ModuleList(branches)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], 1)


def sides(layer, kernel, dilation):
    """((top, bottom), (left, right)) of the layer's padding."""
    if layer["padding"] == "valid":
        return (0, 0), (0, 0)
    return tuple(text.padding(layer["input"][i], kernel[i], layer["stride"][i], dilation[i]) for i in range(2))


def circular(layer, vertical, horizontal):
    """Rows and columns continued beyond the edges, modulo the size."""
    rows = torch.arange(-vertical[0], layer["input"][0] + vertical[1]) % layer["input"][0]
    columns = torch.arange(-horizontal[0], layer["input"][1] + horizontal[1]) % layer["input"][1]
    return lambda x: x.index_select(2, rows).index_select(3, columns)


def zeros(vertical, horizontal, filling=0.0):
    return lambda x: F.pad(x, (*horizontal, *vertical), value=filling)


def conv(layer):
    vertical, horizontal = sides(layer, layer["kernel"], layer["dilation"])
    symmetric = vertical[0] == vertical[1] and horizontal[0] == horizontal[1] and layer["padding"] != "circular"
    inner = nn.Conv2d(layer["input"][2], layer["channels"], layer["kernel"], stride=layer["stride"],
                      padding=(vertical[0], horizontal[0]) if symmetric else 0, dilation=layer["dilation"],
                      groups=layer["groups"], bias=layer["bias"] == "true")
    fan_in = math.prod(layer["kernel"]) * layer["input"][2] // layer["groups"]
    inner = scaled(inner, layer, fan_in)
    if symmetric:
        return inner
    pad = circular(layer, vertical, horizontal) if layer["padding"] == "circular" else zeros(vertical, horizontal)
    return Padded(pad, inner)


def scaled(inner, layer, fan_in):
    s, t = text.factors(layer, fan_in)
    return inner if s == 1 and t == 1 else Scaled(inner, s, t)


def dense(layer):
    fan_in = math.prod(layer["input"])
    inner = scaled(nn.Linear(fan_in, layer["width"], bias=layer["bias"] == "true"), layer, fan_in)
    return nn.Sequential(nn.Flatten(), inner)


def pool(layer):
    largest = layer["kind"] == "max_pool"
    module = (nn.MaxPool2d if largest else nn.AvgPool2d)(layer["size"], stride=layer["stride"])
    vertical, horizontal = sides(layer, layer["size"], (1, 1))
    if not any(vertical + horizontal):
        return module
    if largest:
        return Padded(zeros(vertical, horizontal, -math.inf), module)
    pad = zeros(vertical, horizontal)
    real = module(pad(torch.ones(1, 1, *layer["input"][:2])))  # the share of real pixels in each window
    return Padded(pad, Divided(module, real))


def layer_norm(layer):
    affine, height_width, channels = layer["affine"] == "true", layer["input"][:2], layer["input"][2]
    if layer["over"] == "example":
        return nn.LayerNorm([channels, *height_width], eps=layer["epsilon"], elementwise_affine=affine)
    return ChannelNorm(channels, eps=layer["epsilon"], elementwise_affine=affine)


MODULES = {
    "dense": dense, "conv": conv, "max_pool": pool, "avg_pool": pool, "layer_norm": layer_norm,
    "flatten": lambda l: Reorder(),
    "global_avg_pool": lambda l: nn.AdaptiveAvgPool2d(1),
    "identity": lambda l: nn.Identity(),
    "relu": lambda l: nn.ReLU(),
    "leaky_relu": lambda l: nn.LeakyReLU(l["slope"]),
    "tanh": lambda l: nn.Tanh(),
    "erf": lambda l: Apply(torch.erf),
    "gelu": lambda l: nn.GELU(approximate=l["approximate"]),
    "sin": lambda l: Apply(lambda x: torch.sin(l["frequency"] * x)),
    "monomial": lambda l: Apply(lambda x: x ** l["degree"]),
    "softplus": lambda l: nn.Softplus(threshold=1e4),  # PyTorch's default leaves log(1 + e^x) for x beyond 20
    "scale": lambda l: Apply(lambda x: l["factor"] * x),
    "gain": lambda l: Gain(),
    "batch_norm": lambda l: nn.BatchNorm2d(l["input"][2], eps=l["epsilon"], momentum=l["momentum"],
                                           affine=l["affine"] == "true"),
    "lrn": lambda l: nn.LocalResponseNorm(l["size"], alpha=l["alpha"], beta=l["beta"], k=l["k"]),
    "dropout": lambda l: nn.Dropout(l["rate"]),
    "add": lambda l: Add([build_list(branch) for branch in l["branches"]]),
    "concat": lambda l: Concat([build_list(branch) for branch in l["branches"]]),
}


def build_list(layers):
    made = []
    for layer in layers:
        made.append(MODULES[layer["kind"]](layer))
        if layer["kind"] == "dense":
            made.append(nn.Unflatten(1, (layer["width"], 1, 1)))  # in general vectors are images of one pixel
    return nn.Sequential(*made)


# What takes rows of vectors as it takes images.
ANY_SHAPE = (nn.ReLU, nn.LeakyReLU, nn.Tanh, nn.GELU, nn.Softplus, nn.Dropout, nn.Identity, Apply, Gain)


def steps(module):
    for part in module:
        if type(part) is nn.Sequential:
            yield from steps(part)
        else:
            yield part


def is_linear(part):
    return isinstance(part.inner if isinstance(part, Scaled) else part, nn.Linear)


def build(folder):
    """A net as one writes it by hand, without needless reshaping, for x as inputs() gives it.

    Its parameters() are in the order of our block.
    """
    vectors = folder.input[:2] == (1, 1)
    owed = nn.Unflatten(1, (folder.input[2], 1, 1)) if vectors else None  # what would make images of the rows
    kept = []
    for part in steps(build_list(folder.layers)):
        if isinstance(part, nn.Unflatten):
            owed = part
        elif isinstance(part, nn.Flatten) and owed is not None:
            continue
        else:
            if owed is not None and not is_linear(part) and not isinstance(part, ANY_SHAPE):
                kept.append(owed)
                owed = None
            kept.append(part)
    return nn.Sequential(*kept, *([nn.Flatten()] if owed is None else []))


def inputs(folder):
    """Our rows x H x W x C as PyTorch's rows x C x H x W, or rows x D."""
    x = torch.from_numpy(numpy.ascontiguousarray(folder.x.transpose(0, 3, 1, 2)))
    return x.flatten(1) if folder.input[:2] == (1, 1) else x


def shapes(layers):
    """For each parameter in its order: (shape in our block, the axes of PyTorch's tensor, its shape)."""
    for layer in layers:
        kind, (height, width, channels) = layer["kind"], layer["input"]
        if kind in text.JOINS:
            for branch in layer["branches"]:
                yield from shapes(branch)
        elif kind == "dense":
            out = layer["width"]
            yield (height, width, channels, out), (3, 2, 0, 1), (out, height * width * channels)
            if layer["bias"] == "true":
                yield (out,), (0,), (out,)
        elif kind == "conv":
            out, each = layer["channels"], channels // layer["groups"]
            yield (*layer["kernel"], each, out), (3, 2, 0, 1), (out, each, *layer["kernel"])
            if layer["bias"] == "true":
                yield (out,), (0,), (out,)
        elif kind == "gain":
            yield (1,), (0,), (1,)
        elif kind == "batch_norm" and layer["affine"] == "true" or kind == "layer_norm" and layer["affine"] == "true":
            whole = kind == "layer_norm" and layer["over"] == "example"
            for _ in range(2):
                if whole:
                    yield (height, width, channels), (2, 0, 1), (channels, height, width)
                else:
                    yield (channels,), (0,), (channels,)


def from_block(folder, block):
    """PyTorch's tensors of a block of parameters, or of a gradient."""
    tensors, at = [], 0
    for ours, axes, theirs in shapes(folder.layers):
        n = math.prod(ours)
        tensors.append(torch.from_numpy(numpy.array(block[at:at + n].reshape(ours).transpose(axes).reshape(theirs))))
        at += n
    if at != len(block):
        raise ValueError(f"{len(block)} parameters there, {at} by the model's text")
    return tensors


def load(folder, net, block):
    """Puts a block into a net."""
    tensors = from_block(folder, block)
    with torch.no_grad():
        for parameter, tensor in zip(net.parameters(), tensors, strict=True):
            parameter.copy_(tensor)


LOSSES = {
    "cross-entropy": F.cross_entropy,
    "mean-squared": lambda f, y: 0.5 * (f - F.one_hot(y, f.shape[1])).square().sum(1).mean(),
}


def loss_over(folder, net, x, y):
    """The mean loss over a whole set, as our records have it: in evaluation mode, summed in double."""
    net.eval()
    with torch.no_grad():
        total = sum(float(LOSSES[folder.loss](net(x[i:i + 512]), y[i:i + 512])) * len(y[i:i + 512])
                    for i in range(0, len(y), 512))
    net.train()
    return total / len(y)
