/* basis.c - see basis.h. */
#include "experiments/basis.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <ermine/random.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

static const double PI = 3.14159265358979323846;

/* Between looks whether to stop: normals that are drawn; multiplications of a product, at least. Tiles of it are
 * multiples of these sizes, of which the blocks of BLAS's kernels (24 at most) are divisors: so every feature has the
 * bits that it has in one product. */
enum { DRAWN = 1 << 20, TILE = 1 << 28, TILE_ROWS = 768, TILE_FEATURES = 3072 };

bool er_basis_is_of_one(enum er_basis_kind kind)
{
    return kind <= ER_BASIS_RADIAL;
}

bool er_basis_has_degree(enum er_basis_kind kind)
{
    return kind == ER_BASIS_POLYNOMIAL || kind == ER_BASIS_LEGENDRE;
}

static bool is_random(enum er_basis_kind kind)
{
    return kind == ER_BASIS_RELU || kind == ER_BASIS_RANDOM_FOURIER;
}

static enum er_status stopped(struct er_error *err)
{
    return er_fail(err, ER_E_STOPPED, "regress: interrupted");
}

double er_basis_bytes(enum er_basis_kind kind, int64_t features, int64_t d)
{
    return is_random(kind) ? (double)features * (double)(d + 1) * sizeof(double) : 0;
}

static enum er_status draw(struct er_basis *b, uint64_t seed, const struct er_progress *progress,
                           struct er_error *err)
{
    b->direction = er_alloc(b->n * b->d, sizeof *b->direction);
    b->phase = er_alloc(b->n, sizeof *b->phase);
    if (!b->direction || !b->phase) {
        er_basis_clear(b);
        return er_fail(err, ER_E_NOMEM, "regress: out of memory for %" PRId64 " random features", b->n);
    }
    struct er_random of_direction = er_random_open(seed, er_stream(ER_PURPOSE_FEATURES, 0));
    struct er_random of_phase = er_random_open(seed, er_stream(ER_PURPOSE_FEATURES, 1));
    const double scale = b->kind == ER_BASIS_RELU ? 1 / sqrt((double)b->d) : 1 / b->bandwidth;
    for (int64_t i = 0; i < b->n * b->d; i++) {
        if (i % DRAWN == 0 && er_progress_stopped(progress)) {
            er_basis_clear(b);
            return stopped(err);
        }
        b->direction[i] = scale * er_random_normal(&of_direction);
    }
    for (int64_t j = 0; j < b->n; j++) b->phase[j] = 2 * PI * er_random_uniform(&of_phase);
    return ER_OK;
}

enum er_status er_basis_open(enum er_basis_kind kind, int64_t features, double bandwidth, int64_t d,
                             double low, double high, uint64_t seed, const struct er_progress *progress,
                             struct er_basis *out, struct er_error *err)
{
    struct er_basis b = {.kind = kind, .n = kind == ER_BASIS_LINEAR ? d : features, .d = d, .half = 1};
    if (er_basis_is_of_one(kind) && d != 1)
        return er_fail(
            err, ER_E_SHAPE,
            "this basis has functions of one number; an input of these data is %" PRId64 " numbers", d);
    if (er_basis_is_of_one(kind)) {
        b.centre = (low + high) / 2;
        if (high > low) b.half = (high - low) / 2;
    }
    const double usual = kind == ER_BASIS_RADIAL ? 2 / (double)(b.n > 1 ? b.n - 1 : 1) : 5;
    b.bandwidth = isnan(bandwidth) ? usual : bandwidth;
    if (is_random(kind)) {
        const enum er_status status = draw(&b, seed, progress, err);
        if (status != ER_OK) return status;
    }
    *out = b;
    return ER_OK;
}

static void powers(int64_t n, double z, double *phi)
{
    phi[0] = 1;
    for (int64_t j = 1; j < n; j++) phi[j] = phi[j - 1] * z;
}

/* (j + 1) P_{j+1} = (2 j + 1) z P_j - j P_{j-1} */
static void legendre(int64_t n, double z, double *phi)
{
    phi[0] = 1;
    if (n > 1) phi[1] = z;
    for (int64_t j = 1; j + 1 < n; j++)
        phi[j + 1] = ((double)(2 * j + 1) * z * phi[j] - (double)j * phi[j - 1]) / (double)(j + 1);
}

