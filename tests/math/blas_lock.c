/* Products on several threads at once have the bits that they have alone: OpenBLAS hands no work buffer to
 * two. */
#include "math/least_squares.h"
#include "t.h"

#include <ermine/pool.h>
#include <ermine/random.h>

enum { N = 24, M = 60, KINDS = 16, TASKS = T_SANITIZED ? 800 : 8000 };

/* Neighbouring tasks have other matrices: of one, two threads would write the same into a buffer. */
struct fits {
    double a[KINDS][M * N], b[M], x[TASKS][N];
    enum er_status status[TASKS];
};

static void fit(void *ctx, int64_t task, int worker)
{
    struct fits *f = ctx;
    struct er_least_squares *s = NULL;
    (void)worker;
    f->status[task] = er_least_squares_new(M, N, f->a[task % KINDS], 1e-10, &s, NULL);
    if (f->status[task] == ER_OK) f->status[task] = er_least_squares_solve(s, 1, f->b, 0, f->x[task], NULL);
    er_least_squares_free(s);
}

int main(void)
{
    struct fits *f = er_alloc(1, sizeof *f);
    struct er_pool *pool = NULL;
    struct er_error err;
    int differ = 0;
    if (!f) return 1;
    struct er_random r = er_random_open(3, er_stream(ER_PURPOSE_TEST, 2));
    for (int i = 0; i < KINDS * M * N; i++) f->a[i / (M * N)][i % (M * N)] = er_random_normal(&r);
    for (int i = 0; i < M; i++) f->b[i] = er_random_normal(&r);
    T_STATUS(er_pool_new(4, &pool, &err), ER_OK, "four threads");
    if (!pool) return t_done();
    er_pool_run(pool, TASKS, fit, f);
    for (int i = 0; i < KINDS; i++) {
        fit(f, i, 0);
        T_EQ_INT(f->status[i], ER_OK, "fit %d alone", i);
    }
    for (int i = KINDS; i < TASKS; i++)
        differ += f->status[i] != ER_OK || memcmp(f->x[i], f->x[i % KINDS], sizeof f->x[0]) != 0;
    T_EQ_INT(differ, 0, "of %d fits by 4 threads at once so many differ from one alone", TASKS);
    er_pool_free(pool);
    er_free(f);
    return t_done();
}
