/* Every task runs once, in order of being handed out, by workers of their own number; results do not depend
 * on the number of threads; a pool that can't start its threads leaves nothing behind. */
#define _GNU_SOURCE /* sched_getaffinity */
#include "t.h"

#include <ermine/pool.h>
#include <ermine/random.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED true
#elif defined __has_feature
#define SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define SANITIZED false
#endif

enum { MOST = 100000 };

struct tally {
    int threads;
    unsigned char runs[MOST];          /* of each task: plain, so that a task run twice is also a race */
    bool inside[ER_POOL_MAX_THREADS];  /* of each worker: plain, as scratch is */
    int64_t last[ER_POOL_MAX_THREADS]; /* the last task of a worker */
    atomic_int wrong, busy, most_busy;
};

static void count(void *ctx, int64_t task, int worker)
{
    struct tally *t = ctx;
    if (worker < 0 || worker >= t->threads || t->inside[worker] || task <= t->last[worker]) {
        t->wrong++;
        return;
    }
    t->inside[worker] = true;
    t->last[worker] = task;
    t->runs[task]++;
    const int busy = ++t->busy;
    int most = t->most_busy;
    while (busy > most && !atomic_compare_exchange_weak(&t->most_busy, &most, busy)) {}
    t->busy--;
    t->inside[worker] = false;
}

static void runs_all(int threads)
{
    static const int64_t sizes[] = {0, 1, 2, 3, 7, 100, MOST, 5, 0, 1000};
    static struct tally t;
    struct er_error err;
    struct er_pool *pool = NULL;
    T_STATUS(er_pool_new(threads, &pool, &err), ER_OK, "%d threads", threads);
    if (!pool) return;
    T_EQ_INT(er_pool_threads(pool), threads, "threads");
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        memset(&t, 0, sizeof t);
        t.threads = threads;
        for (int w = 0; w < threads; w++) t.last[w] = -1;
        er_pool_run(pool, sizes[s], count, &t);
        int64_t once = 0, ever = 0;
        for (int64_t i = 0; i < MOST; i++) {
            once += t.runs[i] == 1;
            ever += t.runs[i];
        }
        T_OK(once == sizes[s] && ever == sizes[s], "%" PRId64 " tasks on %d threads: each once", sizes[s],
             threads);
        T_EQ_INT(t.wrong, 0, "tasks with a wrong, busy or backward worker");
        T_OK(t.most_busy <= threads, "at most %d at a time", threads);
    }
    er_pool_free(pool);
}

/* All of `threads` tasks wait for each other: it ends only when they run at the same time. */
static void meet(void *ctx, int64_t task, int worker)
{
    (void)task;
    (void)worker;
    pthread_barrier_wait(ctx);
}

static void runs_at_once(int threads)
{
    struct er_error err;
    struct er_pool *pool = NULL;
    pthread_barrier_t barrier;
    T_STATUS(er_pool_new(threads, &pool, &err), ER_OK, "%d threads", threads);
    if (!pool) return;
    for (int n = threads; n >= 1; n--) {
        pthread_barrier_init(&barrier, NULL, (unsigned)n);
        er_pool_run(pool, n, meet, &barrier);
        pthread_barrier_destroy(&barrier);
    }
    T_OK(true, "tasks that wait for each other end");
    er_pool_free(pool);
}

struct sums {
    double part[64];
};

static void add(void *ctx, int64_t task, int worker)
{
    (void)worker;
    struct sums *s = ctx;
    struct er_random r = er_random_open(1, er_stream(ER_PURPOSE_TEST, (uint64_t)task));
    for (int i = 0; i < 100; i++) s->part[task] += er_random_uniform(&r);
}

static void same_bits(void)
{
    struct sums one = {0};
    for (int threads = 1; threads <= 5; threads++) {
        struct er_error err;
        struct er_pool *pool = NULL;
        struct sums s = {0};
        T_STATUS(er_pool_new(threads, &pool, &err), ER_OK, "%d threads", threads);
        if (!pool) return;
        er_pool_run(pool, 64, add, &s);
        er_pool_free(pool);
        if (threads == 1) one = s;
        int differ = 0;
        for (int i = 0; i < 64; i++) differ += s.part[i] != one.part[i];
        T_EQ_INT(differ, 0, "%d threads: results unlike those of one", threads);
    }
}

