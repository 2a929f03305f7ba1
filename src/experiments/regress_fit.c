/* regress_fit.c - see regress_fit.h. */
#include "experiments/regress_fit.h"

#include "math/least_squares.h"
#include <cblas.h>
#include <ermine/memory.h>
#include <math.h>

enum er_status er_regress_solve(const struct er_examples *examples, double ridge, double cut_off, double *w,
                                double *unseen, struct er_fit_facts *facts, struct er_error *err)
{
    struct er_least_squares *f = NULL;
    enum er_status status =
        er_least_squares_new(examples->n, examples->features, examples->phi, cut_off, &f, err);
    if (status != ER_OK) return status;
    status = er_least_squares_solve(f, examples->k, examples->y, ridge, w, err);
    if (status == ER_OK && unseen) status = er_least_squares_null(f, examples->k, unseen, err);
    if (facts)
        *facts = (struct er_fit_facts){.rank = er_least_squares_rank(f),
                                       .condition = er_least_squares_condition(f),
                                       .curvature = er_least_squares_norm(f) * er_least_squares_norm(f)};
    er_least_squares_free(f);
    return status;
}

void er_regress_predict(int64_t n, int64_t features, int64_t k, const double *phi, const double *w,
                        double *out)
{
    if (k == 1)
        cblas_dgemv(CblasRowMajor, CblasNoTrans, (blasint)n, (blasint)features, 1, phi, (blasint)features, w,
                    1, 0, out, 1);
    else
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)n, (blasint)k, (blasint)features, 1,
                    phi, (blasint)features, w, (blasint)k, 0, out, (blasint)k);
}

static int32_t class_of(int64_t k, const double *output)
{
    if (k == 1) return output[0] > 0;
    int32_t best = 0;
    for (int32_t c = 1; c < k; c++)
        if (output[c] > output[best]) best = c;
    return best;
}

enum er_status er_regress_errors(const struct er_examples *examples, const double *w,
                                 struct er_error_sums *sums, struct er_error *err)
{
    const int64_t n = examples->n, k = examples->k;
    if (n == 0) return ER_OK;
    double *output = er_alloc(n * k, sizeof *output);
    if (!output) return er_fail(err, ER_E_NOMEM, "regress: out of memory for predictions");
    er_regress_predict(n, examples->features, k, examples->phi, w, output);
    for (int64_t i = 0; i < n * k; i++) {
        const double e = output[i] - examples->y[i];
        sums->squared += e * e;
    }
    for (int64_t i = 0; i < n && examples->label; i++)
        sums->wrong += class_of(k, output + i * k) != examples->label[i];
    sums->n += n;
    er_free(output);
    return ER_OK;
}

double er_regress_norm(int64_t n, const double *w)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += w[i] * w[i];
    return sqrt(sum);
}
