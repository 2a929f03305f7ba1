/* <ermine/pool.h> - a pool of threads that runs numbered tasks.
 *
 * Tasks are handed out in order, one at a time, to whichever thread is free. A task must not depend on which
 * worker runs it: then results are the same for any number of threads.
 *
 * Threads without a task sleep. They leave the process's signals (SIGINT and the like) to the program's own
 * threads. A pool is for one caller: one run at a time.
 */
#ifndef ERMINE_POOL_H
#define ERMINE_POOL_H

#include <ermine/status.h>

struct er_pool;

enum { ER_POOL_MAX_THREADS = 1024 };

/**
 * A pool of `threads` workers, the caller's thread included: er_pool_run() works too while it waits.
 *
 * @param threads  1 .. ER_POOL_MAX_THREADS, or 0 for the number of processors this process may use
 *                 (its affinity mask).
 * Errors: ER_E_USAGE (threads out of range), ER_E_NOMEM (also when the system has no more threads; those
 * already started are ended).
 */
ER_API enum er_status er_pool_new(int threads, struct er_pool **out, struct er_error *err);

/** The number of workers, >= 1. */
ER_API int er_pool_threads(const struct er_pool *pool);

/** One task: `task` of 0..n-1, run by `worker` of 0..threads-1 (an index for scratch that belongs to a
 * worker). */
typedef void er_pool_task(void *ctx, int64_t task, int worker);

/**
 * Runs tasks 0..n-1 and returns when all are done; n <= 0 is no task. A task may not call er_pool_run() on
 * the same pool. What the caller wrote before is seen by the tasks, and what they wrote by the caller after.
 *
 * Cost: an uncontended atomic addition a task, waking at most min(threads, n) - 1 threads a run (some
 * microseconds each).
 */
ER_API void er_pool_run(struct er_pool *pool, int64_t n, er_pool_task *task, void *ctx);

/** Ends the threads and frees the pool; NULL is allowed. */
ER_API void er_pool_free(struct er_pool *pool);

#endif
