/* nuclear_interior.c - minimum nuclear norm as a semidefinite program, by a primal-dual interior point method.
 *
 *     min 1/2 tr Z,  Z = [W1 X; X^T W2] >= 0,  A(X) - u = y,  |u_k| <= tolerance
 *     max sum_k l_k y_k - tolerance sum_k (p_k + q_k),  T = [I -G; -G^T I] >= 0,  G = A*(l),  l = q - p,  p, q >= 0
 *
 * On the central path Z T = tau I and p (tolerance - u) = q (tolerance + u) = tau / 2. It begins within all bounds, at
 * X = A*(A A*)^-1 y, W = c I with c > ||X||_2, u = 0, l = 0, and stays there. Each step is Mehrotra's predictor and
 * corrector along the direction of Helmberg, Rendl, Vanderbei, Wolkowicz, Kojima and Monteiro, for which (interior_block.h,
 * interior_box.h)
 *
 *     M dl + dl / D = y + u - A(X) - A(B) + r / D          M of nuclear_system.h
 *
 * Sources: Recht, Fazel and Parrilo 2010 (the program); Helmberg, Rendl, Vanderbei and Wolkowicz, "An interior-point method
 * for semidefinite programming", SIAM J. Optim. 1996; Mehrotra, SIAM J. Optim. 1992.
 */
#include "math/cholesky.h"
#include "recovery/interior_block.h"
#include "recovery/interior_box.h"
#include "recovery/nuclear_methods.h"
#include "recovery/nuclear_system.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

enum {
    PATIENCE = 3, /* iterations that hardly bring the gap down, after which rounding is all that is left */
    TRIES = 5     /* to decompose a system */
};

static const double along = 0.98;       /* of the way to the boundary */
static const double above = 1.5;        /* c / ||X||_2 */
static const double more_least = 1e-14; /* of its diagonal added to a system, in the second try */

struct interior {
    const struct er_observation *o;
    const struct er_progress *stop; /* reports nothing */
    struct er_certificate *c;
    struct er_nuclear_system system;
    struct er_interior_block block; /* Z and T */
    struct er_interior_box box;     /* u, p and q */
    double *lambda, *dl;            /* n */
    double primal, dual;            /* the steps */
};

static enum er_status open_interior(const struct er_observation *o, double tolerance,
                                    const struct er_pool *pool, struct interior *in, struct er_error *err)
{
    const struct er_recovery *p = o->problem;
    in->lambda = er_alloc(o->n, sizeof *in->lambda);
    in->dl = er_alloc(o->n, sizeof *in->dl);
    if (!in->lambda || !in->dl)
        return er_fail(err, ER_E_NOMEM, "least nuclear norm: out of memory for %" PRId64 " observations",
                       o->n);
    enum er_status status = er_interior_block_open(p->rows, p->columns, &in->block, err);
    if (status == ER_OK) status = er_interior_box_open(tolerance > 0 ? o->n : 0, &in->box, err);
    if (status == ER_OK) status = er_nuclear_system_open(o, pool, &in->system, err);
    in->block.stop = in->system.stop = in->stop;
    in->system.z = in->block.z;
    in->system.t = in->block.t_inverse;
    return status;
}

static void close_interior(struct interior *in)
{
    er_nuclear_system_close(&in->system);
    er_interior_box_close(&in->box);
    er_interior_block_close(&in->block);
    er_free(in->lambda);
    er_free(in->dl);
}

double er_nuclear_interior_bytes(const struct er_recovery *problem, int threads)
{
    return er_nuclear_system_bytes(problem, threads) +
           er_interior_block_bytes(problem->rows, problem->columns) + er_interior_box_bytes(problem->n) +
           16 * (double)problem->n;
}

/* The gap, but for what is off the constraints, where these steps lead to; and tau of the path's point with that gap. */
static double complementarity(const struct interior *in, double primal, double dual)
{
    return er_interior_block_inner(&in->block, primal, dual) / 2 +
           er_interior_box_inner(&in->box, primal, dual);
}

static double path(const struct interior *in, double complementarity)
{
    return complementarity / ((double)in->block.side / 2 + (double)in->box.n);
}

static enum er_status start(struct interior *in, double tolerance, struct er_error *err)
{
    const struct er_observation *o = in->o;
    double *corner = in->block.corner;
    for (int64_t k = 0; k < o->n; k++) in->dl[k] = o->y[k];
    er_observe_solve(o, in->dl);
    er_observe_adjoint(o, in->dl, corner);
    enum er_status status = er_svd_values(in->c->svd, corner, in->c->s, err);
    if (status == ER_OK) status = er_nuclear_stopped(in->stop, err);
    if (status != ER_OK) return status;
    const double c = above * in->c->s[0];
    er_interior_block_start(&in->block, c);
    er_interior_box_start(&in->box, tolerance, c / 2);
    return er_certificate_primal(in->c, corner, err);
}

