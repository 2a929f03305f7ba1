"""Deep matrix factorisation in PyTorch: the loop of the paper's code (README.md, "Deep matrix factorisation").

    pytorch_factorise.py FOLDER --way index|mask|batch [--single] [--members A:B] [--threads T] [--cpu I] [--seconds S]

FOLDER is what `bench_factorise --export` wrote. Prints {"differs": D} when the losses of the first steps are ours, or ends
with status 1 and a word; then, for every line on the input, trains for S seconds and prints {"steps_per_s": R}, a step being
one of one member.
"""
import argparse
import functools
import json
import os
import sys
import time

import numpy
import torch

AGREES = {torch.float64: 1e-9, torch.float32: 1e-3}  # of how far the loss falls,
ROUNDINGS = 4  # and so many of the loss itself
LARGE = 1e5  # entries of a matrix whose steps are slow: fewer are compared, and the clock is looked at after each
BETWEEN, AGREED_LARGE = 50, 10  # steps between two looks otherwise; steps that are compared then


class Folder:
    def __init__(self, path, members):
        with open(os.path.join(path, "factorise.json"), encoding="utf-8") as file:
            self.__dict__.update(json.load(file))
        first, last = map(int, members.split(":")) if members else (0, self.members)
        load = lambda name: torch.from_numpy(numpy.load(os.path.join(path, name + ".npy")))  # noqa: E731
        self.row, self.column, self.value = load("row").long(), load("column").long(), load("value")
        self.start = [load(f"start_{j}")[first:last] for j in range(1, self.depth + 1)]
        self.loss = load("loss").numpy()[first:last]


class GroupRMSprop(torch.optim.Optimizer):
    """One scale for all parameters; with `batch` one for each of the runs that are stacked in them."""

    def __init__(self, parameters, folder, batch):
        super().__init__(parameters, {"lr": folder.rate, "alpha": folder.decay, "eps": folder.epsilon})
        self.square, self.t, self.batch = 0.0, 0, batch

    @torch.no_grad()
    def step(self):
        group = self.param_groups[0]
        gradients = [p.grad for p in group["params"]]
        axes = {"dim": (1, 2), "keepdim": True} if self.batch else {}
        square = sum(g.pow(2).sum(**axes) for g in gradients)
        self.t += 1
        self.square = group["alpha"] * self.square + (1 - group["alpha"]) * square
        step = group["lr"] / ((self.square / (1 - group["alpha"] ** self.t)).sqrt() + group["eps"])
        for p, g in zip(group["params"], gradients):
            if self.batch:
                p.sub_(g.mul_(step))
            else:
                p.sub_(g, alpha=float(step))


class Run:
    """One member, or with the way `batch` all of them at once."""

    def __init__(self, folder, way, kind, members):
        self.batch, self.way, self.folder = way == "batch", way, folder
        pick = (lambda t: t) if self.batch else (lambda t: t[members])
        self.factors = [torch.nn.Parameter(pick(start).to(kind).clone()) for start in folder.start]
        self.optimiser = GroupRMSprop(self.factors, folder, self.batch)
        self.value = folder.value.to(kind)
        self.mask = torch.zeros(folder.rows, folder.columns, dtype=kind)
        self.mask[folder.row, folder.column] = 1
        self.target = torch.zeros_like(self.mask)
        self.target[folder.row, folder.column] = self.value

    def losses(self):
        product = functools.reduce(lambda w, factor: factor @ w, self.factors)
        if self.way == "index":
            return (product[self.folder.row, self.folder.column] - self.value).pow(2).mean()
        return ((product - self.target) * self.mask).pow(2).sum((-2, -1)) / len(self.value)

    def step(self):
        """The losses before the step, one for each member."""
        losses = self.losses()
        self.optimiser.zero_grad(set_to_none=True)
        (losses.sum() if self.batch else losses).backward()
        self.optimiser.step()
        return losses.detach().reshape(-1).tolist()


def runs(folder, way, kind):
    members = 1 if way == "batch" else len(folder.loss)
    return [Run(folder, way, kind, m) for m in range(members)]


def agree(folder, way, kind):
    """The largest difference to our losses, of how far they fall; ends the process where it is too large."""
    made = runs(folder, way, kind)
    steps = folder.loss.shape[1] - 1 if folder.rows * folder.columns < LARGE else AGREED_LARGE
    curves = [[run.step() for _ in range(steps)] + [run.losses().detach().reshape(-1).tolist()] for run in made]
    theirs = numpy.concatenate([numpy.array(curve).T for curve in curves])
    ours = folder.loss[:, :steps + 1]
    apart, fall = abs(theirs - ours).max(axis=1), numpy.ptp(ours, axis=1)
    differs = float((apart / fall).max())
    if not (apart <= AGREES[kind] * fall + ROUNDINGS * torch.finfo(kind).eps * ours.max(axis=1)).all():
        sys.exit(f"{folder.id}, {way}, {kind}: losses differ by {differs:.2g} of what they fall")
    return differs


def timed(folder, way, kind, seconds):
    done, each = 0, BETWEEN if folder.rows * folder.columns < LARGE else 1
    made = runs(folder, way, kind)
    begin = time.perf_counter()
    while True:
        for run in made:
            for _ in range(each):
                done += sum(loss > 0 for loss in run.step())  # the look at the loss that decides whether to go on
        if time.perf_counter() - begin >= seconds:
            return done / (time.perf_counter() - begin)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder")
    parser.add_argument("--way", choices=("index", "mask", "batch"), required=True)
    parser.add_argument("--single", action="store_true")
    parser.add_argument("--members")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cpu", type=int)
    parser.add_argument("--seconds", type=float, default=3)
    args = parser.parse_args()
    if args.cpu is not None:
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[args.cpu]})
    torch.set_num_threads(args.threads)
    kind = torch.float32 if args.single else torch.float64
    folder = Folder(args.folder, args.members)
    print(json.dumps({"differs": agree(folder, args.way, kind), "torch": torch.__version__}), flush=True)
    for _ in sys.stdin:
        print(json.dumps({"steps_per_s": timed(folder, args.way, kind, args.seconds)}), flush=True)


if __name__ == "__main__":
    main()
