/* regress_descent.c - see regress_descent.h. */
#include "experiments/regress_descent.h"

#include "experiments/regress_risk.h"
#include <cblas.h>
#include <ermine/memory.h>
#include <ermine/random.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Weights of the norm that the spec asks for, with a random direction. */
static void draw_start(const struct er_regress_spec *spec, int64_t n, double *w)
{
    if (spec->start == 0) return;
    struct er_random r = er_random_open(spec->seed, er_stream(ER_PURPOSE_INITIALISE, 0));
    for (int64_t i = 0; i < n; i++) w[i] = er_random_normal(&r);
    const double scale = spec->start / er_regress_norm(n, w);
    for (int64_t i = 0; i < n; i++) w[i] *= scale;
}

/* The first step after `step` that is recorded. */
static int64_t next_record(int64_t step, int64_t steps)
{
    static const int64_t tenths[] = {10, 12, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90};
    if (step < 10) return step + 1 < steps ? step + 1 : steps;
    for (int64_t power = 1; power <= steps; power *= 10)
        for (size_t i = 0; i < sizeof tenths / sizeof *tenths; i++)
            if (tenths[i] * power > step) return tenths[i] * power < steps ? tenths[i] * power : steps;
    return steps;
}

static int64_t count_records(int64_t steps)
{
    int64_t n = 1;
    for (int64_t step = 0; step < steps; step = next_record(step, steps)) n++;
    return n;
}

/* Scratch of one descent, and the limit that it goes to. */
struct descending {
    const struct er_regress_spec *spec;
    struct er_descent *d;
    double rate;
    double *limit, *residual; /* features x k; n x k */
};

static enum er_status measure(struct descending *g, int64_t step, struct er_error *err)
{
    struct er_descent *d = g->d;
    const int64_t size = d->train->features * d->train->k;
    struct er_error_sums train = {0}, test = {0};
    enum er_status status = er_regress_errors(d->train, d->w, &train, err);
    if (status == ER_OK) status = er_regress_errors(d->test, d->w, &test, err);
    if (status != ER_OK) return status;
    double squared = 0;
    for (int64_t i = 0; i < size; i++) squared += (d->w[i] - g->limit[i]) * (d->w[i] - g->limit[i]);
    d->record[d->n_records++] = (struct er_descent_record){
        .step = (double)step,
        .train_mse = train.squared / (double)train.n,
        .test_mse = test.n ? test.squared / (double)test.n : (double)NAN,
        .excess_risk = d->theta ? er_regress_excess_risk(size, d->w, d->theta, d->variance) : (double)NAN,
        .norm = er_regress_norm(size, d->w),
        .distance = sqrt(squared) / er_regress_norm(size, g->limit)};
    return ER_OK;
}

static void take_step(struct descending *g)
{
    const struct er_examples *t = g->d->train;
    const blasint n = (blasint)t->n, features = (blasint)t->features, k = (blasint)t->k;
    const double scale = g->rate / (double)t->n;
    double *w = g->d->w;
    er_regress_predict(t->n, t->features, t->k, t->phi, w, g->residual);
    for (int64_t i = 0; i < t->n * t->k; i++) g->residual[i] -= t->y[i];
    for (int64_t i = 0; i < t->features * t->k && g->spec->ridge > 0; i++)
        w[i] -= scale * g->spec->ridge * w[i];
    if (k == 1)
        cblas_dgemv(CblasRowMajor, CblasTrans, n, features, -scale, t->phi, features, g->residual, 1, 1, w,
                    1);
    else
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, features, k, n, -scale, t->phi, features,
                    g->residual, k, 1, w, k);
}

/* Where nothing is curved gradients are 0, and any finite rate does. */
static double own_rate(double curvature)
{
    return isfinite(1 / curvature) ? 1 / curvature : 1;
}

static enum er_status walk(struct descending *g, const struct er_progress *progress, struct er_error *err)
{
    struct er_descent *d = g->d;
    enum er_status status = measure(g, 0, err);
    int64_t due = next_record(0, g->spec->steps);
    while (status == ER_OK && d->steps < g->spec->steps && !d->diverged) {
        if (d->steps % 64 == 0 && er_progress_stopped(progress))
            return er_fail(err, ER_E_STOPPED, "regress: interrupted at step %" PRId64, d->steps);
        take_step(g);
        d->steps++;
        if (d->steps < due) continue;
        due = next_record(d->steps, g->spec->steps);
        status = measure(g, d->steps, err);
        d->diverged = status == ER_OK && !isfinite(d->record[d->n_records - 1].train_mse);
    }
    return status;
}

enum er_status er_regress_descend(const struct er_regress_spec *spec, struct er_descent *descent,
                                  const struct er_progress *progress, struct er_error *err)
{
    const struct er_examples *train = descent->train;
    const int64_t size = train->features * train->k;
    struct descending g = {.spec = spec, .d = descent};
    enum er_status status = ER_OK;
    double *unseen = er_alloc(size, sizeof *unseen);
    g.limit = er_alloc(size, sizeof *g.limit);
    g.residual = er_alloc(train->n * train->k, sizeof *g.residual);
    descent->record = er_alloc(count_records(spec->steps), sizeof *descent->record);
    descent->n_records = descent->steps = 0;
    descent->diverged = false;
    if (!unseen || !g.limit || !g.residual || !descent->record) {
        status = er_fail(err, ER_E_NOMEM, "regress: out of memory for gradient descent");
        goto done;
    }
    memset(descent->w, 0, (size_t)size * sizeof *descent->w);
    draw_start(spec, size, descent->w);
    memcpy(unseen, descent->w, (size_t)size * sizeof *unseen);
    status = er_regress_solve(train, spec->ridge, spec->cut_off, g.limit, unseen, &descent->facts, err);
    if (status != ER_OK) goto done;
    for (int64_t i = 0; i < size && spec->ridge == 0; i++) g.limit[i] += unseen[i];
    const double curvature = (descent->facts.curvature + spec->ridge) / (double)train->n;
    g.rate = isnan(spec->rate) ? own_rate(curvature) : spec->rate;
    status = walk(&g, progress, err);
done:
    er_free(g.residual);
    er_free(g.limit);
    er_free(unseen);
    if (status == ER_OK) return ER_OK;
    er_free(descent->record);
    descent->record = NULL;
    return status;
}
