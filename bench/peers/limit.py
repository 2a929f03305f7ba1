"""Entries of K and Theta of infinite width, ours beside Neural Tangents': the same work, in one run, taking turns.

    limit.py [--rounds N] [--output FILE] [ROW...]        after limit.sh has built what is needed

For each row and precision our program exports points and kernels, Neural Tangents must agree, and both compute blocks of
pairs of different points: on all processors and on one. README.md tells the method. Exit status 1 when the peer disagrees
or fails.
"""
import argparse
import json
import os
import subprocess
import sys

from run import HERE, ROOT, machine

OURS = os.path.join(ROOT, "build", "bench", "bench_limit_block")
PYTHON = os.environ.get("NEURAL_TANGENTS_PYTHON",
                        os.path.join(ROOT, "build", "peers-neural-tangents", "bin", "python"))
ROWS = ("limit-gap", "limit-flatten", "limit-dense")
SECONDS = 5  # of the peer, for each size of blocks


class Failed(Exception):
    pass


def said(command):
    """The JSON object that a program prints."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise Failed((done.stderr.strip().splitlines() or ["it ended without a word"])[-1])
    return json.loads(done.stdout) if done.stdout else None


def ours(row, precision, threads):
    return said([OURS, "--precision", str(precision), "--threads", str(threads), row])


def measure(row, precision, threads, rounds, folder):
    """One line of the report. Raises Failed."""
    options = ["--float64"] * (precision == 64) + (["--cpu", "0"] if threads == 1 else [])
    turns = [ours(row, precision, threads)]
    theirs = said([PYTHON, os.path.join(HERE, "neural_tangents_kernel.py"), folder, "--seconds", str(SECONDS), *options])
    turns += [ours(row, precision, threads) for _ in range(rounds - 1)]
    best = min(turns, key=lambda turn: turn["entry_s"])
    return {**best, "slowest_entry_s": max(turn["entry_s"] for turn in turns), "rounds": rounds, "peer": theirs["peer"],
            "jax": theirs["jax"], "peer_entry_s": theirs["entry_s"], "peer_block": theirs["block"],
            "peer_blocks": theirs["blocks"], "differs": theirs["differs"], "ratio": theirs["entry_s"] / best["entry_s"]}


def time_text(seconds):
    for unit, size in (("s ", 1), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:8.2f} {unit}"
    return f"{seconds / 1e-9:8.2f} ns"


def table(rows):
    print(f"\n{'an entry of K and Theta':26}{'':9}{'threads':>8}{'ours':>12}{'its':>12}{'ratio':>9}{'differs':>10}  peer")
    for r in rows:
        if "failed" in r:
            print(f"{r['id']:26}{r['precision']:9}{r['threads']:8}  FAILED: {r['failed']}")
            continue
        print(f"{r['id']:26}{r['precision']:9}{r['threads']:8}{time_text(r['entry_s']):>12}{time_text(r['peer_entry_s']):>12}"
              f"{r['ratio']:9.1f}{r['differs']:10.1e}  {r['peer']}, blocks of {r['peer_block']}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("row", nargs="*")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", default=os.path.join(ROOT, "build", "bench-peers-limit.json"))
    args = parser.parse_args()
    load, rows = os.getloadavg()[0], []
    if load > 0.3:
        print(f"the machine is busy (load {load:.2f}): these times will be worth little", file=sys.stderr)
    for row in args.row or ROWS:
        folder = os.path.join(ROOT, "build", "peers-limit", row)
        os.makedirs(folder, exist_ok=True)
        subprocess.run([OURS, "--export", folder, row], check=True)
        for precision in (32, 64):
            for threads in sorted({1, len(os.sched_getaffinity(0))}):
                print(f"{row}: float{precision}, {threads} threads", file=sys.stderr, flush=True)
                try:
                    rows.append(measure(row, precision, threads, args.rounds, folder))
                except Failed as failure:
                    rows.append({"id": row, "precision": f"float{precision}", "threads": threads, "failed": str(failure)})
                with open(args.output, "w", encoding="utf-8") as file:
                    json.dump({"format": "ermine-bench-peers-limit", "version": 1, "machine": machine(),
                               "cpus": len(os.sched_getaffinity(0)), "load_before": load, "rows": rows}, file, indent=2)
    table(rows)
    return 1 if any("failed" in r for r in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