/* M of where we are, decomposed; false in *definite where it is not positive definite to rounding, even with a little
 * more on its diagonal: then the direction is off the constraints by as little, and the next one corrects it. */
static enum er_status decompose(struct interior *in, bool *definite, struct er_pool *pool,
                                struct er_error *err)
{
    const int64_t n = in->o->n;
    double *m = in->system.m;
    int64_t pivot = 0;
    enum er_status status = ER_OK;
    *definite = er_interior_block_factor(&in->block);
    if (!*definite) return ER_OK;
    for (int try = 0; status == ER_OK && pivot >= 0 && try < TRIES; try++) {
        const double more = try == 0 ? 0 : more_least * pow(100, try - 1);
        er_nuclear_system_fill(&in->system, pool);
        er_interior_box_diagonal(&in->box, m, n + 1);
        for (int64_t k = 0; k < n; k++) m[k * (n + 1)] *= 1 + more;
        status = er_cholesky(n, m, &pivot, pool, in->stop, err);
    }
    *definite = pivot < 0;
    return status;
}

/* The direction to the path's point at tau and the steps to the boundary; `correct`: with the terms of second order of the
 * direction before. */
static void aim(struct interior *in, double tau, bool correct)
{
    const struct er_observation *o = in->o;
    er_interior_block_aim(&in->block, tau, correct);
    er_observe(o, in->block.corner, in->dl);
    for (int64_t k = 0; k < o->n; k++) in->dl[k] = o->y[k] - in->dl[k];
    er_interior_box_aim(&in->box, tau / 2, correct, in->dl);
    er_cholesky_solve(o->n, in->system.m, 1, in->dl);
    er_observe_adjoint(o, in->dl, in->block.corner);
    er_interior_block_turn(&in->block);
    er_interior_box_turn(&in->box, in->dl);
    in->primal = fmin(er_interior_block_step(&in->block, false), er_interior_box_step(&in->box, false));
    in->dual = fmin(er_interior_block_step(&in->block, true), er_interior_box_step(&in->box, true));
}

static enum er_status step(struct interior *in, struct er_error *err)
{
    const double here = complementarity(in, 0, 0), tau = path(in, here);
    aim(in, 0, false);
    const double reached = complementarity(in, in->primal, in->dual) / here;
    aim(in, tau * fmin(fmax(reached * reached * reached, 1e-6), 1), true);
    er_interior_block_move(&in->block, along * in->primal, along * in->dual);
    er_interior_box_move(&in->box, along * in->primal, along * in->dual);
    for (int64_t k = 0; k < in->o->n; k++) in->lambda[k] += along * in->dual * in->dl[k];
    enum er_status status = er_nuclear_stopped(in->stop, err); /* no step along half a direction */
    if (status == ER_OK) status = er_certificate_primal(in->c, in->block.corner, err);
    if (status == ER_OK) status = er_nuclear_stopped(in->stop, err);
    return status == ER_OK ? er_certificate_dual(in->c, in->lambda, err) : status;
}

static enum er_status iterate(struct interior *in, const struct er_nuclear_spec *spec, int64_t *iterations,
                              struct er_pool *pool, const struct er_progress *progress, struct er_error *err)
{
    double least = INFINITY;
    int64_t idle = 0;
    enum er_status status = start(in, spec->tolerance, err);
    for (*iterations = 0; status == ER_OK && *iterations < spec->iterations && idle < PATIENCE;) {
        bool definite = true;
        status = decompose(in, &definite, pool, err);
        if (status == ER_OK) status = er_nuclear_stopped(in->stop, err);
        if (status != ER_OK || !definite) break;
        status = step(in, err);
        if (status != ER_OK) break;
        status = er_nuclear_report(progress, ++*iterations, err);
        const double gap = er_certificate_gap(in->c);
        if (gap <= spec->gap) break;
        const bool ahead = complementarity(in, 0, 0) > gap * in->c->primal; /* of a better start */
        idle = ahead || gap < 0.9 * least ? 0 : idle + 1;
        least = fmin(gap, least);
    }
    return status;
}

enum er_status er_nuclear_interior(const struct er_observation *o, const struct er_nuclear_spec *spec,
                                   struct er_certificate *c, int64_t *iterations, struct er_pool *pool,
                                   const struct er_progress *progress, struct er_error *err)
{
    const struct er_progress quiet = {.stop = progress ? progress->stop : NULL};
    struct interior in = {.o = o, .stop = &quiet, .c = c};
    enum er_status status = open_interior(o, spec->tolerance, pool, &in, err);
    if (status == ER_OK) status = iterate(&in, spec, iterations, pool, progress, err);
    close_interior(&in);
    return status;
}
