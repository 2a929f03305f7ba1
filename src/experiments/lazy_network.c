/* lazy_network.c - see lazy_network.h.
 *
 * A step costs 4 n M d multiplications and additions. Both products, Z = X W and dW = X^T (mask c), are tiles of up to
 * ROWS x lanes numbers that stay in registers:  tile[r] = sum_q a[r, q] b[q],  b[q] a vector over the units of a block.
 */
#include "experiments/lazy_network.h"

#include "core/vector.h"
#include <ermine/memory.h>
#include <ermine/random.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { LANES = ER_LAZY_LANES, ROWS = 6 };

typedef double lanes __attribute__((vector_size(LANES * sizeof(double)), may_alias));
typedef int64_t masks __attribute__((vector_size(LANES * sizeof(double)), may_alias));

#define INLINE static inline __attribute__((always_inline))

static enum er_status allocate(int64_t d, int64_t units, struct er_lazy_network *out, struct er_error *err)
{
    const int64_t blocks = (units + LANES - 1) / LANES;
    int64_t size = 0;
    *out = (struct er_lazy_network){.d = d, .units = units, .blocks = blocks};
    if (!__builtin_mul_overflow(blocks * LANES, d, &size)) out->w = er_alloc(size, sizeof *out->w);
    out->a = er_alloc(blocks * LANES, sizeof *out->a);
    if (out->w && out->a) return ER_OK;
    er_lazy_network_clear(out);
    return er_fail(err, ER_E_NOMEM, "lazy: out of memory for %" PRId64 " units of %" PRId64 " inputs", units,
                   d);
}

static double *weight(const struct er_lazy_network *network, int64_t unit, int64_t input)
{
    return network->w + (unit / LANES * network->d + input) * LANES + unit % LANES;
}

enum er_status er_lazy_network_new(int64_t d, int64_t units, double alpha, bool doubled, uint64_t seed,
                                   struct er_lazy_network *out, struct er_error *err)
{
    const enum er_status status = allocate(d, units, out, err);
    if (status != ER_OK) return status;
    out->scale = alpha / sqrt((double)units);
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_INITIALISE, 0));
    for (int64_t k = 0; k < units; k++) {
        const bool copied = doubled && k % 2 == 1;
        for (int64_t j = 0; j < d; j++)
            *weight(out, k, j) = copied ? *weight(out, k - 1, j) : er_random_normal(&r);
        out->a[k] = copied ? -out->a[k - 1] : er_random_normal(&r);
    }
    return ER_OK;
}

enum er_status er_lazy_network_copy(const struct er_lazy_network *from, struct er_lazy_network *out,
                                    struct er_error *err)
{
    const enum er_status status = allocate(from->d, from->units, out, err);
    if (status != ER_OK) return status;
    out->scale = from->scale;
    memcpy(out->w, from->w, (size_t)(from->blocks * LANES * from->d) * sizeof *out->w);
    memcpy(out->a, from->a, (size_t)(from->blocks * LANES) * sizeof *out->a);
    return ER_OK;
}

void er_lazy_network_clear(struct er_lazy_network *network)
{
    er_free(network->w);
    er_free(network->a);
    *network = (struct er_lazy_network){0};
}

int64_t er_lazy_hidden_size(const struct er_lazy_network *network, int64_t n)
{
    return network->blocks * n * LANES;
}

INLINE void tile(int rows, int64_t q, const double *a, int64_t row, int64_t next, const lanes *b, lanes *sum)
{
    for (int r = 0; r < rows; r++) sum[r] = (lanes){0};
    for (int64_t p = 0; p < q; p++)
        for (int r = 0; r < rows; r++) sum[r] += a[r * row + p * next] * b[p];
}

/* A function of up to ROWS rows, with their number known when it is compiled: sums then stay in registers. */
#define WITH_ROWS(rows, function, ...)                                                                       \
    switch (rows) {                                                                                          \
    case 1:                                                                                                  \
        function(1, __VA_ARGS__);                                                                            \
        break;                                                                                               \
    case 2:                                                                                                  \
        function(2, __VA_ARGS__);                                                                            \
        break;                                                                                               \
    case 3:                                                                                                  \
        function(3, __VA_ARGS__);                                                                            \
        break;                                                                                               \
    case 4:                                                                                                  \
        function(4, __VA_ARGS__);                                                                            \
        break;                                                                                               \
    case 5:                                                                                                  \
        function(5, __VA_ARGS__);                                                                            \
        break;                                                                                               \
    default:                                                                                                 \
        function(ROWS, __VA_ARGS__);                                                                         \
        break;                                                                                               \
    }

