"""The process of a peer: agree with our curves first, then train on request.

    PEER.py FOLDER [--members A:B] [--threads T] [--cpu I] [other options of the peer]

It says one JSON object a line: {"ready": ...} when the members A..B-1 were trained as ours were and their losses
agree, {"error": ...} otherwise; then, for each line "N" that it reads, trains its members for N epochs from their
initial weights and says {"seconds": ...}. It ends with its input.
"""
import argparse
import json
import os
import sys
import time

import agreement


def arguments(**options):
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--members", default="0:")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cpu", type=int)
    for name in options:
        parser.add_argument("--" + name, action="store_true", help=options[name])
    args = parser.parse_args()
    if args.cpu is not None:
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[args.cpu]})
    first, last = args.members.split(":")
    args.members = slice(int(first), int(last) if last else None)
    return args


def say(**what):
    print(json.dumps(what), flush=True)


def serve(ensemble, curves, about):
    """ensemble.curves(steps): the records of every member at those steps; ensemble.train(epochs)."""
    try:
        found = agreement.check(curves, ensemble.curves([int(step) for step, _ in curves[0]]))
    except agreement.Disagreement as wrong:
        say(error=str(wrong))
        sys.exit(1)
    start = time.perf_counter()
    ensemble.train(1)  # everything is compiled and warm after this one
    first_s = time.perf_counter() - start
    start = time.perf_counter()
    ensemble.train(1)
    say(ready=True, **found, first_s=first_s, epoch_s=time.perf_counter() - start, **about)
    for line in sys.stdin:
        start = time.perf_counter()
        ensemble.train(int(line))
        say(seconds=time.perf_counter() - start)