static void fourier(int64_t n, double z, double *phi)
{
    phi[0] = 1;
    for (int64_t j = 1; j < n; j++) {
        const int64_t waves = (j + 1) / 2; /* a cosine and a sine of each */
        const double angle = (double)waves * PI / 2 * z;
        phi[j] = j % 2 ? cos(angle) : sin(angle);
    }
}

static void bumps(int64_t n, double z, double width, double *phi)
{
    for (int64_t j = 0; j < n; j++) {
        const double centre = n > 1 ? -1 + 2 * (double)j / (double)(n - 1) : 0, t = (z - centre) / width;
        phi[j] = exp(-t * t / 2);
    }
}

/* Features from..to-1 of rows first..last-1. */
static void random_tile(const struct er_basis *b, const double *x, int64_t first, int64_t last, int64_t from,
                        int64_t to, double *phi)
{
    const bool relu = b->kind == ER_BASIS_RELU;
    const double scale = relu ? 1 / sqrt((double)b->n) : sqrt(2 / (double)b->n);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)(last - first), (blasint)(to - from),
                (blasint)b->d, 1, x + first * b->d, (blasint)b->d, b->direction + from * b->d, (blasint)b->d,
                0, phi + first * b->n + from, (blasint)b->n);
    for (int64_t i = first; i < last; i++)
        for (int64_t j = from; j < to; j++) {
            double *p = &phi[i * b->n + j];
            *p = scale * (relu ? fmax(*p, 0) : cos(*p + b->phase[j]));
        }
}

/* The end of a tile of 0..n-1 that begins at `from`: `size` of them, and what would be less than that behind it. */
static int64_t tile_end(int64_t from, int64_t size, int64_t n)
{
    return from + 2 * size > n ? n : from + size;
}

static int64_t tile_size(int64_t unit, double multiplications)
{
    return unit * (int64_t)ceil(TILE / ((double)unit * multiplications));
}

static enum er_status random_features(const struct er_basis *b, int64_t n, const double *x, double *phi,
                                      const struct er_progress *progress, struct er_error *err)
{
    const double each = (double)b->d + 16; /* a cosine counts as so many multiplications */
    const int64_t rows = tile_size(TILE_ROWS, (double)b->n * each),
                  features = tile_size(TILE_FEATURES, (double)(n < rows ? n : rows) * each);
    for (int64_t i = 0, last; i < n; i = last) {
        last = tile_end(i, rows, n);
        for (int64_t j = 0, to; j < b->n; j = to) {
            if (er_progress_stopped(progress)) return stopped(err);
            to = tile_end(j, features, b->n);
            random_tile(b, x, i, last, j, to, phi);
        }
    }
    return ER_OK;
}

enum er_status er_basis_design(const struct er_basis *basis, int64_t n, const double *x, double *phi,
                               const struct er_progress *progress, struct er_error *err)
{
    if (is_random(basis->kind)) return random_features(basis, n, x, phi, progress, err);
    if (basis->kind == ER_BASIS_LINEAR) {
        memcpy(phi, x, (size_t)(n * basis->d) * sizeof *phi);
        return ER_OK;
    }
    for (int64_t i = 0; i < n; i++) {
        const double z = (x[i] - basis->centre) / basis->half;
        double *row = phi + i * basis->n;
        if (i % TILE_ROWS == 0 && er_progress_stopped(progress)) return stopped(err);
        if (basis->kind == ER_BASIS_POLYNOMIAL) powers(basis->n, z, row);
        if (basis->kind == ER_BASIS_LEGENDRE) legendre(basis->n, z, row);
        if (basis->kind == ER_BASIS_FOURIER) fourier(basis->n, z, row);
        if (basis->kind == ER_BASIS_RADIAL) bumps(basis->n, z, basis->bandwidth, row);
    }
    return ER_OK;
}

void er_basis_clear(struct er_basis *basis)
{
    er_free(basis->direction);
    er_free(basis->phase);
    basis->direction = basis->phase = NULL;
}
