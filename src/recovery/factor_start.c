/* factor_start.c - the factors before the first step. Each factor has a stream of its own, (seed, factors, j), read row
 * by row in float64: neither precision nor the way in which factors lie changes what is drawn.
 */
#include "math/qr.h"
#include "recovery/end_to_end.h"
#include "recovery/factor.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>

static void draw(uint64_t seed, int64_t j, int64_t n, double deviation, double *w)
{
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_FACTORS, (uint64_t)j));
    for (int64_t p = 0; p < n; p++) w[p] = deviation * er_random_normal(&r);
}

static enum er_status orthogonal(uint64_t seed, int64_t j, int64_t rows, int64_t columns, double factor,
                                 double *w, double *spare, struct er_error *err)
{
    const bool tall = rows > columns;
    const int64_t least = tall ? columns : rows, most = tall ? rows : columns;
    draw(seed, j, rows * columns, 1, spare);
    enum er_status status = er_qr_orthonormal(least, most, spare, err);
    for (int64_t a = 0; a < least; a++)
        for (int64_t b = 0; b < most; b++)
            w[tall ? b * columns + a : a * columns + b] = factor * spare[a * most + b];
    return status;
}

static enum er_status no_memory(int64_t rows, int64_t columns, struct er_error *err)
{
    return er_fail(err, ER_E_NOMEM, "factorise: out of memory for a factor of %lld x %lld", (long long)rows,
                   (long long)columns);
}

static enum er_status one(struct er_factorisation *f, int64_t j, double root, struct er_error *err)
{
    const struct er_factorise_spec *spec = &f->spec;
    int64_t rows, columns;
    enum er_status status = ER_OK;
    er_factorisation_shape(f, j, &rows, &columns);
    double *w = er_alloc(2 * rows * columns, sizeof *w); /* the second half: spare */
    if (!w) return no_memory(rows, columns, err);
    if (spec->start == ER_FACTOR_GAUSSIAN)
        draw(spec->seed, j, rows * columns, root / sqrt((double)columns), w);
    else if (spec->start == ER_FACTOR_IDENTITY)
        for (int64_t i = 0; i < rows && i < columns; i++) w[i * columns + i] = root;
    else
        status = orthogonal(spec->seed, j, rows, columns, root, w, w + rows * columns, err);
    er_factorisation_set(f, j, w);
    er_free(w);
    return status;
}

static enum er_status each(struct er_factorisation *f, struct er_error *err)
{
    const double root = pow(f->spec.scale, 1 / (double)f->spec.depth);
    enum er_status status = ER_OK;
    for (int64_t j = 1; j <= f->spec.depth && status == ER_OK; j++) status = one(f, j, root, err);
    return status;
}

/* A Gaussian matrix, its singular values' roots shared out. */
static enum er_status balanced(struct er_factorisation *f, struct er_error *err)
{
    const struct er_factorise_spec *spec = &f->spec;
    const int64_t m = f->problem->rows, n = f->problem->columns, N = spec->depth;
    struct er_end_to_end e = {0};
    double *a = er_alloc(m * n, sizeof *a);
    if (!a) return no_memory(m, n, err);
    draw(spec->seed, 1, m * n, spec->scale / sqrt((double)n), a);
    if (N == 1) er_factorisation_set(f, 1, a);
    enum er_status status = N > 1 ? er_end_to_end_open(m, n, N, &e, err) : ER_OK;
    if (status == ER_OK && N > 1) status = er_end_to_end_look(&e, a, err);
    er_free(a);
    for (int64_t j = 1; j <= N && N > 1 && status == ER_OK; j++) {
        int64_t rows, columns;
        er_factorisation_shape(f, j, &rows, &columns);
        double *w = er_alloc(rows * columns, sizeof *w);
        if (!w) {
            status = no_memory(rows, columns, err);
            break;
        }
        er_end_to_end_factor(&e, j, f->plan.width, w);
        er_factorisation_set(f, j, w);
        er_free(w);
    }
    er_end_to_end_clear(&e);
    return status;
}

double er_factor_start_bytes(const struct er_factor_plan *plan, const struct er_factorise_spec *spec)
{
    double largest = 0;
    for (int64_t i = 0; i < plan->depth; i++)
        largest = fmax(largest, (double)plan->piece[i].rows * (double)plan->piece[i].columns);
    if (spec->start != ER_FACTOR_BALANCED) return 2 * largest * sizeof(double);
    const double drawn = (double)plan->m * (double)plan->n * sizeof(double);
    if (plan->depth == 1) return drawn;
    return er_end_to_end_bytes(plan->m, plan->n, plan->depth) + fmax(drawn, largest * sizeof(double));
}

bool er_factorise_is_balanced(const struct er_factorise_spec *spec, int64_t rows, int64_t columns)
{
    if (spec->depth == 1 || spec->start == ER_FACTOR_BALANCED) return true;
    return spec->start != ER_FACTOR_GAUSSIAN && spec->width <= (rows < columns ? rows : columns);
}

enum er_status er_factor_start(struct er_factorisation *f, struct er_error *err)
{
    return f->spec.start == ER_FACTOR_BALANCED ? balanced(f, err) : each(f, err);
}
