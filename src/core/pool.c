/* pool.c - threads that share out numbered tasks.
 *
 * A run offers `seats`, one for each thread that could be of use; a sleeping thread takes a seat, then takes
 * task after task from a counter until none is left. The caller does the same as worker 0, withdraws the
 * seats that nobody has taken by then, and sleeps until the threads that did sit down have stood up.
 */
#define _GNU_SOURCE /* sched_getaffinity */
#include <ermine/pool.h>

#include "core/thread.h"

#include <assert.h>
#include <ermine/memory.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

struct worker {
    struct er_pool *pool;
    pthread_t thread;
    int number; /* 1 .. threads - 1 */
};

struct er_pool {
    pthread_mutex_t lock;
    pthread_cond_t work, rest; /* seats or quit; nobody sits any more */
    /* under the lock */
    int64_t seats;
    int sitting;
    bool quit, running;
    /* of the current run: written under the lock while nobody sits */
    er_pool_task *task;
    void *ctx;
    int64_t n;
    _Atomic int64_t next;
    /* fixed */
    int threads, started; /* threads started besides the caller's */
    struct worker worker[];
};

static int processors(void)
{
    cpu_set_t set;
    long n = 0;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        n = CPU_COUNT(&set);
    else
        n = sysconf(_SC_NPROCESSORS_ONLN); /* more processors than a cpu_set_t holds */
    if (n < 1) return 1;
    return n < ER_POOL_MAX_THREADS ? (int)n : ER_POOL_MAX_THREADS;
}

static void take_tasks(struct er_pool *pool, int worker)
{
    for (;;) {
        const int64_t task = atomic_fetch_add(&pool->next, 1);
        if (task >= pool->n) return;
        pool->task(pool->ctx, task, worker);
    }
}

static void *work(void *arg)
{
    const struct worker *worker = arg;
    struct er_pool *pool = worker->pool;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (pool->seats == 0 && !pool->quit) pthread_cond_wait(&pool->work, &pool->lock);
        if (pool->quit) break;
        pool->seats--;
        pool->sitting++;
        pthread_mutex_unlock(&pool->lock);
        take_tasks(pool, worker->number);
        pthread_mutex_lock(&pool->lock);
        if (--pool->sitting == 0) pthread_cond_signal(&pool->rest);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

enum er_status er_pool_new(int threads, struct er_pool **out, struct er_error *err)
{
    if (threads < 0 || threads > ER_POOL_MAX_THREADS)
        return er_fail(err, ER_E_USAGE, "threads: %d is not within 0 (as many as processors) to %d", threads,
                       ER_POOL_MAX_THREADS);
    if (threads == 0) threads = processors();
    struct er_pool *pool = er_alloc(1, sizeof *pool + (size_t)(threads - 1) * sizeof *pool->worker);
    if (!pool) return er_fail(err, ER_E_NOMEM, "thread pool: out of memory");
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->rest, NULL);
    pool->threads = threads;
    for (int i = 0; i < threads - 1; i++) {
        pool->worker[i] = (struct worker){.pool = pool, .number = i + 1};
        const int error = er_thread_start(&pool->worker[i].thread, work, &pool->worker[i]);
        if (error) {
            er_pool_free(pool);
            char reason[128];
            return er_fail(err, ER_E_NOMEM, "cannot start thread %d of %d: %s", i + 2, threads,
                           strerror_r(error, reason, sizeof reason));
        }
        pool->started++;
    }
    *out = pool;
    return ER_OK;
}

int er_pool_threads(const struct er_pool *pool)
{
    return pool->threads;
}

void er_pool_run(struct er_pool *pool, int64_t n, er_pool_task *task, void *ctx)
{
    pthread_mutex_lock(&pool->lock);
    assert(!pool->running); /* one run at a time, and none within a task */
    pool->running = true;
    pool->task = task;
    pool->ctx = ctx;
    pool->n = n;
    atomic_store(&pool->next, 0);
    pool->seats = n - 1 < pool->started ? (n > 1 ? n - 1 : 0) : pool->started;
    for (int64_t i = 0; i < pool->seats; i++) pthread_cond_signal(&pool->work);
    pthread_mutex_unlock(&pool->lock);

    take_tasks(pool, 0);

    pthread_mutex_lock(&pool->lock);
    pool->seats = 0;
    while (pool->sitting > 0) pthread_cond_wait(&pool->rest, &pool->lock);
    pool->running = false;
    pthread_mutex_unlock(&pool->lock);
}

void er_pool_free(struct er_pool *pool)
{
    if (!pool) return;
    pthread_mutex_lock(&pool->lock);
    pool->quit = true;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    for (int i = 0; i < pool->started; i++) pthread_join(pool->worker[i].thread, NULL);
    pthread_cond_destroy(&pool->rest);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->lock);
    er_free(pool);
}
