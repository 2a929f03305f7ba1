/* Spectral norms against LAPACK's singular values and closed forms. */
#include "t.h"

#include <ermine/spectrum.h>
#include <float.h>
#include <lapacke.h>

struct dense {
    int64_t rows, columns;
    const float *b;
};

/* Sums in float32, as a layer's products are. */
static enum er_status forward(void *ctx, const float *v, float *out, struct er_error *err)
{
    (void)err;
    const struct dense *d = ctx;
    for (int64_t i = 0; i < d->rows; i++) {
        out[i] = 0;
        for (int64_t j = 0; j < d->columns; j++) out[i] += d->b[i * d->columns + j] * v[j];
    }
    return ER_OK;
}

static enum er_status backward(void *ctx, const float *v, float *out, struct er_error *err)
{
    (void)err;
    const struct dense *d = ctx;
    for (int64_t j = 0; j < d->columns; j++) out[j] = 0;
    for (int64_t i = 0; i < d->rows; i++)
        for (int64_t j = 0; j < d->columns; j++) out[j] += d->b[i * d->columns + j] * v[i];
    return ER_OK;
}

static struct er_linear_map map(struct dense *d)
{
    return (struct er_linear_map){
        .rows = d->rows, .columns = d->columns, .ctx = d, .apply = forward, .apply_transposed = backward};
}

static void check(int64_t rows, int64_t columns, float scale)
{
    struct er_error err = {0};
    float *b = er_alloc(rows * columns, sizeof *b);
    double *copy = er_alloc(rows * columns, sizeof *copy), *s = er_alloc(rows + columns, sizeof *s);
    double *rest = er_alloc(rows + columns, sizeof *rest);
    struct er_random r = er_random_open(9, er_stream(ER_PURPOSE_TEST, 0));
    for (int64_t i = 0; i < rows * columns; i++)
        copy[i] = (double)(b[i] = scale * (float)er_random_normal(&r));
    T_EQ_INT(LAPACKE_dgesvd(LAPACK_ROW_MAJOR, 'N', 'N', (lapack_int)rows, (lapack_int)columns, copy,
                            (lapack_int)columns, s, NULL, 1, NULL, 1, rest),
             0, "dgesvd");
    struct dense d = {rows, columns, b};
    const struct er_linear_map m = map(&d);
    double norm = 0, error = 1;
    T_STATUS(er_operator_norm(&m, 1e-6, 2000, 0, er_stream(ER_PURPOSE_PROBES, 0), &norm, &error, &err), ER_OK,
             "%" PRId64 " x %" PRId64, rows, columns);
    T_CLOSE(norm / s[0], 1, 1e-6, "%" PRId64 " x %" PRId64 ": %.9g", rows, columns, s[0]);
    T_OK(error <= 1e-6, "%" PRId64 " x %" PRId64 ": the error is known: %g", rows, columns, error);
    er_free(b);
    er_free(copy);
    er_free(s);
    er_free(rest);
}

int main(void)
{
    check(1, 1, 1);
    check(1, 50, 1);
    check(50, 1, 1);
    check(30, 30, 1e-6f);
    check(10, 300, 1e6f);
    check(300, 80, 1);
    check(400, 400, 1);

    struct er_error err = {0};
    const float identity[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1}, zero[6] = {0};
    struct dense d = {3, 3, identity};
    struct er_linear_map m = map(&d);
    double norm = 0, error;
    T_STATUS(er_operator_norm(&m, 1e-6, 100, 0, 0, &norm, &error, &err), ER_OK, "identity");
    T_CLOSE(norm, 1, 2 * (double)FLT_EPSILON, "identity");
    T_ALLOCATIONS(er_operator_norm(&m, 1e-6, 100, 0, 0, &norm, NULL, &err), (void)0, "allocations");
    d = (struct dense){2, 3, zero};
    m = map(&d);
    T_STATUS(er_operator_norm(&m, 1e-6, 100, 0, 0, &norm, &error, &err), ER_OK, "zero");
    T_OK(norm == 0 && error == 0, "zero: %g", norm);
    const float huge[1] = {1e25f};
    d = (struct dense){1, 1, huge};
    m = map(&d);
    T_STATUS(er_operator_norm(&m, 1e-6, 100, 0, 0, &norm, &error, &err), ER_E_NONFINITE,
             "its square overflows");
    T_STATUS(er_operator_norm(&m, 0, 100, 0, 0, &norm, &error, &err), ER_E_USAGE, "tolerance 0");
    T_STATUS(er_operator_norm(&m, .1, 0, 0, 0, &norm, &error, &err), ER_E_USAGE, "no product");
    m.rows = 0;
    T_STATUS(er_operator_norm(&m, .1, 1, 0, 0, &norm, &error, &err), ER_E_USAGE, "no rows");
    return t_done();
}
