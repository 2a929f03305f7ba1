"""Our training beside PyTorch's and JAX's: the same networks, the same batches, in one run, taking turns.

    run.py [--rounds N] [--output FILE] [ROW...]        after run.sh has built what is needed

For each row: our program exports it, every way of running a peer trains the same members and must agree with our
losses, then all are timed in turns, the best of N rounds each. README.md tells the method. Exit status 1 when a
peer disagrees or fails.
"""
import argparse
import json
import os
import select
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
OURS = os.path.join(ROOT, "build", "bench", "bench_train")
PYTHON = {"pytorch": os.environ.get("PYTORCH_PYTHON", "/usr/bin/python3"),
          "jax": os.environ.get("JAX_PYTHON", os.path.join(ROOT, "build", "peers-venv", "bin", "python"))}
NEEDS = {"pytorch": "apt-get install python3-torch python3-numpy", "jax": "bench/peers/venv.sh"}

# What design section 9 asks for: of our peak, and how many times as fast as each peer.
ASKED = {
    "train-784-512-10-b128": (0.82, {"pytorch": 2.5, "jax": 2}),
    "train-784-512x3-10-b128": (0.82, {"pytorch": 2.5, "jax": 2}),
    "train-784-64-10-b128": (0.80, {"pytorch": 3.5}),
    "train-784-64-64-10-b32": (0.80, {"pytorch": 13}),
    "train-64-32-10-b32": (0.65, {"pytorch": 40, "jax": 4}),
    "train-2-64-64-2-b32": (0.60, {"pytorch": 20, "jax": 4}),
    "conv-16-32-28x28x1-b64": (0.50, {"pytorch": 2}),
    "conv-32-64-32x32x3-b64": (0.50, {"pytorch": 2}),
}
ROUND_S = 1.0  # a peer's turn takes about this long, or one epoch of all members
READY_S = 180.0  # a way that has not trained what we trained by then is left out and named; after two, a peer's other ways are too


def ways(row):
    """(peer, name, processes, threads of each, options): all the ways in which a peer is tried."""
    cpus = len(os.sched_getaffinity(0))
    convolutions = row.startswith("conv")
    for options in [[]] + ([["--channels-last"]] if convolutions else []):
        name = "".join(", channels last" for _ in options)
        yield "pytorch", "1 thread" + name, 1, 1, options
        if cpus > 1:
            yield "pytorch", f"{cpus} threads" + name, 1, cpus, options
            yield "pytorch", f"{cpus} processes" + name, cpus, 1, options
    for options in [[], ["--serial"]]:
        name = "scan" if options else "vmap + scan"
        yield "jax", f"{name}, {cpus} threads", 1, cpus, options
        if cpus > 1:
            yield "jax", f"{name}, {cpus} processes", cpus, 1, options


class Failed(Exception):
    pass


class TooSlow(Exception):
    pass


class Way:
    """One way of running a peer: a process or several, which share the members."""

    def __init__(self, folder, members, peer, name, processes, threads, options):
        self.peer, self.name, self.members, self.seconds, self.workers = peer, name, members, [], []
        script = os.path.join(HERE, peer + "_train.py")
        for i in range(processes):
            part = f"{members * i // processes}:{members * (i + 1) // processes}"
            command = [PYTHON[peer], script, folder, "--members", part, "--threads", str(threads), *options]
            if processes > 1:
                command += ["--cpu", str(i)]
            self.workers.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        until = time.monotonic() + READY_S
        try:
            self.about = [self.answer(worker, until) for worker in self.workers]
        except Failed:
            self.close()
            raise
        except TooSlow:
            for worker in self.workers:
                worker.kill()
            self.close()
            raise
        self.epochs = max(1, int(ROUND_S / max(a["epoch_s"] for a in self.about)))

    def answer(self, worker, until=None):
        if until is not None and not select.select([worker.stdout], [], [], max(0, until - time.monotonic()))[0]:
            raise TooSlow
        line = worker.stdout.readline()
        said = json.loads(line) if line else {"error": "it ended without a word"}
        if "error" in said:
            raise Failed(f"{self.peer}, {self.name}: {said['error']}")
        return said

    def turn(self):
        start = time.perf_counter()
        for worker in self.workers:
            worker.stdin.write(f"{self.epochs}\n")
            worker.stdin.flush()
        for worker in self.workers:
            self.answer(worker)
        self.seconds.append((time.perf_counter() - start) / (self.members * self.epochs))

    def close(self):
        for worker in self.workers:
            worker.stdin.close()
        for worker in self.workers:
            worker.wait()

    def report(self):
        return {"way": self.name, "member_epoch_s": min(self.seconds), "slowest_s": max(self.seconds),
                "epochs": self.epochs, "first_call_s": max(a["first_s"] for a in self.about),
                "early_difference": self.differences("early"), "later_difference": self.differences("later"),
                "parted": sorted(step for a in self.about for step in a["parted"])}

    def differences(self, when):
        """[median, worst] over members; of several processes, the larger of each."""
        return [max(a[when][i] for a in self.about) for i in range(2)]


def ours(*arguments):
    done = subprocess.run([OURS, *arguments], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"bench_train failed with status {done.returncode}")
    return json.loads(done.stdout) if done.stdout else {}


