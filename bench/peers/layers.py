"""A model as text, read independently of the library: layers with their arguments, and the shape behind each.

The text and the meaning of every argument are those of <ermine/model.h> and src/net/layers/. A layer is a dict:
kind, its arguments under their names, `input` and `output` (height, width, channels), and for `add` and
`concat` the branches, each a list of layers.
"""
import math

# Positional arguments in their order, then the others; the values are the defaults, None has none.
ARGUMENTS = {
    "dense": dict(width="", init="he", scale="1", bias="true", bias_scale="0"),
    "conv": dict(channels="", kernel="3x3", stride="1", dilation="1", padding="same", groups="1", init="he",
                 scale="1", bias="true", bias_scale="0"),
    "max_pool": dict(size=None, stride="", padding="valid"),
    "avg_pool": dict(size=None, stride="", padding="valid"),
    "global_avg_pool": {}, "flatten": {}, "identity": {}, "relu": {}, "tanh": {}, "erf": {}, "softplus": {},
    "leaky_relu": dict(slope="0.01"),
    "gelu": dict(approximate="none"),
    "sin": dict(frequency="1"),
    "monomial": dict(degree="2"),
    "scale": dict(factor=None),
    "gain": dict(start="1"),
    "batch_norm": dict(momentum="0.1", epsilon="1e-5", affine="true"),
    "layer_norm": dict(over="channels", epsilon="1e-5", affine="true"),
    "lrn": dict(size="9", alpha="0.001", beta="0.75", k="1"),
    "dropout": dict(rate=None),
}
JOINS = ("add", "concat")
SIZES = {"kernel", "stride", "dilation", "size"}  # written 3x3, or 3
NUMBERS = {"scale", "bias_scale", "slope", "frequency", "factor", "start", "momentum", "epsilon", "rate", "alpha",
           "beta", "k"}
COUNTS = {"width", "channels", "groups", "degree"}


def split_list(text):
    """The parts of `text` between commas that are in no bracket."""
    parts, depth, start = [], 0, 0
    for i, c in enumerate(text):
        depth += (c == "[") - (c == "]")
        if c == "," and depth == 0:
            parts.append(text[start:i])
            start = i + 1
    return [p.strip() for p in parts + [text[start:]]]


def unbracket(text):
    text = text.strip()
    return text[1:-1] if text.startswith("[") and text.endswith("]") else text


def value(name, text):
    if name in SIZES:
        sides = [int(s) for s in text.split("x")]
        return tuple(sides * 2 if len(sides) == 1 else sides)
    if name in NUMBERS:
        return float(text)
    return int(text) if name in COUNTS else text


def parse_layer(text):
    head, _, rest = text.partition(":")
    if head.strip() in JOINS:
        return {"kind": head.strip(), "branches": [parse(branch) for branch in split_list(unbracket(rest))]}
    kind, *words = text.split()
    if kind not in ARGUMENTS:
        raise ValueError(f"layer {kind!r} is not known here")
    given = dict(ARGUMENTS[kind])
    names = list(given)
    for place, word in enumerate(words):
        key, equals, text_value = word.partition("=")
        key, text_value = (key, text_value) if equals else (names[place], word)
        if key not in given:
            raise ValueError(f"{kind}: argument {key!r} is not known here")
        given[key] = text_value
    if "stride" in given and given["stride"] == "":
        given["stride"] = given["size"]
    layer = {"kind": kind, **{k: value(k, v) for k, v in given.items() if v != ""}}
    if kind == "lrn":
        layer["size"] = layer["size"][0]  # of channels
    return layer


def parse(text):
    """The layers of a model's text."""
    return [parse_layer(part) for part in split_list(unbracket(text))]


def padding(size, kernel, stride, dilation):
    """How much SAME puts before and behind a side, the smaller half before (TensorFlow's rule)."""
    covered = (math.ceil(size / stride) - 1) * stride + (kernel - 1) * dilation + 1
    total = max(0, covered - size)
    return total // 2, total - total // 2


def window(layer, shape, kernel, dilation=(1, 1)):
    """(height, width) of what a window gives that walks over an image."""
    sides = []
    for i in range(2):
        stride = layer["stride"][i]
        reach = (kernel[i] - 1) * dilation[i] + 1
        sides.append((shape[i] - reach) // stride + 1 if layer["padding"] == "valid" else -(-shape[i] // stride))
    return tuple(sides)


def bind(layers, shape, outputs):
    """Notes `input` and `output` in every layer; returns the last output.

    `outputs`: the width or channels of the layer that leaves them out.
    """
    for layer in layers:
        kind = layer["kind"]
        layer["input"] = shape
        if kind == "dense":
            layer.setdefault("width", outputs)
            shape = (1, 1, layer["width"])
        elif kind == "conv":
            layer.setdefault("channels", outputs)
            shape = window(layer, shape, layer["kernel"], layer["dilation"]) + (layer["channels"],)
        elif kind in ("max_pool", "avg_pool"):
            shape = window(layer, shape, layer["size"]) + (shape[2],)
        elif kind == "global_avg_pool":
            shape = (1, 1, shape[2])
        elif kind == "flatten":
            shape = (1, 1, math.prod(shape))
        elif kind in JOINS:
            ends = [bind(branch, shape, outputs) for branch in layer["branches"]]
            if len({end if kind == "add" else end[:2] for end in ends}) != 1:
                raise ValueError(f"{kind}: branches end in {ends}")
            shape = ends[0] if kind == "add" else ends[0][:2] + (sum(end[2] for end in ends),)
        layer["output"] = shape
    return shape


def smooth(layers):
    """Whether the net has a gradient everywhere: no layer with a kink."""
    return not any(layer["kind"] in ("relu", "leaky_relu", "max_pool") or
                   layer["kind"] in JOINS and not all(smooth(branch) for branch in layer["branches"])
                   for layer in layers)


def factors(layer, fan_in):
    """(s, t) of dense and conv: other than 1 in the tangent kernel's parameterisation only."""
    return (layer["scale"] / math.sqrt(fan_in), layer["bias_scale"]) if layer["init"] == "ntk" else (1.0, 1.0)
