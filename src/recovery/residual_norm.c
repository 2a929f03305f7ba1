/* residual_norm.c - see residual_norm.h. */
#include "recovery/residual_norm.h"

#include "recovery/sparse_pass.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <ermine/spectrum.h>
#include <float.h>
#include <inttypes.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

static const double most_gram_work = 2e8; /* multiplications */

double er_residual_dual(int64_t n, const double *residual, const double *y, double norm, double lambda)
{
    const double along = er_sparse_dot(n, residual, y), squared = er_sparse_dot(n, residual, residual);
    if (!(squared > 0)) return 0;
    double c = along / squared;
    if (c * norm > lambda) c = lambda / norm;
    return c > 0 ? c * along - c * c * squared / 2 : 0;
}

/* Whether lines (the side with fewer) get a Gram matrix: R R^T costs the sum over lines across of their entries squared. */
static bool gram_is_cheap(const struct er_sparse_side *across, int64_t lines)
{
    double work = 0;
    for (int64_t j = 0; j < across->lines; j++) {
        const double entries = (double)(across->start[j + 1] - across->start[j]);
        work += entries * entries;
    }
    return lines <= ER_NORM_ALWAYS_EXACT || (lines <= ER_NORM_EXACT && work <= most_gram_work);
}

/* The largest eigenvalue of the lower triangle of a, column-major. */
static enum er_status largest_eigenvalue(int64_t n, double *a, double *largest, struct er_error *err)
{
    const lapack_int size = (lapack_int)n, n_work = 26 * size;
    double *work = er_alloc(n_work + n, sizeof *work), unused = 0;
    lapack_int *places = er_alloc(12 * n, sizeof *places), found = 0, info = -1;
    if (work && places) {
        lapack_int *support = places + 10 * n;
        info =
            LAPACKE_dsyevr_work(LAPACK_COL_MAJOR, 'N', 'I', 'L', size, a, size, 0, 0, size, size, 0, &found,
                                work + n_work, &unused, 1, support, work, n_work, places, 10 * size);
        *largest = work[n_work];
    }
    const bool had_room = work && places;
    er_free(work);
    er_free(places);
    if (!had_room) return er_fail(err, ER_E_NOMEM, "operator norm: out of memory for %" PRId64 " lines", n);
    return info == 0 && found == 1
               ? ER_OK
               : er_fail(err, ER_E_NONFINITE, "operator norm: a residual is infinite or NaN");
}

static enum er_status exact_norm(const struct er_residual_norm *r, const struct er_sparse_side *across,
                                 int64_t lines, double *norm, struct er_error *err)
{
    double largest = 0, *gram = er_alloc(lines * lines, sizeof *gram);
    if (!gram) return er_fail(err, ER_E_NOMEM, "operator norm: out of memory for %" PRId64 " lines", lines);
    for (int64_t j = 0; j < across->lines; j++)
        for (int64_t e = across->start[j]; e < across->start[j + 1]; e++) {
            double *column = gram + across->across[e] * lines;
            const double value = r->residual[er_sparse_place(across, e)];
            for (int64_t f = e; f < across->start[j + 1]; f++)
                column[across->across[f]] += value * r->residual[er_sparse_place(across, f)];
        }
    const enum er_status status = largest_eigenvalue(lines, gram, &largest, err);
    er_free(gram);
    if (status == ER_OK) *norm = sqrt(fmax(largest, 0));
    return status;
}

/* The operator R^T R of the shorter side, with what `x` spans left out. */
struct gram {
    const struct er_residual_norm *r;
    struct er_sparse_side shorter, longer;
    int64_t rank;
    const double *near, *far; /* x's factor of the shorter side and of the longer, balanced */
    const double *s;
    double *in, *middle, *out, *room; /* shorter, longer, shorter, rank */
};

/* v <- (I - B diag(1/s) B^T) v, B balanced: B diag(s^-1/2) is orthonormal. */
static void leave_out(const struct gram *g, int64_t n, const double *factor, double *v)
{
    const blasint r = (blasint)g->rank;
    if (r == 0) return;
    cblas_dgemv(CblasRowMajor, CblasTrans, (blasint)n, r, 1, factor, r, v, 1, 0, g->room, 1);
    for (int64_t c = 0; c < r; c++) g->room[c] = g->s[c] > 0 ? g->room[c] / g->s[c] : 0;
    cblas_dgemv(CblasRowMajor, CblasNoTrans, (blasint)n, r, -1, factor, r, g->room, 1, 1, v, 1);
}

/* middle <- R in, in <- in without what is spanned. */
static void to_longer(const struct gram *g)
{
    leave_out(g, g->shorter.lines, g->near, g->in);
    er_sparse_times(&g->longer, g->r->residual, 1, g->in, g->middle, g->r->pool);
    leave_out(g, g->longer.lines, g->far, g->middle);
}

