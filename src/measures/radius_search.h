/* radius_search.h - how far weights may be perturbed until the training error has risen by a tenth.
 *
 *     dev(s)   training error at perturbations of size s, less that without any
 *     radius   s with |dev(s) - 0.1| <= 0.01,   1e-5 <= s <= 2;   where dev jumps over that, where it jumps
 *
 * An estimate of dev that says how far it may be off is enough to compare it with the target; so that most sizes cost a
 * look at a few examples. The search is in ln s, since radii of networks differ by powers of ten: outwards by factors of
 * 4 until the target is bracketed, then by regula falsi on ln dev, kept away from the ends of the bracket. From the size that is
 * within the tolerance it goes on once, to where ln dev, taken as a line in ln s, meets the target, and stays there if dev is
 * within the tolerance there too: else sizes that are tried first would be the radii of many networks.
 *
 * Target, tolerance, and that a radius at the end of the bracket is a failure: Jiang et al., ICLR 2020, and Dziugaite et al.,
 * NeurIPS 2020, whose search (er_reference_search()) bisects s itself.
 */
#ifndef ERMINE_MEASURES_RADIUS_SEARCH_H
#define ERMINE_MEASURES_RADIUS_SEARCH_H

#include <ermine/status.h>
#include <stdbool.h>
#include <stdint.h>

#define ER_RADIUS_TARGET    0.1
#define ER_RADIUS_TOLERANCE 0.01
#define ER_RADIUS_LEAST     1e-5
#define ER_RADIUS_MOST      2.0

/* dev at a size: it is within `off` of `value`. An answer that is decided will do; 0 is as good as it gets. */
struct er_deviation {
    double value, off;
};

typedef struct er_deviation er_deviation_at(void *ctx, double s);

/* Whether it is known on which side of the tolerance, or that it is within; or else as well as needs be: to three quarters of
 * the tolerance. */
bool er_deviation_decided(struct er_deviation deviation);

struct er_radius {
    double radius, deviation; /* dev there, as well as it was found */
    int64_t evaluations;
    bool jump; /* dev is below the tolerance there, and above it a part in a thousand further out */
};

/**
 * The radius: a size at which dev was looked at. Where dev jumps over the tolerance (a step of few examples, a network that falls
 * to one class at once), the size below the jump, to a part in a thousand: it is as well defined as another, the largest size
 * up to which dev is below 0.1, and no end of the range that was looked through, which is an error.
 *
 * @param what   the search's name in messages.
 * @param start  the size that is tried first.
 * Errors: ER_E_UNSUPPORTED with both numbers where dev is above the target at the least size, or below at the largest.
 */
enum er_status er_radius_search(er_deviation_at *at, void *ctx, double start, const char *what,
                                struct er_radius *out, struct er_error *err);

/* The published search: at most 15 halvings of [0, 2], each at its middle, until |dev| is within the tolerance of the
 * target, |dev| below the target sending it up. False where it isn't within at last; out->radius is the last middle then too. */
bool er_reference_search(er_deviation_at *at, void *ctx, struct er_radius *out);

#endif
