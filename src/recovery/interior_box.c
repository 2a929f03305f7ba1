/* interior_box.c - see interior_box.h. */
#include "recovery/interior_box.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

enum { VECTORS = 9 };

enum er_status er_interior_box_open(int64_t n, struct er_interior_box *out, struct er_error *err)
{
    struct er_interior_box b = {.n = n};
    double **vector[VECTORS] = {&b.above, &b.below, &b.du, &b.p, &b.q, &b.dp, &b.dq, &b.rp, &b.rq};
    bool all = true;
    for (int i = 0; n > 0 && i < VECTORS; i++) {
        *vector[i] = er_alloc(n, sizeof **vector[i]);
        all = all && *vector[i];
    }
    if (all) {
        *out = b;
        return ER_OK;
    }
    er_interior_box_close(&b);
    return er_fail(err, ER_E_NOMEM, "least nuclear norm: out of memory for %" PRId64 " observations", n);
}

void er_interior_box_close(struct er_interior_box *b)
{
    double *all[VECTORS] = {b->above, b->below, b->du, b->p, b->q, b->dp, b->dq, b->rp, b->rq};
    for (int i = 0; i < VECTORS; i++) er_free(all[i]);
}

double er_interior_box_bytes(int64_t n)
{
    return 8.0 * VECTORS * (double)n;
}

void er_interior_box_start(struct er_interior_box *b, double tolerance, double kappa)
{
    for (int64_t k = 0; k < b->n; k++) {
        b->above[k] = b->below[k] = tolerance;
        b->p[k] = b->q[k] = kappa / tolerance;
    }
}

static double stiffness(const struct er_interior_box *b, int64_t k)
{
    return b->p[k] / b->above[k] + b->q[k] / b->below[k];
}

void er_interior_box_diagonal(const struct er_interior_box *b, double *diagonal, int64_t stride)
{
    for (int64_t k = 0; k < b->n; k++) diagonal[k * stride] += 1 / stiffness(b, k);
}

/* r of du = (r - dl) / D. */
static double pull(const struct er_interior_box *b, int64_t k)
{
    return b->rq[k] / b->below[k] - b->rp[k] / b->above[k];
}

void er_interior_box_aim(struct er_interior_box *b, double kappa, bool correct, double *right)
{
    for (int64_t k = 0; k < b->n; k++) {
        b->rp[k] = kappa - b->p[k] * b->above[k] + (correct ? b->dp[k] * b->du[k] : 0);
        b->rq[k] = kappa - b->q[k] * b->below[k] - (correct ? b->dq[k] * b->du[k] : 0);
        right[k] += (b->below[k] - b->above[k]) / 2 + pull(b, k) / stiffness(b, k);
    }
}

void er_interior_box_turn(struct er_interior_box *b, const double *dl)
{
    for (int64_t k = 0; k < b->n; k++) {
        b->du[k] = (pull(b, k) - dl[k]) / stiffness(b, k);
        b->dp[k] = (b->rp[k] + b->p[k] * b->du[k]) / b->above[k];
        b->dq[k] = (b->rq[k] - b->q[k] * b->du[k]) / b->below[k];
    }
}

/* The largest step that keeps value + step change >= 0. */
static double shorter(double step, double value, double change)
{
    return change < 0 ? fmin(step, -value / change) : step;
}

double er_interior_box_step(const struct er_interior_box *b, bool dual)
{
    double step = 1;
    for (int64_t k = 0; k < b->n; k++) {
        step = shorter(step, dual ? b->p[k] : b->above[k], dual ? b->dp[k] : -b->du[k]);
        step = shorter(step, dual ? b->q[k] : b->below[k], dual ? b->dq[k] : b->du[k]);
    }
    return step;
}

double er_interior_box_inner(const struct er_interior_box *b, double primal, double dual)
{
    double sum = 0;
    for (int64_t k = 0; k < b->n; k++)
        sum += (b->p[k] + dual * b->dp[k]) * (b->above[k] - primal * b->du[k]) +
               (b->q[k] + dual * b->dq[k]) * (b->below[k] + primal * b->du[k]);
    return sum;
}

void er_interior_box_move(struct er_interior_box *b, double primal, double dual)
{
    for (int64_t k = 0; k < b->n; k++) {
        b->above[k] -= primal * b->du[k];
        b->below[k] += primal * b->du[k];
        b->p[k] += dual * b->dp[k];
        b->q[k] += dual * b->dq[k];
    }
}
