"""When two trainings count as the same: their losses over the whole training set, at the same steps.

float32 sums in another order differ by some units in the last place, and training magnifies differences: not evenly,
but by jumps in some members, as when a unit is on the other side of its ReLU's kink for one example. So the first
EARLY_STEPS must agree far better than the rest, and the median member far better than the worst, whose bound is ten
times as wide; of one member alone, the median is it.

Measured, PyTorch in float32 against PyTorch in float64 on rows of bench/train.c: in [784-64-64-10] most members stay
within 3e-7 over 512 steps, but one is 1.9e-2 apart; in [784-512-512-512-10] one is 7.5e-5 apart within 20 steps. What
is wrong in every member moves the median: in both rows a rate wrong by 1%, a momentum of 0.89 for 0.9 and a loss too
large by 0.2% were found, and so was one member's first epoch in another order, which moved it beyond the wide bound.
An error in one member alone that begins after the first 20 steps may stay below it; therefore how many members part,
and when the first does, is said beside the differences.
"""
import statistics

EARLY_STEPS, EARLY, LATER, WIDER = 20, 1e-4, 2e-2, 10
FLOOR = 1e-2  # losses below are compared absolutely, in units of this
PARTED = 1e-4  # a member has parted at the first record that differs by more; without a jump none does


class Disagreement(Exception):
    pass


def differences(ours, peer):
    """(step, relative difference) at each record of two curves of (step, loss)."""
    if len(ours) != len(peer):
        raise Disagreement(f"{len(ours)} records here, {len(peer)} there")
    for (step, loss), (other_step, other) in zip(ours, peer):
        if step != other_step:
            raise Disagreement(f"a record after step {step:g} here, {other_step:g} there")
        difference = abs(other - loss) / max(abs(loss), FLOOR)
        if not difference < float("inf"):
            raise Disagreement(f"after step {step:g}: loss {loss:.6g} here, {other:.6g} there")
        yield step, difference


def apart(ours, peer):
    """(early, later): the largest relative differences of two curves."""
    early = later = 0.0
    for step, difference in differences(ours, peer):
        if step <= EARLY_STEPS:
            early = max(early, difference)
        else:
            later = max(later, difference)
    return early, later


def partings(ours, peer):
    """The step of each member that parts at which it does, in ascending order.

    >>> partings([[(0, 2.0), (8, 1.0), (16, 0.5)]] * 3,
    ...          [[(0, 2.0), (8, 1.0), (16, 0.501)], [(0, 2.0), (8, 1.0), (16, 0.5)], [(0, 2.0), (8, 0.99), (16, 0.5)]])
    [8, 16]
    """
    firsts = (next((int(step) for step, d in differences(a, b) if d > PARTED), None) for a, b in zip(ours, peer))
    return sorted(step for step in firsts if step is not None)


def check(ours, peer):
    """{"early": [median, worst], "later": [median, worst], "parted": partings()} over members; raises Disagreement
    beyond the bounds."""
    if len(ours) != len(peer) or len(ours) == 0:
        raise Disagreement(f"{len(ours)} members here, {len(peer)} there")
    members = [apart(a, b) for a, b in zip(ours, peer)]
    found = {"parted": partings(ours, peer)}
    for part, name, bound in ((0, "early", EARLY), (1, "later", LATER)):
        found_apart = [member[part] for member in members]
        median, worst = statistics.median(found_apart), max(found_apart)
        when = f"in the first {EARLY_STEPS} steps" if name == "early" else "later on"
        if median > bound or worst > WIDER * bound:
            raise Disagreement(f"losses {when} differ by {median:.2g} of themselves in the median member ({bound:g} "
                               f"allowed), by {worst:.2g} in member {found_apart.index(worst)} ({WIDER * bound:g})")
        found[name] = [median, worst]
    return found
