"""Steps per second of deep matrix factorisation, ours beside PyTorch's: the same steps, in one run, taking turns.

    factorise.py [--rounds N] [--seconds S] [--output FILE] [ROW...]        after factorise.sh has built what is needed

For each row and precision our program exports problem, start and losses, PyTorch must agree in every way it is timed, and both
step for S seconds a turn. README.md tells the method. Exit status 1 when PyTorch disagrees or fails.
"""
import argparse
import json
import os
import subprocess
import sys

from run import HERE, PYTHON, ROOT, machine

OURS = os.path.join(ROOT, "build", "bench", "bench_factorise")
BLAS = os.path.join(ROOT, "build", "peers-openblas", "lib")
CPUS = len(os.sched_getaffinity(0))

# How many times as fast as PyTorch's loop it is meant to be.
ASKED = {"100-depth-3": 5, "100-depth-3-ensemble": 5, "movielens-depth-2": 2, "movielens-depth-3": 2,
         "movielens-depth-2-80k": 2, "movielens-depth-3-80k": 2}


class Failed(Exception):
    pass


def ways(members):
    """(name, form of the loop, processes, threads of each): all the ways in which PyTorch is tried."""
    for form in ("index", "mask") + (("batch",) if members > 1 else ()):
        yield f"{form}, 1 thread", form, 1, 1
        if CPUS > 1:
            yield f"{form}, {CPUS} threads", form, 1, CPUS
            if members > 1:
                yield f"{form}, {CPUS} processes", form, CPUS, 1


class Way:
    """One way of running PyTorch: a process or several, which share the members."""

    def __init__(self, folder, members, precision, seconds, name, form, processes, threads):
        self.name, self.rates, self.loop = name, [], form != "batch" and processes == 1
        blas = {"LD_LIBRARY_PATH": BLAS} if os.path.isdir(BLAS) else {}
        environment = {**os.environ, **blas, "OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
        self.workers = []
        for i in range(processes):
            command = [PYTHON["pytorch"], os.path.join(HERE, "pytorch_factorise.py"), folder, "--way", form,
                       "--threads", str(threads), "--seconds", str(seconds),
                       "--members", f"{members * i // processes}:{members * (i + 1) // processes}"]
            command += ["--single"] * (precision == 32) + (["--cpu", str(i)] if processes > 1 else [])
            self.workers.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                                 env=environment, text=True))
        try:
            self.about = [self.answer(worker) for worker in self.workers]
        except Failed:
            self.close()
            raise

    def answer(self, worker):
        line = worker.stdout.readline()
        if not line:
            raise Failed(f"PyTorch, {self.name}: it ended without an answer")
        return json.loads(line)

    def turn(self):
        for worker in self.workers:
            worker.stdin.write("\n")
            worker.stdin.flush()
        self.rates.append(sum(self.answer(worker)["steps_per_s"] for worker in self.workers))

    def close(self):
        for worker in self.workers:
            worker.stdin.close()
        for worker in self.workers:
            worker.wait()

    def report(self):
        return {"way": self.name, "steps_per_s": max(self.rates), "slowest_steps_per_s": min(self.rates),
                "differs": max(a["differs"] for a in self.about)}


def ours(*arguments):
    done = subprocess.run([OURS, *map(str, arguments)], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"bench_factorise failed with status {done.returncode}")
    return json.loads(done.stdout) if done.stdout else None


def measure(row, precision, rounds, seconds, folder):
    """The lines of the report for a row: on one thread, and on all."""
    with open(os.path.join(folder, "factorise.json"), encoding="utf-8") as file:
        members = json.load(file)["members"]
    opened, turns, counts = [], {}, sorted({1, CPUS})
    try:
        for way in ways(members):
            opened.append(Way(folder, members, precision, seconds, *way))
        for _ in range(rounds):
            for threads in counts:
                turns.setdefault(threads, []).append(
                    ours("--threads", threads, "--precision", precision, "--seconds", seconds, row))
            for way in opened:
                way.turn()
    finally:
        for way in opened:
            way.close()
    report = []
    for threads in counts:
        best = max(turns[threads], key=lambda turn: turn["steps_per_s"])
        alike = [way.report() for way in opened if way.name.endswith("1 thread") == (threads == 1)]
        within = [way for way in opened if threads > 1 or way.name.endswith("1 thread")]  # more threads needn't be faster
        theirs = max([way.report() for way in within], key=lambda way: way["steps_per_s"])
        loop = max([way.report() for way in within if way.loop], key=lambda way: way["steps_per_s"])
        report.append({**best, "id": row, "threads": threads, "precision": f"float{precision}", "members": members,
                       "slowest_steps_per_s": min(turn["steps_per_s"] for turn in turns[threads]), "rounds": rounds,
                       "peer": "torch " + opened[0].about[0]["torch"], "way": theirs["way"],
                       "peer_steps_per_s": theirs["steps_per_s"], "differs": theirs["differs"],
                       "ratio": best["steps_per_s"] / theirs["steps_per_s"], "loop": loop["way"],
                       "loop_steps_per_s": loop["steps_per_s"], "loop_ratio": best["steps_per_s"] / loop["steps_per_s"],
                       "loop_ratio_asked": ASKED.get(row), "ways": alike})
    return report


def table(rows):
    print(f"\n{'steps per second':26}{'':9}{'threads':>8}{'ours':>9}{'its loop':>10}{'ratio':>7}{'asked':>7}{'its best':>10}{'ratio':>7}"
          f"{'differs':>10}  its best way")
    for r in rows:
        if "failed" in r:
            print(f"{r['id']:26}{r['precision']:9}FAILED: {r['failed']}")
            continue
        print(f"{r['id']:26}{r['precision']:9}{r['threads']:8}{r['steps_per_s']:9.4g}{r['loop_steps_per_s']:10.4g}"
              f"{r['loop_ratio']:7.1f}{r['loop_ratio_asked'] or '':>7}{r['peer_steps_per_s']:10.4g}{r['ratio']:7.1f}"
              f"{r['differs']:10.1e}  {r['way']}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("row", nargs="*")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--output", default=os.path.join(ROOT, "build", "bench-peers-factorise.json"))
    args = parser.parse_args()
    load, rows = os.getloadavg()[0], []
    if load > 0.3:
        print(f"the machine is busy (load {load:.2f}): these times will be worth little", file=sys.stderr)
    for row in args.row or ASKED:
        folder = os.path.join(ROOT, "build", "peers-factorise", row)
        os.makedirs(folder, exist_ok=True)
        for precision in (64, 32):
            print(f"{row}: float{precision}", file=sys.stderr, flush=True)
            try:
                ours("--export", folder, row)
                rows += measure(row, precision, args.rounds, args.seconds, folder)
            except Failed as failure:
                rows.append({"id": row, "precision": f"float{precision}", "failed": str(failure)})
            with open(args.output, "w", encoding="utf-8") as file:
                json.dump({"format": "ermine-bench-peers-factorise", "version": 1, "machine": machine(), "cpus": CPUS,
                           "load_before": load, "threaded_blas": os.path.isdir(BLAS), "rows": rows}, file, indent=2)
    table(rows)
    return 1 if any("failed" in r for r in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
