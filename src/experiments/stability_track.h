/* stability_track.h - a run of gradient descent whose sharpness is followed: what is held of it between records.
 *
 *     sharpness   lambda, the largest eigenvalue of the Hessian of what descent minimises
 *     threshold   a parabola of curvature lambda is left by descent of rate lr when lambda > threshold:
 *                 2 / lr      with momentum mu (2 + 2 mu) / lr      Nesterov's (2 + 2 mu) / (lr (1 + 2 mu))
 *
 * With v <- mu v + g, w <- w - lr v on a parabola, one step is a matrix; it has the eigenvalue -1 where lambda is the
 * threshold, and eigenvalues within the unit circle below it. With Nesterov's w <- w - lr (g + mu v), trace
 * 1 + mu - lr lambda (1 + mu) and determinant mu - mu lr lambda, so that 1 + trace + determinant = 0 at
 * lr lambda (1 + 2 mu) = 2 + 2 mu. Source: Cohen, Kaur, Li, Kolter and Talwalkar, "Gradient descent on neural networks
 * typically occurs at the edge of stability", ICLR 2021, section 2 and appendix B; derived anew.
 */
#ifndef ERMINE_EXPERIMENTS_STABILITY_TRACK_H
#define ERMINE_EXPERIMENTS_STABILITY_TRACK_H

#include <ermine/derivatives.h>
#include <ermine/train.h>

/* One measurement of the curve. */
struct er_stability_point {
    struct er_curve_point at;
    double sharpness, residual; /* NaN where the loss, or a product with the Hessian, is not finite */
    double threshold;
    double
        rising; /* share of the steps since the last measurement after which the loss was larger; NaN: none */
};

struct er_stability_track {
    struct er_network network; /* that `derivatives` is at */
    struct er_derivatives *derivatives;
    float *vector; /* P: the last eigenvector; then where the next search starts */
    struct er_stability_point *point;
    int64_t n, room;
    double loss;            /* of the last record */
    int64_t steps, rises;   /* records since the last measurement, and how many brought a larger loss */
    int64_t products;       /* with the Hessian, so far */
    bool had_record, found; /* `vector` holds an eigenvector */
};

double er_stability_threshold(const struct er_optimiser *o, double rate);

/* Takes what a fresh track needs, with room for so many measurements. The next function does where it hasn't been done.
 * ER_E_NOMEM; er_derivatives_new()'s. */
enum er_status er_stability_track_open(struct er_stability_track *track, const struct er_member *member,
                                       int64_t room, struct er_error *err);

/* A record of the member's curve, in their order: measured when its step is a multiple of `every`, or `last` (then once
 * if it has been already). Takes memory at the first one. ER_E_NOMEM; er_derivatives_new()'s. */
enum er_status er_stability_record(struct er_stability_track *track, const struct er_member *member,
                                   int64_t every, const struct er_curve_point *point, const float *w,
                                   const float *statistics, bool last, struct er_error *err);

/* The first measurement at which the sharpness had come to the threshold: is at or above it after one at which it was below;
 * or, of a run that is never below, where it has stopped falling. -1: none. */
int64_t er_stability_crossing(const struct er_stability_track *track);

/* What was gathered so far, as bytes that er_free() frees; and back into a fresh track. *taken is false where they are
 * damaged or can't be this member's: the track is then still fresh. A record at step 0 empties a track. ER_E_NOMEM; er_derivatives_new()'s. */
enum er_status er_stability_track_save(const struct er_stability_track *track, const struct er_member *member,
                                       void **out, size_t *bytes, struct er_error *err);
enum er_status er_stability_track_restore(struct er_stability_track *track, const struct er_member *member,
                                          const void *in, size_t bytes, bool *taken, struct er_error *err);

void er_stability_track_clear(struct er_stability_track *track);

/* Bytes of a track beside its curve. Errors of er_derivatives_bytes(). */
enum er_status er_stability_bytes(const struct er_net *net, int64_t examples, size_t *bytes,
                                  struct er_error *err);

#endif
