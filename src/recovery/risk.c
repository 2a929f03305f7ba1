/* risk.c - loss, gradient and risk of a dense matrix. Sums run in the order of the observations. */
#include <cblas.h>
#include <ermine/recovery.h>
#include <math.h>
#include <string.h>

static double square(double x)
{
    return x * x;
}

static double squares_at(const struct er_sparse *at, const double *w)
{
    double sum = 0;
    for (int64_t i = 0; i < at->rows; i++)
        for (int64_t e = at->row_start[i]; e < at->row_start[i + 1]; e++)
            sum += square(w[i * at->columns + at->column[e]] - at->value[e]);
    return sum;
}

/* <A_k, W> - y_k */
static double residual(const struct er_recovery *p, int64_t k, const double *w)
{
    const int64_t entries = p->rows * p->columns;
    return cblas_ddot((blasint)entries, p->a + k * entries, 1, w, 1) - p->y[k];
}

double er_recovery_loss(const struct er_recovery *p, const double *w)
{
    double sum = 0;
    if (p->kind == ER_COMPLETION) return squares_at(&p->train, w) / (double)p->n;
    for (int64_t k = 0; k < p->n; k++) sum += square(residual(p, k, w));
    return sum / (double)p->n;
}

void er_recovery_gradient(const struct er_recovery *p, const double *w, double *gradient)
{
    const int64_t entries = p->rows * p->columns;
    const double scale = 2 / (double)p->n;
    memset(gradient, 0, (size_t)entries * sizeof *gradient);
    for (int64_t k = 0; k < p->n && p->kind == ER_SENSING; k++)
        cblas_daxpy((blasint)entries, scale * residual(p, k, w), p->a + k * entries, 1, gradient, 1);
    if (p->kind == ER_SENSING) return;
    const struct er_sparse *train = &p->train;
    for (int64_t i = 0; i < p->rows; i++)
        for (int64_t e = train->row_start[i]; e < train->row_start[i + 1]; e++) {
            const int64_t at = i * p->columns + train->column[e];
            gradient[at] = scale * (w[at] - train->value[e]);
        }
}

double er_recovery_risk(const struct er_recovery *p, const double *w)
{
    const int64_t entries = p->rows * p->columns;
    double sum = 0;
    if (!p->truth) return p->test.n > 0 ? squares_at(&p->test, w) / (double)p->test.n : (double)NAN;
    for (int64_t i = 0; i < entries; i++) sum += square(w[i] - p->truth[i]);
    return sum / (double)entries;
}