def available(peer):
    test = "import torch, numpy" if peer == "pytorch" else "import jax"
    return shutil.which(PYTHON[peer]) is not None and subprocess.run(
        [PYTHON[peer], "-c", test], stderr=subprocess.DEVNULL, check=False).returncode == 0


def measure(row, rounds, peers, say):
    """The rows of the report that this row gives: one a peer. Raises Failed."""
    folder = os.path.join(ROOT, "build", "peers", row)
    os.makedirs(folder, exist_ok=True)
    exported = ours("--export", folder, row)
    if "skipped" in exported:
        say(f"{row}: skipped, {exported['skipped']}")
        return [{"id": row, "skipped": exported["skipped"]}]
    with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
        members = json.load(file)["members"]
    opened, slow, turns = [], [], []
    try:
        for peer, *way in ways(row):
            if peer in peers and sum(left["peer"] == peer for left in slow) < 2:
                say(f"{row}: {peer}, {way[0]}: trains what we trained")
                try:
                    opened.append(Way(folder, members, peer, *way))
                except TooSlow:
                    say(f"{row}: {peer}, {way[0]}: left out, it was not done after {READY_S:.0f} s")
                    slow.append({"peer": peer, "way": way[0], "left_out_after_s": READY_S})
        for i in range(rounds):
            say(f"{row}: round {i + 1} of {rounds}")
            turns.append(ours(row))
            for way in opened:
                way.turn()
    finally:
        for way in opened:
            way.close()
    best = min(turns, key=lambda turn: turn["member_epoch_s"])
    of_peak = best["gflops"] / max(turn["peak_gflops"] for turn in turns)
    asked_peak, asked = ASKED.get(row, (None, {}))
    report = []
    for peer in peers:
        tried = [way for way in opened if way.peer == peer]
        left_out = [way for way in slow if way["peer"] == peer]
        if not tried:
            report.append({"id": row, "peer": peer, "ways": left_out,
                           "skipped": f"{peer} had not trained what we trained after {READY_S:.0f} s, in any way"})
            continue
        fastest = min(tried, key=lambda way: min(way.seconds))
        report.append({
            "id": row, "peer": peer, "version": fastest.about[0]["version"], "way": fastest.name,
            "ours_s": best["member_epoch_s"], "peer_s": min(fastest.seconds),
            "ratio": min(fastest.seconds) / best["member_epoch_s"], "ratio_asked": asked.get(peer),
            "gflops": best["gflops"], "of_peak": of_peak, "of_peak_asked": asked_peak, "isa": best["isa"],
            "threads": best["threads"], "members": members, "epochs": best["epochs"], "batch": best["batch"],
            "examples": best["examples"], "rounds": rounds,
            "ours_slowest_s": max(turn["member_epoch_s"] for turn in turns), "ways": [w.report() for w in tried] + left_out})
    return report


def mark(value, asked, form):
    """A number, and what it should reach."""
    if asked is None:
        return f"{value:{form}}" + " " * 8
    return f"{value:{form}} {'>=' if value >= asked else '< '}{asked:5g}"


def table(rows):
    print(f"\n{'':26}{'ours':>10}{'of peak':>17}  {'peer':14}{'its time':>10}{'ratio':>18}  best way")
    for r in rows:
        if "skipped" in r or "failed" in r:
            print(f"{r['id']:26}{'skipped: ' + r['skipped'] if 'skipped' in r else 'FAILED: ' + r['failed']}")
            continue
        print(f"{r['id']:26}{r['ours_s'] * 1e3:7.2f} ms{mark(r['of_peak'], r['of_peak_asked'], '9.2f'):>17}  "
              f"{r['peer'] + ' ' + r['version'].partition('a')[0]:14}{r['peer_s'] * 1e3:7.2f} ms"
              f"{mark(r['ratio'], r['ratio_asked'], '10.1f'):>18}  {r['way']}")
    print("\nTimes are of one member's epoch. Ratio: peer's time by ours. >= and <: against design section 9.")


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        return next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown")


def write(path, load_before, rows):
    """The report so far, whole: an interrupted run leaves the rows that it finished."""
    report = {"format": "ermine-bench-peers", "version": 1, "machine": machine(),
              "cpus": len(os.sched_getaffinity(0)), "load_before": load_before, "rows": rows}
    with open(path + ".part", "w", encoding="utf-8") as file:
        json.dump(report, file, indent=2)
        file.write("\n")
    os.replace(path + ".part", path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("row", nargs="*")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", default=os.path.join(ROOT, "build", "bench-peers.json"))
    args = parser.parse_args()

    def say(text):
        print(text, file=sys.stderr, flush=True)

    peers = []
    for peer in PYTHON:
        if available(peer):
            peers.append(peer)
        else:
            say(f"{peer} is not there; to have it: {NEEDS[peer]}")
    if not peers:
        return 1
    load = os.getloadavg()[0]
    if load > 0.3:
        say(f"the machine is busy (load {load:.2f}): these times will be worth little")
    rows = []
    for row in args.row or ASKED:
        try:
            rows += measure(row, args.rounds, peers, say)
        except Failed as failure:
            say(f"{row}: FAILED: {failure}")
            rows.append({"id": row, "failed": str(failure)})
        write(args.output, load, rows)
    table(rows)
    return 1 if any("failed" in r for r in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
