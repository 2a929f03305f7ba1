/* chain_norms.c - norms of the maps of a chain, extended by their biases.
 *
 * The spectral norm of ((W, b), (0, 1)) is at most that of ((s, beta), (0, 1)), where s >= |W|_2 and beta = |b|_2: for
 * |u|^2 + v^2 = 1 the image's first block is no longer than s |u| + beta |v|. The largest singular value of that matrix
 * is sqrt((A + sqrt(A^2 - 4 s^2)) / 2) with A = s^2 + beta^2 + 1; without the row of the 1, sqrt(s^2 + beta^2).
 */
#include "measures/chain.h"
#include "measures/layer_norms.h"

#include <ermine/memory.h>
#include <math.h>

static const double ITERATION = 1e-5;

/* The sums of one output are kept in a row each: squares, and sizes. */
static void add_rows(const struct er_affine *map, const double *w, const double *minus, double *square,
                     double *size)
{
    const int64_t O = map->outputs;
    for (int64_t i = 0; i < map->fan_in; i++)
        for (int64_t o = 0; o < O; o++) {
            const double v = map->factor * (w[i * O + o] - (minus ? minus[i * O + o] : 0));
            square[o] += v * v;
            size[o] += fabs(v);
        }
}

enum er_status er_chain_rows(const struct er_chain *chain, int64_t i, const struct er_chain *minus,
                             struct er_rows *out, struct er_error *err)
{
    const struct er_affine *map = &chain->map[i];
    const int64_t O = map->outputs;
    struct er_rows rows = {0};
    double *square = er_alloc(2 * O, sizeof *square), *size = square + O;
    if (!square)
        return er_fail(err, ER_E_NOMEM, "measures: out of memory for norms of %lld rows", (long long)O);
    add_rows(map, chain->w + map->at, minus ? minus->w + map->at : NULL, square, size);
    for (int64_t o = 0; o < O; o++) {
        const double b = map->bias[o] - (minus ? minus->map[i].bias[o] : 0);
        const double all = square[o] + b * b;
        rows.square += all;
        rows.two_one += sqrt(all);
        rows.largest = fmax(rows.largest, sqrt(all));
        rows.largest_one = fmax(rows.largest_one, size[o] + fabs(b));
        rows.bias += b * b;
    }
    er_free(square);
    if (!isfinite(rows.square))
        return er_fail(err, ER_E_NONFINITE, "measures: a weight of matrix %lld is not finite",
                       (long long)i + 1);
    rows.bias = sqrt(rows.bias);
    *out = rows;
    return ER_OK;
}

enum er_status er_chain_spectral(const struct er_chain *chain, int64_t i, double *out, struct er_error *err)
{
    const struct er_affine *map = &chain->map[i];
    struct er_rows rows = {0};
    double s = 0;
    enum er_status status = er_chain_rows(chain, i, NULL, &rows, err);
    if (status == ER_OK) status = er_map_spectral_norm(chain->net, map, chain->w, &s, err);
    if (status != ER_OK) return status;
    s *= 1 + ITERATION;
    const double beta = rows.bias * sqrt((double)map->positions), one = er_chain_passes_one(chain, i) ? 1 : 0;
    const double A = s * s + beta * beta + one;
    *out = sqrt((A + sqrt(fmax(A * A - 4 * s * s * one, 0))) / 2);
    return ER_OK;
}
