/* Products of any size against sums in long double, whole and split, with gaps between rows; the same bits for any team. */
#include "math/matmul.h"
#include "t.h"

#include <ermine/pool.h>
#include <ermine/random.h>
#include <float.h>

static struct er_error err;

static const struct {
    bool a_transposed;
    int64_t m, n, k;
} shape[] = {{false, 1, 1, 1},       {true, 5, 3, 7},      {false, 100, 100, 100}, {true, 100, 104, 96},
             {false, 300, 210, 260}, {true, 490, 7, 4700}, {false, 6000, 33, 80}};

struct product {
    struct er_team *team;
    int64_t c; /* which shape */
    int64_t lda, ldb, ldc;
    double *a, *b, *out;
    float *a32, *b32, *out32;
};

static void multiply(const struct product *p)
{
    const int64_t m = shape[p->c].m, n = shape[p->c].n, k = shape[p->c].k;
    er_matmul64(p->team, shape[p->c].a_transposed, m, n, k, p->a, p->lda, p->b, p->ldb, p->out, p->ldc);
    er_matmul32(p->team, shape[p->c].a_transposed, m, n, k, p->a32, p->lda, p->b32, p->ldb, p->out32, p->ldc);
}

static void part(void *ctx, int64_t task, int worker)
{
    const struct product *p = ctx;
    (void)worker;
    if (task > 0) {
        er_team_follow(p->team, (int)task);
        return;
    }
    multiply(p);
    er_team_dismiss(p->team);
}

static void *filled(int64_t n, bool single)
{
    struct er_random r = er_random_open(1, er_stream(ER_PURPOSE_TEST, (uint64_t)n));
    double *x = er_alloc(n, sizeof *x);
    float *y = er_alloc(n, sizeof *y);
    for (int64_t i = 0; i < n; i++) y[i] = (float)(x[i] = (double)(float)er_random_normal(&r));
    er_free(single ? (void *)x : (void *)y);
    return single ? (void *)y : (void *)x;
}

/* Some entries of the product, each within k roundings of the sum of its terms' sizes. */
static void check(const struct product *p)
{
    const int64_t m = shape[p->c].m, n = shape[p->c].n, k = shape[p->c].k;
    for (int64_t i = 0; i < m; i += 1 + m / 17)
        for (int64_t j = 0; j < n; j += 1 + n / 13) {
            long double sum = 0, size = 0;
            for (int64_t q = 0; q < k; q++) {
                const long double term =
                    (long double)p->a[shape[p->c].a_transposed ? q * p->lda + i : i * p->lda + q] *
                    (long double)p->b[q * p->ldb + j];
                sum += term;
                size += fabsl(term);
            }
            const double of = (double)size * ((double)k + 2), at = (double)sum;
            if (!(fabs(p->out[i * p->ldc + j] - at) <= of * DBL_EPSILON) ||
                !(fabs((double)p->out32[i * p->ldc + j] - at) <= of * (double)FLT_EPSILON))
                T_CLOSE(p->out[i * p->ldc + j], at, of * DBL_EPSILON, "shape %d at %d, %d, or its float32",
                        (int)p->c, (int)i, (int)j);
        }
}

int main(void)
{
    struct er_pool *pool = NULL;
    T_STATUS(er_pool_new(3, &pool, &err), ER_OK, "a pool");
    for (size_t c = 0; c < sizeof shape / sizeof *shape; c++) {
        const int64_t m = shape[c].m, n = shape[c].n, k = shape[c].k;
        struct product p = {
            .c = (int64_t)c, .lda = (shape[c].a_transposed ? m : k) + 3, .ldb = n + 1, .ldc = n + 5};
        const int64_t of_a = p.lda * (shape[c].a_transposed ? k : m), of_b = p.ldb * k, of_c = p.ldc * m;
        p.a = filled(of_a, false);
        p.a32 = filled(of_a, true);
        p.b = filled(of_b, false);
        p.b32 = filled(of_b, true);
        double *alone = p.out = er_alloc(of_c, sizeof *p.out);
        float *alone32 = p.out32 = er_alloc(of_c, sizeof *p.out32);
        multiply(&p);
        check(&p);
        T_OK(p.out[n] == 0 && p.out32[n] == 0, "between rows nothing is written");
        p.out = er_alloc(of_c, sizeof *p.out);
        p.out32 = er_alloc(of_c, sizeof *p.out32);
        T_STATUS(er_team_new(3, &p.team, &err), ER_OK, "a team");
        er_pool_run(pool, 3, part, &p);
        T_OK(memcmp(p.out, alone, (size_t)of_c * sizeof *alone) == 0 &&
                 memcmp(p.out32, alone32, (size_t)of_c * sizeof *alone32) == 0,
             "shape %d: the same bits by three", (int)c);
        er_team_free(p.team);
        void *const made[] = {p.a, p.a32, p.b, p.b32, p.out, p.out32, alone, alone32};
        for (size_t i = 0; i < sizeof made / sizeof *made; i++) er_free(made[i]);
    }
    er_pool_free(pool);
    return t_done();
}