INLINE int64_t rows_of(int64_t left)
{
    return left < ROWS ? left : ROWS;
}

/* Outputs of examples i .. i + rows - 1 of n. */
INLINE void outputs_of(int rows, const struct er_lazy_network *network, int64_t i, int64_t n, const double *x,
                       lanes *h, double *f)
{
    const int64_t d = network->d;
    const lanes *w = (const lanes *)network->w, *a = (const lanes *)network->a;
    lanes sum[ROWS], z[ROWS];
    for (int r = 0; r < rows; r++) sum[r] = (lanes){0};
    for (int64_t b = 0; b < network->blocks; b++) {
        tile(rows, d, x + i * d, d, 1, w + b * d, z);
        for (int r = 0; r < rows; r++) {
            const lanes positive = (lanes)((z[r] > 0) & (masks)z[r]);
            h[b * n + i + r] = positive;
            sum[r] += a[b] * positive;
        }
    }
    for (int r = 0; r < rows; r++)
        f[i + r] = network->scale * (((sum[r][0] + sum[r][1]) + (sum[r][2] + sum[r][3])) +
                                     ((sum[r][4] + sum[r][5]) + (sum[r][6] + sum[r][7])));
}

ER_VECTOR
void er_lazy_network_outputs(const struct er_lazy_network *network, int64_t n, const double *x,
                             double *hidden, double *f)
{
    for (int64_t i = 0; i < n; i += ROWS)
        WITH_ROWS(rows_of(n - i), outputs_of, network, i, n, x, (lanes *)hidden, f)
}

/* w of inputs j .. j + rows - 1: w[j] -= a sum_i x_ij h_i, h_i what example i passes back. */
INLINE void move_inputs(int rows, int64_t j, int64_t n, int64_t d, const double *x, const lanes *h,
                        const lanes *a, lanes *w)
{
    lanes sum[ROWS];
    tile(rows, n, x + j, 1, d, h, sum);
    for (int r = 0; r < rows; r++) w[j + r] -= a[0] * sum[r];
}

ER_VECTOR
void er_lazy_network_move(struct er_lazy_network *network, int64_t n, const double *x, const double *c,
                          double *hidden)
{
    const int64_t d = network->d;
    for (int64_t b = 0; b < network->blocks; b++) {
        lanes *h = (lanes *)hidden + b * n, *w = (lanes *)network->w + b * d, *a = (lanes *)network->a + b;
        lanes da = {0};
        for (int64_t i = 0; i < n; i++) {
            const lanes share = network->scale * c[i] + (lanes){0};
            da += share * h[i];
            h[i] = (lanes)((h[i] > 0) & (masks)share);
        }
        for (int64_t j = 0; j < d; j += ROWS) WITH_ROWS(rows_of(d - j), move_inputs, j, n, d, x, h, a, w)
        a[0] -= da;
    }
}

double er_lazy_network_movement(const struct er_lazy_network *network, const struct er_lazy_network *start)
{
    double moved = 0, square = 0;
    for (int64_t i = 0; i < network->blocks * LANES * network->d; i++) {
        moved += (network->w[i] - start->w[i]) * (network->w[i] - start->w[i]);
        square += start->w[i] * start->w[i];
    }
    for (int64_t i = 0; i < network->blocks * LANES; i++) {
        moved += (network->a[i] - start->a[i]) * (network->a[i] - start->a[i]);
        square += start->a[i] * start->a[i];
    }
    return sqrt(moved / square);
}

double er_lazy_flips(const struct er_lazy_network *network, int64_t n, const double *hidden,
                     const double *hidden_start)
{
    int64_t flips = 0;
    for (int64_t i = 0; i < er_lazy_hidden_size(network, n); i++)
        flips += (hidden[i] > 0) != (hidden_start[i] > 0);
    return (double)flips / ((double)n * (double)network->units);
}
