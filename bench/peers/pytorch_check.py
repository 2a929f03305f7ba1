"""Does PyTorch find the gradients, the step and the losses that our program found?

    /usr/bin/python3 pytorch_check.py FOLDER...

A folder (README.md) holds a network, its data and what our program computed: here the same is computed by PyTorch in
float64 from the same initial weights and batches, tensor by tensor, and compared. What a folder lacks (gradient.npy,
w1.npy, statistics.npy, curve.npy) isn't compared; one that has none of them is an error. Exit status 1 on any
disagreement.
"""
import sys

import numpy
import torch

import agreement
import folder as folders
import pytorch_net

TOLERANCE = 1e-5  # of a gradient, and of a step; in float32 one can't ask for less of sums of a few thousand terms
SMALLEST = 0.1    # a tensor's gradient is measured by its largest value, or by this share of the net's largest: some
                  # are 0 but for rounding, such as those of a bias before batch normalisation


def worst(values):
    """The largest; NaN when one is, which Python's max() would pass over."""
    return float(numpy.max(list(values)))


class Check:
    def __init__(self, path):
        self.folder = folder = folders.Folder(path)
        self.net = pytorch_net.build(folder).double()
        self.x = pytorch_net.inputs(folder).double()
        self.y = torch.from_numpy(folder.y.astype("int64"))
        self.optimiser = torch.optim.SGD(self.net.parameters(), lr=folder.rate, momentum=folder.momentum)
        self.start(0)

    def start(self, member):
        pytorch_net.load(self.folder, self.net, self.folder.w0[member])
        self.optimiser.state.clear()
        for module in self.net.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.reset_running_stats()
            if isinstance(module, torch.nn.Dropout) and module.p > 0:
                raise ValueError("dropout that drops can't be compared: its masks differ")
        self.net.train()

    def step(self, member, number):
        epoch, batch = divmod(number, self.folder.steps)
        rows = torch.from_numpy(self.folder.order[member, epoch].astype("int64")).split(self.folder.batch)[batch]
        self.optimiser.zero_grad()
        pytorch_net.LOSSES[self.folder.loss](self.net(self.x[rows]), self.y[rows]).backward()
        self.optimiser.step()

    def tensors(self, block):
        return [t.double() for t in pytorch_net.from_block(self.folder, block)]

    def first_step(self):
        """(what, difference in units of what is allowed) of the first step of member 0."""
        folder, before = self.folder, [p.detach().clone() for p in self.net.parameters()]
        self.step(0, 0)
        parameters = list(self.net.parameters())
        if folder.gradient is not None:
            theirs = [p.grad for p in parameters]
            least = SMALLEST * max(float(g.abs().max()) for g in theirs)
            yield "gradient", worst(float((a - b).abs().max()) / (TOLERANCE * max(least, float(b.abs().max())))
                                    for a, b in zip(self.tensors(folder.gradient), theirs))
        if folder.w1 is not None:
            rounding = float(numpy.finfo("float32").eps)  # of a weight as it is stored
            least = SMALLEST * max(float((p - b).abs().max()) for p, b in zip(parameters, before))
            yield "one step", worst(
                float(((a - p).abs() / (TOLERANCE * max(least, float((p - b).abs().max())) + rounding * p.abs())).max())
                for a, p, b in zip(self.tensors(folder.w1), [p.detach() for p in parameters], before))
        if folder.statistics is not None:
            theirs = torch.cat([torch.cat([m.running_mean, m.running_var]) for m in self.net.modules()
                                if isinstance(m, torch.nn.BatchNorm2d)])
            ours = torch.from_numpy(folder.statistics).double()
            yield "statistics", float((ours - theirs).abs().max() / (TOLERANCE * theirs.abs().max()))

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


def check(path):
    """Prints a line for each thing compared; True when all agree."""
    inspected = Check(path)
    folder, lines = inspected.folder, []
    for what, apart in inspected.first_step():
        lines.append((what, apart <= 1, f"{apart * TOLERANCE:.1e} of {TOLERANCE:g}"))
    if folder.curve is not None:
        try:
            found = agreement.check(folder.curve, list(inspected.curves()))
            lines.append((f"{int(folder.curve[0, -1, 0])} steps", True,
                          f"{found['early'][0]:.1e} of {agreement.EARLY:g}, later {found['later'][0]:.1e} of "
                          f"{agreement.LATER:g}"))
        except agreement.Disagreement as wrong:
            lines.append((f"{int(folder.curve[0, -1, 0])} steps", False, str(wrong)))
    if not lines:
        lines.append(("nothing", False, "the folder has nothing to compare"))
    for what, agrees, text in lines:
        print(f"{folder.id:28} {what:12} {'agrees' if agrees else 'DIFFERS':8} {text}")
    return all(agrees for _, agrees, _ in lines)


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    print(f"PyTorch {torch.__version__}, float64")
    return 0 if all([check(path) for path in sys.argv[1:]]) else 1


if __name__ == "__main__":
    sys.exit(main())
