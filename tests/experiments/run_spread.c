/* Runs spread over a pool: no more at a time than memory holds, one that it doesn't hold is refused, and after a failure
 * nothing new is begun. */
#include "experiments/run_spread.h"

#include "core/available.h"
#include "t.h"

#include <stdatomic.h>
#include <time.h>

enum { RUNS = 8 };

struct task {
    double bytes; /* of each run */
    atomic_int inside, most, begun;
    bool fails;
};

static enum er_status on_begin(void *ctx, int64_t run, bool *skip, const void **state, size_t *bytes,
                               struct er_error *err)
{
    struct task *t = ctx;
    (void)run, (void)skip, (void)state, (void)bytes, (void)err;
    atomic_fetch_add(&t->begun, 1);
    return ER_OK;
}

static enum er_status on_end(void *ctx, int64_t run, const struct er_record *record, struct er_error *err)
{
    (void)ctx, (void)run, (void)record, (void)err;
    return ER_OK;
}

static enum er_status compute(void *ctx, int64_t run, const struct er_progress *progress,
                              struct er_spread_result *result, struct er_error *err)
{
    struct task *t = ctx;
    const int inside = atomic_fetch_add(&t->inside, 1) + 1;
    (void)run, (void)progress, (void)result;
    int most = atomic_load(&t->most);
    while (inside > most && !atomic_compare_exchange_weak(&t->most, &most, inside)) {}
    nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    atomic_fetch_sub(&t->inside, 1);
    return t->fails ? er_fail(err, ER_E_NONFINITE, "run %d", (int)run) : ER_OK;
}

static double bytes_of(void *ctx, int64_t run)
{
    const struct task *t = ctx;
    (void)run;
    return t->bytes;
}

static struct er_error err;

static enum er_status spread(struct task *t, int threads)
{
    struct er_pool *pool = NULL;
    const struct er_run_events events = {.ctx = t, .begin = on_begin, .end = on_end};
    struct er_run_spread s = {.what = "test",
                              .events = &events,
                              .runs = RUNS,
                              .ctx = t,
                              .compute = compute,
                              .bytes = bytes_of,
                              .lock = PTHREAD_MUTEX_INITIALIZER};
    T_STATUS(er_pool_new(threads, &pool, &err), ER_OK, "pool");
    const enum er_status status = er_run_spread(&s, RUNS, NULL, pool, &err);
    er_pool_free(pool);
    return status;
}

int main(void)
{
    struct task small = {.bytes = 1}, large = {.bytes = 0.6 * (double)er_memory_available()},
                huge = {.bytes = 1e18}, broken = {.bytes = 1, .fails = true};
    T_STATUS(spread(&small, 3), ER_OK, "small runs");
    T_EQ_INT(small.begun, RUNS, "all of them");
    T_STATUS(spread(&large, 3), ER_OK, "runs that fill more than half of what there is");
    T_OK(large.begun == RUNS && large.most == 1, "one at a time: %d", large.most);
    T_STATUS(spread(&huge, 3), ER_E_NOMEM, "too large a run");
    T_OK(huge.begun == 0 && strstr(err.msg, "test: the numbers of a run take"), "is not begun: %s", err.msg);
    T_STATUS(spread(&broken, 1), ER_E_NONFINITE, "a run that fails");
    T_OK(broken.begun == 1 && strcmp(err.msg, "run 0") == 0, "is the last: %d, %s", broken.begun, err.msg);
    return t_done();
}
