/* radius_search.h - how far weights may be perturbed until the training error has risen by a tenth.
 *
 *     dev(s)   training error at perturbations of size s, less that without any
 *     radius   s with |dev(s) - 0.1| <= 0.01,   1e-5 <= s <= 2
 *
 * An estimate of dev that says how far it may be off is enough to compare it with the target; so that most sizes cost a
 * look at a few examples. The search is in ln s, since radii of networks differ by powers of ten: outwards by factors of
 * 4 until the target is bracketed, then by regula falsi on ln dev, kept away from the ends of the bracket. The size that is
 * within the tolerance is moved to where ln dev, taken as a line in ln s, meets the target.
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
    double radius, deviation; /* dev at the last size that was tried, as well as it was found */
    int64_t evaluations;
};

/**
 * The radius. Where dev jumps over the tolerance (a step of few examples), the size below the jump, to a part in a
 * thousand.
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