/* Many short runs, where threads come late, find no seat, or sit down as the caller leaves. */
static void many_short_runs(void)
{
    struct er_error err;
    struct er_pool *pool = NULL;
    T_STATUS(er_pool_new(4, &pool, &err), ER_OK, "a pool");
    if (!pool) return;
    int64_t sum = 0;
    for (int64_t i = 0; i < 5000; i++) {
        struct sums s = {0};
        er_pool_run(pool, i % 6, add, &s);
        for (int64_t k = 0; k < 64; k++) sum += (s.part[k] != 0) != (k < i % 6);
    }
    T_EQ_INT(sum, 0, "tasks left out or too many in short runs");
    er_pool_free(pool);
}

static void refusals(void)
{
    struct er_error err;
    struct er_pool *pool = NULL;
    T_STATUS(er_pool_new(-1, &pool, &err), ER_E_USAGE, "-1 threads");
    T_OK(strstr(err.msg, "-1") && strstr(err.msg, "1024"), "value and bound: %s", err.msg);
    T_STATUS(er_pool_new(ER_POOL_MAX_THREADS + 1, &pool, &err), ER_E_USAGE, "1025 threads");
    T_OK(!pool, "a refusal leaves the output alone");
    er_pool_free(NULL);

    cpu_set_t set;
    T_OK(sched_getaffinity(0, sizeof set, &set) == 0, "processors");
    T_STATUS(er_pool_new(0, &pool, &err), ER_OK, "0 threads");
    T_EQ_INT(er_pool_threads(pool), CPU_COUNT(&set), "0 means the processors that this process may use");
    er_pool_free(pool);
    size_t first = 0;
    while (!CPU_ISSET(first, &set)) first++;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    T_OK(sched_setaffinity(0, sizeof one, &one) == 0, "bound to one processor");
    T_STATUS(er_pool_new(0, &pool, &err), ER_OK, "0 threads");
    T_EQ_INT(er_pool_threads(pool), 1, "one processor, one thread");
    er_pool_free(pool);
    sched_setaffinity(0, sizeof set, &set);
}

/* With too little address space for all stacks the threads already started end again. */
static void threads_run_out(void)
{
    if (SANITIZED) {
        printf("# threads that can't start: not tried, sanitizers need the address space\n");
        return;
    }
    struct er_error err;
    struct er_pool *pool = NULL;
    long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    T_OK(f && fscanf(f, "%ld", &pages) == 1, "the size of this process"); // NOLINT(cert-err34-c)
    if (f) fclose(f);
    struct rlimit before, tight;
    T_OK(getrlimit(RLIMIT_AS, &before) == 0, "limit");
    tight = before;
    tight.rlim_cur = (rlim_t)pages * 4096 + ((rlim_t)64 << 20);
    T_OK(setrlimit(RLIMIT_AS, &tight) == 0, "64 MiB more and not a byte beyond");
    T_STATUS(er_pool_new(ER_POOL_MAX_THREADS, &pool, &err), ER_E_NOMEM, "1024 threads");
    T_OK(!pool && strstr(err.msg, "of 1024"), "the message says how far it came: %s", err.msg);
    setrlimit(RLIMIT_AS, &before);
    T_STATUS(er_pool_new(3, &pool, &err), ER_OK, "and later a pool of three");
    er_pool_free(pool);
}

static pthread_t main_thread;
static atomic_int elsewhere;

static void on_signal(int number)
{
    (void)number;
    if (!pthread_equal(pthread_self(), main_thread)) elsewhere++;
}

static void raise_one(void *ctx, int64_t task, int worker)
{
    (void)ctx;
    (void)task;
    (void)worker;
    kill(getpid(), SIGUSR1);
}

static void signals(void)
{
    struct er_error err;
    struct er_pool *pool = NULL;
    struct sigaction action = {.sa_handler = on_signal}, before;
    main_thread = pthread_self();
    sigaction(SIGUSR1, &action, &before);
    T_STATUS(er_pool_new(4, &pool, &err), ER_OK, "a pool");
    er_pool_run(pool, 200, raise_one, NULL);
    er_pool_free(pool);
    sigaction(SIGUSR1, &before, NULL);
    T_EQ_INT(elsewhere, 0, "signals that a worker caught");
}

int main(void)
{
    for (int threads = 1; threads <= 5; threads++) runs_all(threads);
    runs_all(64);
    runs_at_once(8);
    same_bits();
    many_short_runs();
    refusals();
    threads_run_out();
    signals();
    struct er_error err = {0};
    struct er_pool *pool;
    T_ALLOCATIONS(er_pool_new(3, &pool, &err), er_pool_free(pool), "a pool survives every failed allocation");
    return t_done();
}
