#!/usr/bin/env python3
"""The zoo's models in PyTorch: pytorch_measures.py check|time RUNS NETWORKS FOLDER [--threads N] [--share I/N]

RUNS and NETWORKS are what `ermine show --json` says of measures.yaml, with `--networks` of the files that lie in FOLDER.
check: measures the networks that Ermine trained, and holds every value to Ermine's; status 1 if one differs.
time:  trains the same models from the same initial weights for as many epochs, with batches of its own order, measures
       them, and prints the seconds of each part; of the I-th of every N models only with --share.
"""
import argparse
import copy
import json
import math
import os
import sys
import time

import torch
import torch.nn.functional as F

import jiang_pytorch
import kept_networks

# How far a value may be from ours, as a part of it. A product of 26 norms may have the errors of each, and our norms of
# maps have 1e-6; the power method ends where the value moves by a thousandth.
EXACT, PRODUCT, GRADIENT = 1e-5, 2e-4, 1e-4
TOLERANCE = {"lambda_max": 0.02, "sam_sharpness": 1e-3, "sam_sharpness_one_step": 1e-3, "gradient_noise_final": GRADIENT,
             "gradient_noise_epoch_1": GRADIENT, "fisher_rao_gradient": GRADIENT, "gradient_coherence": GRADIENT,
             "m_coherence": GRADIENT, "gradient_diversity": GRADIENT, "prod_of_spec": PRODUCT,
             "prod_of_spec_over_margin": PRODUCT, "spec_init_main": PRODUCT, "spec_orig_main": PRODUCT}
RISE, SEEDS = 0.08, 12  # how far from 0.1 the error may rise at our radii, mean of so many sets of random numbers: ours
                        # are of one, whose rise has a standard deviation of 0.02 to 0.03, and may be 0.01 off


class Model:
    """A run of the study: its settings, our results, and its networks' files by moment."""

    def __init__(self, row, files):
        self.row, self.files = row, files
        self.settings = kept_networks.settings(kept_networks.read(files["init"])[0])
        self.optimiser = self.settings["train.optimiser"]

    def setting(self, name):
        return float(self.settings.get(f"train.{self.optimiser}.{name}", 0))

    def network(self, moment):
        return kept_networks.network(self.files[moment])[1]

    def step(self, net):
        options = {"lr": self.setting("rate"), "weight_decay": self.setting("weight_decay")}
        if self.optimiser == "adam":
            return torch.optim.Adam(net.parameters(), **options)
        options["momentum"] = self.setting("momentum")
        return {"sgd": torch.optim.SGD, "rmsprop": torch.optim.RMSprop}[self.optimiser](net.parameters(), **options)


def models(runs, networks, folder):
    with open(runs, encoding="utf-8") as file:
        rows = json.load(file)["rows"]
    with open(networks, encoding="utf-8") as file:
        kept = json.load(file)["rows"]
    axes = [name for name in kept[0] if name not in ("moment", "epoch", "file")]
    return [Model(row, {k["moment"]: os.path.join(folder, k["file"]) for k in kept
                        if all(k[axis] == row[axis] for axis in axes)}) for row in rows]


def train(model, net, sets):
    """The network at the end, and after its first epoch."""
    (x, y), (test, labels) = sets
    step, batch, first = model.step(net), int(model.setting("batch")), None
    for _ in range(int(model.row["epochs"])):
        net.train()
        order = torch.randperm(len(y))
        for at in range(0, len(y), batch):
            rows = order[at:at + batch]
            step.zero_grad()
            F.cross_entropy(net(x[rows]), y[rows]).backward()
            step.step()
        net.eval()
        with torch.no_grad():
            F.cross_entropy(net(x), y).item()  # the rule that ends training looks at it
        first = first or copy.deepcopy(net)
    with torch.no_grad():
        for at in range(0, len(labels), 1000):
            net(test[at:at + 1000])
    return net, first


def measured(part, subject):
    """Values by name; none where the margin isn't above 0, which has no logarithm."""
    try:
        return part(subject)
    except ValueError:
        return {}


def check(all_models, sets):
    worst, failed = {}, 0

    def hold(model, name, off, within, what):
        nonlocal failed
        worst[name] = max(worst.get(name, 0), off)
        if not off <= within:
            failed += 1
            print(f"not ok - {name} of {model.row['model']}, {model.optimiser}: {what}")

    for model in all_models:
        subject = jiang_pytorch.Subject(model.network("end"), model.network("init"), model.network("epoch-1"), *sets[0])
        values = {}
        for part in jiang_pytorch.ALL:
            if part not in (jiang_pytorch.searches, jiang_pytorch.norms):
                values.update(measured(part, subject))
        values.update(measured(lambda s: jiang_pytorch.norms(s, tolerance=1e-12), subject))  # it comes from below, slowly
        flatness = [model.row[name] for name in jiang_pytorch.FLATNESS]
        if None not in flatness:
            radii = [value ** -0.5 for value in flatness]
            values.update(jiang_pytorch.forms(subject, radii))
            searches = [jiang_pytorch.Searches(subject, seed) for seed in range(SEEDS)]
            for name, s in zip(jiang_pytorch.FLATNESS, radii):
                rise = sum(search.rise(name, s) for search in searches) / SEEDS
                hold(model, "rise at the radius of " + name, abs(rise - jiang_pytorch.TARGET), RISE, f"{rise:.3f}")
        for name, value in values.items():
            ours = model.row.get(name)
            if ours is not None:
                hold(model, name, abs(value - ours) / abs(ours), TOLERANCE.get(name, EXACT), f"{ours:.8g}, not {value:.8g}")
    for name, off in worst.items():
        print(f"{name}: within {off:.1e}")
    return failed


def timed(all_models, sets):
    seconds = {}
    for model in all_models:
        begin = time.perf_counter()
        net, first = train(model, model.network("init"), sets)
        seconds["train"] = seconds.get("train", 0) + time.perf_counter() - begin
        begin = time.perf_counter()
        subject = jiang_pytorch.Subject(net, model.network("init"), first, *sets[0])
        for part in jiang_pytorch.ALL:
            measured(part, subject)
            seconds[part.__name__] = seconds.get(part.__name__, 0) + time.perf_counter() - begin
            begin = time.perf_counter()
    return seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("do", choices=("check", "time"))
    parser.add_argument("runs")
    parser.add_argument("networks")
    parser.add_argument("folder")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--share", default="0/1")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    chosen = models(options.runs, options.networks, options.folder)
    data = chosen[0].settings
    sets = kept_networks.images(*(int(data["data." + name]) for name in ("train", "test", "crop", "pool")))
    if options.do == "check":
        sys.exit(check(chosen, sets) > 0)
    which, of = map(int, options.share.split("/"))
    chosen = chosen[which::of]
    seconds = timed(chosen, sets)
    print(json.dumps({"models": len(chosen), "threads": options.threads,
                      "seconds": {name: round(value, 3) for name, value in seconds.items()},
                      "total": round(math.fsum(seconds.values()), 3)}))


if __name__ == "__main__":
    main()
