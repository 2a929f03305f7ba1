/* certificate.c - see certificate.h. */
#include "recovery/certificate.h"

#include <ermine/memory.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum er_status er_certificate_open(const struct er_observation *o, double tolerance,
                                   struct er_certificate *out, struct er_error *err)
{
    const int64_t rows = o->problem->rows, columns = o->problem->columns;
    struct er_certificate c = {.o = o, .tolerance = tolerance, .primal = INFINITY};
    enum er_status status = er_svd_new(rows, columns, false, &c.svd, err);
    if (status != ER_OK) return status;
    c.x = er_alloc(o->size, sizeof *c.x);
    c.matrix = er_alloc(o->size, sizeof *c.matrix);
    c.lambda = er_alloc(o->n, sizeof *c.lambda);
    c.vector = er_alloc(o->n, sizeof *c.vector);
    c.other = er_alloc(o->n, sizeof *c.other);
    c.s = er_alloc(rows < columns ? rows : columns, sizeof *c.s);
    if (c.x && c.matrix && c.lambda && c.vector && c.other && c.s) {
        *out = c;
        return ER_OK;
    }
    er_certificate_close(&c);
    return er_fail(err, ER_E_NOMEM, "least nuclear norm: out of memory for %" PRId64 " x %" PRId64, rows,
                   columns);
}

void er_certificate_close(struct er_certificate *c)
{
    er_svd_free(c->svd);
    er_free(c->x);
    er_free(c->matrix);
    er_free(c->lambda);
    er_free(c->vector);
    er_free(c->other);
    er_free(c->s);
}

double er_certificate_bytes(const struct er_recovery *problem)
{
    const double size = (double)problem->rows * (double)problem->columns;
    return 8 * (3 * size + 3 * (double)problem->n + 128 * (double)(problem->rows + problem->columns));
}

enum er_status er_certificate_primal(struct er_certificate *c, const double *x, struct er_error *err)
{
    const struct er_observation *o = c->o;
    memcpy(c->matrix, x, (size_t)o->size * sizeof *x);
    er_observe(o, c->matrix, c->vector);
    for (int64_t k = 0; k < o->n; k++)
        c->vector[k] = fmin(fmax(c->vector[k], o->y[k] - c->tolerance), o->y[k] + c->tolerance);
    er_observe_move(o, c->vector, c->matrix, c->other);
    const enum er_status status = er_svd_values(c->svd, c->matrix, c->s, err);
    if (status != ER_OK) return status;
    const int64_t rows = o->problem->rows, columns = o->problem->columns;
    const double norm = er_nuclear_norm(rows < columns ? rows : columns, c->s);
    if (norm < c->primal) {
        c->primal = norm;
        memcpy(c->x, c->matrix, (size_t)o->size * sizeof *x);
    }
    return ER_OK;
}

enum er_status er_certificate_dual(struct er_certificate *c, const double *lambda, struct er_error *err)
{
    const struct er_observation *o = c->o;
    er_observe_adjoint(o, lambda, c->matrix);
    const enum er_status status = er_svd_values(c->svd, c->matrix, c->s, err);
    if (status != ER_OK) return status;
    const double shrink = c->s[0] > 1 ? (1 - DBL_EPSILON) / c->s[0] : 1;
    double value = 0;
    for (int64_t k = 0; k < o->n; k++)
        value += shrink * (lambda[k] * o->y[k] - c->tolerance * fabs(lambda[k]));
    if (value > c->dual) {
        c->dual = value;
        for (int64_t k = 0; k < o->n; k++) c->lambda[k] = shrink * lambda[k];
    }
    return ER_OK;
}

double er_certificate_gap(const struct er_certificate *c)
{
    return c->primal > 0 ? (c->primal - c->dual) / c->primal : 0;
}

double er_certificate_violation(struct er_certificate *c)
{
    double most = 0;
    er_observe(c->o, c->x, c->vector);
    for (int64_t k = 0; k < c->o->n; k++) most = fmax(most, fabs(c->vector[k] - c->o->y[k]) - c->tolerance);
    return most;
}
