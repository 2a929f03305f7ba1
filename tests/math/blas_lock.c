/* Calls of BLAS by two threads at once have the bits that they have alone: OpenBLAS hands no work buffer to
 * two. Without src/math/blas_lock.c some of these are wrong on two cores. */
#include "math/blas_lock.h"
#include "t.h"

#include <cblas.h>
#include <ermine/pool.h>
#include <ermine/random.h>

enum { N = 8, TASKS = 64, CALLS = T_SANITIZED ? 1000 : 10000 };

/* Every task has a matrix of its own: two threads would write the same into a buffer if they had one. */
struct solving {
    double a[TASKS][N * N], b[N * N], want[TASKS][N * N];
    int64_t wrong[TASKS];
};

static void solve(const struct solving *s, int64_t task, double *x)
{
    memcpy(x, s->b, sizeof s->b);
    cblas_dtrsm(CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasUnit, N, N, 1, s->a[task], N, x, N);
}

static void task(void *ctx, int64_t i, int worker)
{
    struct solving *s = ctx;
    double x[N * N];
    (void)worker;
    for (int call = 0; call < CALLS; call++) {
        solve(s, i, x);
        for (int j = 0; j < N * N; j++) s->wrong[i] += x[j] != s->want[i][j];
    }
}

int main(void)
{
    struct solving *s = er_alloc(1, sizeof *s);
    struct er_pool *pool = NULL;
    struct er_error err;
    int64_t wrong = 0;
    if (!s) return 1;
    struct er_random r = er_random_open(3, er_stream(ER_PURPOSE_TEST, 2));
    for (int i = 0; i < TASKS * N * N; i++) s->a[i / (N * N)][i % (N * N)] = er_random_normal(&r) / N;
    for (int i = 0; i < N * N; i++) s->b[i] = er_random_normal(&r);
    for (int i = 0; i < TASKS; i++) solve(s, i, s->want[i]);
    T_STATUS(er_pool_new(2, &pool, &err), ER_OK, "two threads");
    if (!pool) return t_done();
    er_pool_run(pool, TASKS, task, s);
    for (int i = 0; i < TASKS; i++) wrong += s->wrong[i];
    T_EQ_INT(wrong, 0, "of the numbers of %d solutions by two threads so many differ from one thread's",
             TASKS * CALLS);

    const int64_t before = er_blas_lock_buffers();
    solve(s, 0, s->want[0]);
    T_OK(er_blas_lock_buffers() > before, "OpenBLAS asks for its buffers through the lock");
    er_pool_free(pool);
    er_free(s);
    return t_done();
}
