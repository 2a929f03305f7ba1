/* matrix_flow.c - the end-to-end flow of a problem of recovery, integrated. */
#include "math/dormand_prince.h"
#include "recovery/end_to_end.h"

#include <ermine/matrix_flow.h>
#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { SIDES_MOST = 1000 };

static const double least_scale = 1e-9; /* of the largest singular value: what smaller ones are measured by */

struct er_matrix_flow {
    const struct er_recovery *problem;
    double tolerance;
    struct er_end_to_end end_to_end;
    struct er_dormand_prince path;
    double *gradient;
};

static enum er_status slope(void *ctx, const double *w, double *dw, struct er_error *err)
{
    struct er_matrix_flow *f = ctx;
    const enum er_status status = er_end_to_end_look(&f->end_to_end, w, err);
    if (status != ER_OK) return status;
    er_recovery_gradient(f->problem, w, f->gradient);
    er_end_to_end_slope(&f->end_to_end, f->gradient, dw);
    return ER_OK;
}

/* What a line of e (in the singular vectors' coordinates, then within the other side's span) has outside that span. */
static double outside(int64_t n, const double *line, int64_t step, int64_t r, const double *inner,
                      int64_t inner_step)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += line[i * step] * line[i * step];
    for (int64_t i = 0; i < r; i++) sum -= inner[i * inner_step] * inner[i * inner_step];
    return fmax(sum, 0);
}

static double measure(void *ctx, const double *w, const double *e)
{
    struct er_matrix_flow *f = ctx;
    struct er_end_to_end *p = &f->end_to_end;
    const double least = least_scale * p->s[0];
    double sum = 0;
    (void)w;
    er_end_to_end_project(p, e);
    for (int64_t a = 0; a < p->r; a++) {
        const double own = fmax(p->s[a], least);
        sum += (outside(p->n, p->left + a * p->n, 1, p->r, p->inner + a * p->r, 1) +
                outside(p->m, p->right + a, p->r, p->r, p->inner + a, p->r)) /
               (own * own);
        for (int64_t b = 0; b < p->r; b++) {
            const double element = p->inner[a * p->r + b] / fmax(own, p->s[b]);
            sum += element * element;
        }
    }
    return sqrt(sum) / f->tolerance;
}

static enum er_status check(const struct er_recovery *p, double tolerance, struct er_error *err)
{
    if (p->rows > SIDES_MOST || p->columns > SIDES_MOST)
        return er_fail(err, ER_E_LIMIT,
                       "gradient flow: a matrix of %" PRId64 " x %" PRId64 " is too large; sides may be %d",
                       p->rows, p->columns, SIDES_MOST);
    if (!(tolerance >= 1e-12 && tolerance <= 1e-2))
        return er_fail(err, ER_E_USAGE, "gradient flow: the tolerance is %g, it must be 1e-12 to 1e-2",
                       tolerance);
    return ER_OK;
}

enum er_status er_matrix_flow_new(const struct er_recovery *problem, int64_t depth, const double *start,
                                  double tolerance, struct er_matrix_flow **out, struct er_error *err)
{
    enum er_status status = check(problem, tolerance, err);
    if (status != ER_OK) return status;
    struct er_matrix_flow *f = er_alloc(1, sizeof *f);
    if (!f) return er_fail(err, ER_E_NOMEM, "gradient flow: out of memory");
    *f = (struct er_matrix_flow){.problem = problem, .tolerance = tolerance};
    const int64_t entries = problem->rows * problem->columns;
    const struct er_ode ode = {.n = entries, .slope = slope, .measure = measure, .ctx = f};
    f->gradient = er_alloc(entries, sizeof *f->gradient);
    if (!f->gradient) status = er_fail(err, ER_E_NOMEM, "gradient flow: out of memory");
    if (status == ER_OK)
        status = er_end_to_end_open(problem->rows, problem->columns, depth, &f->end_to_end, err);
    if (status == ER_OK) status = er_dormand_prince_open(&ode, start, &f->path, err);
    if (status == ER_OK) status = er_end_to_end_look(&f->end_to_end, start, err);
    if (status == ER_OK)
        *out = f;
    else
        er_matrix_flow_free(f);
    return status;
}

void er_matrix_flow_free(struct er_matrix_flow *f)
{
    if (!f) return;
    er_end_to_end_clear(&f->end_to_end);
    er_dormand_prince_clear(&f->path);
    er_free(f->gradient);
    er_free(f);
}

enum er_status er_matrix_flow_until(struct er_matrix_flow *f, double time, const struct er_progress *progress,
                                    struct er_error *err)
{
    if (!(time >= f->path.t && isfinite(time)))
        return er_fail(err, ER_E_USAGE, "gradient flow: from time %g it cannot go to %g", f->path.t, time);
    return er_dormand_prince_until(&f->path, time, progress, err);
}

double er_matrix_flow_time(const struct er_matrix_flow *f)
{
    return f->path.t;
}

int64_t er_matrix_flow_steps(const struct er_matrix_flow *f)
{
    return f->path.steps;
}

const double *er_matrix_flow_matrix(const struct er_matrix_flow *f)
{
    return f->path.y;
}

/* Time, step, steps taken, W. The slope at W is found again, to the same bits. */
size_t er_matrix_flow_state_bytes(const struct er_matrix_flow *f)
{
    return (size_t)(3 + f->path.ode.n) * sizeof(double);
}

void er_matrix_flow_state(const struct er_matrix_flow *f, void *state)
{
    double *to = state;
    const double front[] = {f->path.t, f->path.h, (double)f->path.steps};
    memcpy(to, front, sizeof front);
    memcpy(to + 3, f->path.y, (size_t)f->path.ode.n * sizeof *to);
}

enum er_status er_matrix_flow_restore(struct er_matrix_flow *f, const void *state, size_t bytes,
                                      struct er_error *err)
{
    double front[3];
    if (bytes != er_matrix_flow_state_bytes(f))
        return er_fail(err, ER_E_INPUT, "gradient flow: a state of %zu bytes, it has %zu", bytes,
                       er_matrix_flow_state_bytes(f));
    memcpy(front, state, sizeof front);
    memcpy(f->path.y, (const double *)state + 3, (size_t)f->path.ode.n * sizeof *f->path.y);
    f->path.t = front[0];
    f->path.h = front[1];
    f->path.steps = (int64_t)front[2];
    f->path.fresh = false;
    return ER_OK;
}
