"""Does PyTorch find the gradients, the step and the losses that our program found?

    /usr/bin/python3 pytorch_check.py FOLDER...

A folder (README.md) holds a network, its data and what our program computed in float32: here the same is computed by
PyTorch from the same initial weights and batches, tensor by tensor, in float64 and in float32, and compared. What a folder
lacks (gradient.npy, w1.npy, statistics.npy, curve.npy) isn't compared; one that has none of them is an error. A line says
how far we are from PyTorch in either, and behind that how far PyTorch's own float32 is from its float64; where kinks let
members jump, also how many of them part (agreement.py) in each of the three, and when the first does. Exit status 1 on any
disagreement of ours.
"""
import sys

import numpy
import torch

import agreement
import folder as folders
import layers
import pytorch_net

TOLERANCE = 1e-5  # of a gradient, and of a step; in float32 one can't ask for less of sums of a few thousand terms
SMALLEST = 0.1    # a tensor's gradient is measured by its largest value, or by this share of the net's largest: some
                  # are 0 but for rounding, such as those of a bias before batch normalisation
SMOOTH = 1e-5     # of a loss at any step, in a net without kinks


def worst(values):
    """The largest; NaN when one is, which Python's max() would pass over."""
    return float(numpy.max(list(values)))


class Check:
    def __init__(self, folder, dtype):
        self.folder, self.dtype = folder, dtype
        self.net = pytorch_net.build(folder).to(dtype)
        self.x = pytorch_net.inputs(folder).to(dtype)
        self.y = torch.from_numpy(folder.y.astype("int64"))
        self.optimiser = torch.optim.SGD(self.net.parameters(), lr=folder.rate, momentum=folder.momentum)
        self.start(0)

    def start(self, member):
        pytorch_net.load(self.folder, self.net, self.folder.w0[member])
        self.optimiser.state.clear()
        for module in self.net.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.reset_running_stats()
            if isinstance(module, torch.nn.Dropout) and module.p > 0 and self.folder.training:
                raise ValueError("dropout that drops can't be compared: its masks differ")
        self.net.train(self.folder.training)

    def step(self, member, number):
        epoch, batch = divmod(number, self.folder.steps)
        rows = torch.from_numpy(self.folder.order[member, epoch].astype("int64")).split(self.folder.batch)[batch]
        self.optimiser.zero_grad()
        pytorch_net.LOSSES[self.folder.loss](self.net(self.x[rows]), self.y[rows]).backward()
        self.optimiser.step()

    def first_step(self):
        """What the first step of member 0 computes, under the folder's names of it: lists of tensors in float64."""
        before = [p.detach().clone() for p in self.net.parameters()]
        self.step(0, 0)
        parameters, norms = list(self.net.parameters()), [
            m for m in self.net.modules() if isinstance(m, torch.nn.BatchNorm2d)]
        found = {
            "gradient": [p.grad for p in parameters],
            "w1": [p.detach() for p in parameters],
            "step": [p.detach() - b for p, b in zip(parameters, before)],
            "statistics": [torch.cat([t for m in norms for t in (m.running_mean, m.running_var)])] if norms else [],
        }
        return {name: [t.clone().double() for t in tensors] for name, tensors in found.items()}

    def curves(self):
        for member, curve in enumerate(self.folder.curve):
            self.start(member)
            done, theirs = 0, []
            for step, _ in curve:
                while done < step:
                    self.step(member, done)
                    done += 1
                theirs.append((step, pytorch_net.loss_over(self.folder, self.net, self.x, self.y)))
            yield theirs


