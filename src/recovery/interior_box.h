/* interior_box.h - the bounds |u_k| <= tolerance of the interior point method (nuclear_interior.c) and their multipliers p
 * of u <= tolerance, q of u >= -tolerance, all within; of no observations where there is no tolerance.
 *
 *     p (tolerance - u) = q (tolerance + u) = kappa      dl = dq - dp
 *     D = p / (tolerance - u) + q / (tolerance + u)      du = (r - dl) / D
 */
#ifndef ERMINE_RECOVERY_INTERIOR_BOX_H
#define ERMINE_RECOVERY_INTERIOR_BOX_H

#include <ermine/status.h>
#include <stdbool.h>

struct er_interior_box {
    int64_t n;
    double *above, *below, *du; /* tolerance - u, tolerance + u, du */
    double *p, *q, *dp, *dq;
    double *rp, *rq; /* kappa - p above, kappa - q below, and what corrects them */
};

/* n = 0 with tolerance 0. p = q = kappa / tolerance, u = 0 by er_interior_box_start(). ER_E_NOMEM. */
enum er_status er_interior_box_open(int64_t n, struct er_interior_box *out, struct er_error *err);
void er_interior_box_close(struct er_interior_box *b);
double er_interior_box_bytes(int64_t n);

void er_interior_box_start(struct er_interior_box *b, double tolerance, double kappa);

/* diagonal[k stride] += 1 / D_k */
void er_interior_box_diagonal(const struct er_interior_box *b, double *diagonal, int64_t stride);

/* Sets r of kappa; with `correct` by the direction before; right += u + r / D. */
void er_interior_box_aim(struct er_interior_box *b, double kappa, bool correct, double *right);

/* The direction of dl. */
void er_interior_box_turn(struct er_interior_box *b, const double *dl);

/* The largest step in [0, 1] that stays within: of u, or with `dual` of p and q. */
double er_interior_box_step(const struct er_interior_box *b, bool dual);

/* sum of p (tolerance - u) + q (tolerance + u) after such steps. */
double er_interior_box_inner(const struct er_interior_box *b, double primal, double dual);

void er_interior_box_move(struct er_interior_box *b, double primal, double dual);

#endif
