"""Training and measuring ten of the zoo's models, ours beside PyTorch: the same models, in one run, taking turns.

    measures.py [--rounds N] [--output FILE]        after measures.sh has built what is needed

Our program trains and measures the models of measures.yaml and keeps the networks; PyTorch must find the same values for
them; then each trains and measures all of them, in turns. README.md tells the method. Exit status 1 when a value differs or
the peer fails.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import time

from run import HERE, ROOT, machine

ERMINE = os.path.join(ROOT, "build", "ermine")
NOTE = os.path.join(HERE, "measures.yaml")
PYTHON = os.environ.get("PYTORCH_PYTHON", "/usr/bin/python3")
FOLDER = os.path.join(ROOT, "build", "peers-measures")
RUNS, NETWORKS, STORE = (os.path.join(FOLDER, name) for name in ("runs.json", "networks.json", "results.db"))
CPUS = len(os.sched_getaffinity(0))


def ours():
    """Seconds of `ermine run` with an empty store, start and the page included."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    begin = time.perf_counter()
    subprocess.run([ERMINE, "run", NOTE, "--store", STORE, "--output", os.path.join(FOLDER, "page.html"), "--quiet"],
                   check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - begin
    for path, more in ((RUNS, []), (NETWORKS, ["--networks"])):
        with open(path, "w", encoding="utf-8") as file:
            subprocess.run([ERMINE, "show", NOTE, "--store", STORE, "--json", *more], check=True, stdout=file)
    return seconds


def peer(do, *more, **options):
    return subprocess.Popen([PYTHON, os.path.join(HERE, "pytorch_measures.py"), do, RUNS, NETWORKS, FOLDER, *more], **options)


def theirs(processes, threads):
    """The slowest process's seconds, and what the parts took in all of them; importing and reading the data don't count."""
    started = [peer("time", "--threads", str(threads), "--share", f"{i}/{processes}", stdout=subprocess.PIPE, text=True)
               for i in range(processes)]
    printed = [process.communicate()[0] for process in started]
    if any(process.returncode != 0 for process in started):
        raise SystemExit(f"PyTorch failed: exit codes {[process.returncode for process in started]}")
    said = [json.loads(text) for text in printed]
    parts = {name: sum(s["seconds"][name] for s in said) for name in said[0]["seconds"]}
    return {"seconds": max(s["total"] for s in said), "parts": parts}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--output", default=os.path.join(ROOT, "build", "bench-peers-measures.json"))
    args = parser.parse_args()
    load = os.getloadavg()[0]
    if load > 0.3:
        print(f"the machine is busy (load {load:.2f}): these times will be worth little", file=sys.stderr)
    ours()
    if peer("check").wait() != 0:
        return 1
    ways = {f"one process, {CPUS} threads": (1, CPUS), f"{CPUS} processes of one thread": (CPUS, 1)}
    turns = {"ours": [], **{way: [] for way in ways}}
    for _ in range(args.rounds):
        turns["ours"].append(ours())
        for way, (processes, threads) in ways.items():
            turns[way].append(theirs(processes, threads))
    best = {way: min(turns[way], key=lambda turn: turn["seconds"]) for way in ways}
    mine = min(turns["ours"])
    with open(RUNS, encoding="utf-8") as file:
        models = len(json.load(file)["rows"])
    with open(args.output, "w", encoding="utf-8") as file:
        json.dump({"format": "ermine-bench-peers-measures", "version": 1, "machine": machine(), "cpus": CPUS, "load_before": load,
                   "models": models, "ours": turns["ours"], "peer": {way: turns[way] for way in ways}}, file, indent=2)
    print(f"\n{models} models, trained and measured{'':22}{'seconds':>9}{'ratio':>8}")
    print(f"{'Ermine, ' + str(CPUS) + ' threads':52}{mine:9.1f}")
    for way, turn in best.items():
        print(f"{'PyTorch, ' + way:52}{turn['seconds']:9.1f}{turn['seconds'] / mine:8.1f}")
        print("    its parts, summed over processes: "
              + ", ".join(f"{name} {value:.1f}" for name, value in turn["parts"].items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
