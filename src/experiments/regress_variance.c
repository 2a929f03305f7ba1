/* regress_variance.c - see regress_variance.h. */
#include "experiments/regress_variance.h"

#include "experiments/regress_fit.h"
#include <ermine/memory.h>
#include <ermine/random.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Over the sets so far: at each test input and output, mean prediction and sum of squared deviations. */
struct sums {
    int64_t n, m, k; /* examples of a training set, test inputs, outputs */
    double *phi, *phi_test, *w, *output;
    double *mean, *squares; /* m x k */
    struct er_error_sums train;
    double fresh; /* squared errors on fresh targets */
};

static enum er_status sums_new(const struct er_regress_spec *spec, const struct er_regression_split *split,
                               const struct er_basis *basis, struct sums *s, struct er_error *err)
{
    *s = (struct sums){.n = split->train.n / spec->sets, .m = split->test.n, .k = split->test.k};
    s->phi = er_alloc(s->n * basis->n, sizeof *s->phi);
    s->phi_test = er_alloc(s->m * basis->n, sizeof *s->phi_test);
    s->w = er_alloc(basis->n * s->k, sizeof *s->w);
    s->output = er_alloc(s->m * s->k, sizeof *s->output);
    s->mean = er_alloc(s->m * s->k, sizeof *s->mean);
    s->squares = er_alloc(s->m * s->k, sizeof *s->squares);
    if (s->phi && s->phi_test && s->w && s->output && s->mean && s->squares) return ER_OK;
    return er_fail(err, ER_E_NOMEM, "regress: out of memory for %" PRId64 " training sets", spec->sets);
}

static void sums_clear(struct sums *s)
{
    er_free(s->phi);
    er_free(s->phi_test);
    er_free(s->w);
    er_free(s->output);
    er_free(s->mean);
    er_free(s->squares);
}

static enum er_status add_set(const struct er_regress_spec *spec, const struct er_regression_split *split,
                              const struct er_basis *basis, int64_t set, struct sums *s,
                              const struct er_progress *progress, struct er_error *err)
{
    const int64_t first = set * s->n;
    const struct er_examples train = {
        .n = s->n, .features = basis->n, .k = s->k, .phi = s->phi, .y = split->train.y + first * s->k};
    enum er_status status =
        er_basis_design(basis, s->n, split->train.x + first * split->train.d, s->phi, progress, err);
    if (status == ER_OK) status = er_regress_solve(&train, spec->ridge, spec->cut_off, s->w, NULL, NULL, err);
    if (status == ER_OK) status = er_regress_errors(&train, s->w, &s->train, err);
    if (status != ER_OK) return status;
    er_regress_predict(s->m, basis->n, s->k, s->phi_test, s->w, s->output);
    struct er_random r = er_random_open(spec->seed, er_stream(ER_PURPOSE_FRESH, (uint64_t)set));
    for (int64_t i = 0; i < s->m * s->k; i++) {
        const double away = s->output[i] - s->mean[i];
        const double fresh = split->test.clean[i] + split->noise * er_random_normal(&r);
        s->mean[i] += away / (double)(set + 1);
        s->squares[i] += away * (s->output[i] - s->mean[i]);
        s->fresh += (s->output[i] - fresh) * (s->output[i] - fresh);
    }
    return ER_OK;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Mean and median over x of values (m of them), which are sorted. */
static double summarise(int64_t m, double *value, double *median)
{
    double sum = 0;
    for (int64_t i = 0; i < m; i++) sum += value[i];
    qsort(value, (size_t)m, sizeof *value, ascending);
    *median = (value[(m - 1) / 2] + value[m / 2]) / 2;
    return sum / (double)m;
}

static void finish(const struct er_regress_spec *spec, const double *clean, struct sums *s,
                   struct er_decomposition *out)
{
    const double sets = (double)spec->sets;
    double *bias2 = s->output, *variance = s->squares; /* of input i at i: sums over its outputs */
    for (int64_t i = 0; i < s->m; i++) {
        double b = 0, v = 0;
        for (int64_t j = i * s->k; j < (i + 1) * s->k; j++) {
            b += (s->mean[j] - clean[j]) * (s->mean[j] - clean[j]);
            v += s->squares[j] / sets;
        }
        bias2[i] = b;
        variance[i] = v;
    }
    out->bias2 = summarise(s->m, bias2, &out->bias2_median);
    out->variance = summarise(s->m, variance, &out->variance_median);
    out->train_mse = s->train.squared / (double)s->train.n;
    out->test_mse = s->fresh / (sets * (double)s->m);
}

enum er_status er_regress_decompose(const struct er_regress_spec *spec,
                                    const struct er_regression_split *split, const struct er_basis *basis,
                                    const struct er_progress *progress, struct er_decomposition *out,
                                    struct er_error *err)
{
    struct sums s;
    enum er_status status = sums_new(spec, split, basis, &s, err);
    if (status == ER_OK) status = er_basis_design(basis, s.m, split->test.x, s.phi_test, progress, err);
    for (int64_t set = 0; set < spec->sets && status == ER_OK; set++) {
        status = er_progress_stopped(progress) ? er_fail(err, ER_E_STOPPED, "regress: interrupted")
                                               : add_set(spec, split, basis, set, &s, progress, err);
    }
    if (status == ER_OK) finish(spec, split->test.clean, &s, out);
    sums_clear(&s);
    return status;
}
