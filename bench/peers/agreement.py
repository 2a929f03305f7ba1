"""When two trainings count as the same: their losses over the whole training set, at the same steps.

float32 sums in another order differ by some units in the last place, and training magnifies differences: little
in the first steps, more later on. So the first EARLY_STEPS must agree far better than the rest. A wrong gradient,
another order of the examples or a forgotten momentum is off by far more, within a few steps.
"""
EARLY_STEPS, EARLY, LATER = 20, 1e-4, 2e-2
FLOOR = 1e-2  # losses below are compared absolutely, in units of this


class Disagreement(Exception):
    pass


def worst(ours, peer):
    """(early, later): the largest relative differences of two curves of (step, loss)."""
    early = later = 0.0
    if len(ours) != len(peer):
        raise Disagreement(f"{len(ours)} records here, {len(peer)} there")
    for (step, loss), (other_step, other) in zip(ours, peer):
        if step != other_step:
            raise Disagreement(f"a record after step {step:g} here, {other_step:g} there")
        apart = abs(other - loss) / max(abs(loss), FLOOR)
        if not apart < float("inf"):
            raise Disagreement(f"after step {step:g}: loss {loss:.6g} here, {other:.6g} there")
        if step <= EARLY_STEPS:
            early = max(early, apart)
        else:
            later = max(later, apart)
    return early, later


def check(ours, peer):
    """The same, for the curves of many members; raises Disagreement beyond the tolerances."""
    early = later = 0.0
    for member, (a, b) in enumerate(zip(ours, peer)):
        e, l = worst(a, b)
        if e > EARLY or l > LATER:
            raise Disagreement(f"member {member}: losses differ by {e:.2g} of themselves in the first {EARLY_STEPS} "
                               f"steps ({EARLY:g} allowed) and by {l:.2g} later on ({LATER:g})")
        early, later = max(early, e), max(later, l)
    return early, later