static enum er_status apply(void *ctx, const float *v, float *out, struct er_error *err)
{
    const struct gram *g = ctx;
    const int64_t n = g->shorter.lines;
    if (g->r->count && er_task_count_stopped(g->r->count))
        return er_fail(err, ER_E_STOPPED, "operator norm: interrupted");
    for (int64_t i = 0; i < n; i++) g->in[i] = (double)v[i];
    to_longer(g);
    er_sparse_times(&g->shorter, g->r->residual, 1, g->middle, g->out, g->r->pool);
    leave_out(g, n, g->near, g->out);
    for (int64_t i = 0; i < n; i++) out[i] = (float)g->out[i];
    return ER_OK;
}

static enum er_status open_gram(struct gram *g, const struct er_residual_norm *r, const struct er_factored *x,
                                const double *s, struct er_error *err)
{
    const struct er_sparse_side rows = er_sparse_rows(r->entries), columns = er_sparse_columns(r->entries);
    const bool wide = rows.lines <= columns.lines;
    *g = (struct gram){.r = r, .shorter = wide ? rows : columns, .longer = wide ? columns : rows};
    if (x) {
        g->rank = x->rank;
        g->near = wide ? x->left : x->right;
        g->far = wide ? x->right : x->left;
        g->s = s;
    }
    const int64_t n = g->shorter.lines, m = g->longer.lines;
    g->in = er_alloc(2 * n + m + g->rank, sizeof *g->in);
    if (!g->in) return er_fail(err, ER_E_NOMEM, "operator norm: out of memory for %" PRId64 " lines", n + m);
    g->out = g->in + n;
    g->middle = g->out + n;
    g->room = g->middle + m;
    return ER_OK;
}

/* k largest eigenpairs of the operator. The operator of zeros has none. */
static enum er_status eigenpairs(struct gram *g, int64_t k, double tolerance, double *value, double *residual,
                                 float *vector, int64_t *found, struct er_error *err)
{
    const struct er_operator a = {.n = g->shorter.lines, .ctx = g, .apply = apply};
    struct er_lanczos_options o = er_lanczos_options_default();
    struct er_lanczos_report report;
    o.k = k;
    o.tolerance = tolerance;
    o.applies = 400;
    o.seed = g->r->seed;
    o.stream = er_stream(ER_PURPOSE_PROBES, 0);
    const enum er_status status = er_lanczos(&a, &o, value, residual, vector, &report, err);
    *found = status == ER_OK ? report.found : 0;
    return status;
}

enum er_status er_residual_norm_find(const struct er_residual_norm *r, bool exact, double *norm,
                                     bool *was_exact, struct er_error *err)
{
    struct gram g;
    double value = 0, residual = 0;
    int64_t found;
    enum er_status status = open_gram(&g, r, NULL, NULL, err);
    if (status != ER_OK) return status;
    *was_exact = exact && gram_is_cheap(&g.longer, g.shorter.lines);
    if (*was_exact) {
        status = exact_norm(r, &g.longer, g.shorter.lines, norm, err);
    } else {
        status = eigenpairs(&g, 1, 1e-6, &value, &residual, NULL, &found, err);
        if (status == ER_OK) *norm = sqrt(fmax(value, 0) * (1 + residual + 2 * (double)FLT_EPSILON));
    }
    er_free(g.in);
    return status;
}

/* Column c of the k: the triplet that an eigenvector of the shorter side belongs to. */
static void write_triplet(struct gram *g, bool wide, int64_t k, int64_t c, const float *vector, double *value,
                          double *u, double *v)
{
    double *near = wide ? u : v, *far = wide ? v : u, length = 0, longer = 0;
    for (int64_t i = 0; i < g->shorter.lines; i++) g->in[i] = (double)vector[i];
    to_longer(g);
    for (int64_t i = 0; i < g->shorter.lines; i++) length += g->in[i] * g->in[i];
    for (int64_t i = 0; i < g->longer.lines; i++) longer += g->middle[i] * g->middle[i];
    length = length > 0 ? 1 / sqrt(length) : 0;
    *value = sqrt(longer) * length;
    longer = longer > 0 ? 1 / sqrt(longer) : 0;
    for (int64_t i = 0; i < g->shorter.lines; i++) near[i * k + c] = g->in[i] * length;
    for (int64_t i = 0; i < g->longer.lines; i++) far[i * k + c] = g->middle[i] * longer;
}

enum er_status er_residual_directions(const struct er_residual_norm *r, const struct er_factored *x,
                                      const double *s, double above, int64_t k, int64_t *found, double *value,
                                      double *u, double *v, struct er_error *err)
{
    struct gram g;
    enum er_status status = open_gram(&g, r, x, s, err);
    if (status != ER_OK) return status;
    const int64_t n = g.shorter.lines;
    float *vector = er_alloc(k * n, sizeof *vector);
    int64_t pairs = 0;
    *found = 0;
    status = vector ? eigenpairs(&g, k, 1e-3, value, NULL, vector, &pairs, err)
                    : er_fail(err, ER_E_NOMEM, "operator norm: out of memory for %" PRId64 " lines", n);
    for (int64_t c = 0; c < pairs && status == ER_OK; c++) {
        write_triplet(&g, r->entries->rows <= r->entries->columns, k, *found, vector + c * n, &value[*found],
                      u, v);
        if (value[*found] > above) ++*found;
    }
    er_free(vector);
    er_free(g.in);
    return status;
}