def apart(name, ours, theirs):
    """The largest difference of two lists of tensors, in units of TOLERANCE of what it is measured by."""
    if name == "statistics":
        return worst(float((a - b).abs().max() / (TOLERANCE * b.abs().max())) for a, b in zip(ours, theirs[name]))
    sizes = theirs["gradient" if name == "gradient" else "step"]
    rounding = float(numpy.finfo("float32").eps) if name == "w1" else 0.0  # of a weight as it is stored
    least = SMALLEST * max(float(s.abs().max()) for s in sizes)
    return worst(
        float(((a - b).abs() / (TOLERANCE * max(least, float(s.abs().max())) + rounding * b.abs())).max())
        for a, b, s in zip(ours, theirs[name], sizes, strict=True))


def compare_steps(folder, exact, single):
    """(what, agrees, text) of each array of the first step that the folder has."""
    exact, single = exact.first_step(), single.first_step()
    for name, what in (("gradient", "gradient"), ("w1", "one step"), ("statistics", "statistics")):
        block = getattr(folder, name)
        if block is None:
            continue
        ours = [torch.from_numpy(block).double()] if name == "statistics" else [
            t.double() for t in pytorch_net.from_block(folder, block)]
        differences = apart(name, ours, exact), apart(name, ours, single)
        texts = [f"{d * TOLERANCE:8.1e}" for d in (*differences, apart(name, single[name], exact))]
        yield what, all(d <= 1 for d in differences), "%s %s %s" % tuple(texts) + f"   of {TOLERANCE:g}"


def said_partings(pairs):
    """How many members part in each pair of curves, and when the first does."""
    words = []
    for ours, theirs in pairs:
        steps = agreement.partings(ours, theirs)
        words.append(f"{len(steps)} from step {steps[0]}" if steps else "none")
    return f"   parted of {len(pairs[0][0])}: {', '.join(words)}"


def compare_curves(folder, exact, single):
    """(what, agrees, text) of the losses: without kinks of all steps, else of the first ones and the later ones."""
    exact, single = list(exact.curves()), list(single.curves())
    pairs = (folder.curve, exact), (folder.curve, single), (single, exact)
    found = [[worst(part) for part in zip(*(agreement.apart(a, b) for a, b in zip(*pair)))] for pair in pairs]
    steps = int(folder.curve[0, -1, 0])
    if layers.smooth(folder.layers):
        values = [max(early_later) for early_later in found]
        yield f"{steps} steps", max(values[:2]) <= SMOOTH, "%8.1e %8.1e %8.1e" % tuple(values) + f"   of {SMOOTH:g}"
        return
    wrong = ""
    for ours, theirs in pairs[:2]:
        try:
            agreement.check(ours, theirs)
        except agreement.Disagreement as disagreement:
            wrong = f"; {disagreement}"
    parted = said_partings(pairs)
    for part, what, bound in ((0, f"{min(steps, agreement.EARLY_STEPS)} steps", agreement.EARLY),
                              (1, f"{steps} steps", agreement.LATER)):
        if part == 0 or steps > agreement.EARLY_STEPS:
            text = "%8.1e %8.1e %8.1e" % tuple(values[part] for values in found)
            yield what, not wrong, f"{text}   of {agreement.WIDER * bound:g}, median {bound:g}{parted * part}{wrong}"


def check(path):
    """Prints a line for each thing compared; True when all agree."""
    folder, lines = folders.Folder(path), []
    exact, single = Check(folder, torch.float64), Check(folder, torch.float32)
    if folder.gradient is not None or folder.w1 is not None or folder.statistics is not None:
        lines += compare_steps(folder, exact, single)
    if folder.curve is not None:
        lines += compare_curves(folder, exact, single)
    if not lines:
        lines.append(("nothing", False, "the folder has nothing to compare"))
    for what, agrees, text in lines:
        print(f"{folder.id:20} {what:12} {'agrees' if agrees else 'DIFFERS':8} {text}", flush=True)
    return all(agrees for _, agrees, _ in lines)


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    print(f"PyTorch {torch.__version__}; how far ours is from its float64, from its float32, and it from itself")
    return 0 if all([check(path) for path in sys.argv[1:]]) else 1


if __name__ == "__main__":
    sys.exit(main())
