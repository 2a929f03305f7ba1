/* Several processes on one store: no run twice, killed ones are taken over at once, nothing is lost. */
#include "t.h"

#include "study/database.h"
#include "study/lease.h"
#include "support/fake_job.h"
#include "support/scratch.h"

#include <ermine/random.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct er_error err;
static char folder[64];
static struct er_random chance;

static const char *at(const char *name)
{
    static char path[4][160];
    static int next;
    next = (next + 1) % 4;
    snprintf(path[next], sizeof path[next], "%s/%s", folder, name);
    return path[next];
}

static void pause_us(int64_t us)
{
    nanosleep(&(struct timespec){.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000}, NULL);
}

static char *csv_of(const char *path, const struct er_job *job, bool curves)
{
    struct er_store *store = NULL;
    struct er_table table = {0};
    char *text = NULL;
    enum er_status status = er_store_open(path, true, &store, &err);
    if (status == ER_OK)
        status = curves ? er_job_curves(store, job, &table, &err) : er_job_table(store, job, &table, &err);
    T_EQ_INT(status, ER_OK, "table: %s", err.msg);
    if (status == ER_OK) er_table_csv(&table, &text, NULL);
    er_table_clear(&table);
    er_store_close(store);
    return text ? text : er_strdup("");
}

/* Opens the store and runs the whole job, as a process of its own would. */
static enum er_status run_all(const char *path, const struct er_job *job, const struct er_progress *progress,
                              struct er_error *error)
{
    struct er_store *store = NULL;
    struct er_pool *pool = NULL;
    enum er_status status = er_pool_new(2, &pool, error);
    if (status == ER_OK) status = er_store_open(path, false, &store, error);
    if (status == ER_OK) status = er_job_run(store, job, NULL, pool, progress, NULL, error);
    er_store_close(store);
    er_pool_free(pool);
    return status;
}

static pid_t start(const char *path, const struct er_job *job)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        struct er_error error = {0};
        enum er_status status = run_all(path, job, NULL, &error);
        if (status != ER_OK) fprintf(stderr, "# child: %s\n", error.msg);
        _exit(status == ER_OK ? 0 : 1);
    }
    return pid;
}

static int finish(pid_t pid)
{
    int status = 0;
    if (waitpid(pid, &status, 0) != pid) return -2;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void same_as_uninterrupted(const char *path, const struct er_job *job)
{
    T_STATUS(run_all(at("whole.db"), job, NULL, &err), ER_OK, "uninterrupted");
    for (int curves = 0; curves < 2; curves++) {
        char *a = csv_of(path, job, curves), *b = csv_of(at("whole.db"), job, curves);
        T_OK(strlen(b) > 100, "there are results");
        T_EQ_STR(a, b, "equal to the uninterrupted ones");
        er_free(a);
        er_free(b);
    }
    unlink(at("whole.db"));
}

static void together(void)
{
    struct fake_options options = {.widths = 10, .seeds = 3, .steps = 8, .step_us = 200, .fail_run = -1};
    char log[160];
    snprintf(log, sizeof log, "%s", at("together.log"));
    options.log = log;
    struct er_job *job = fake_job_new(&options);
    pid_t child[3];
    for (int i = 0; i < 3; i++) child[i] = start(at("together.db"), job);
    for (int i = 0; i < 3; i++) T_EQ_INT(finish(child[i]), 0, "process %d finishes", i);
    T_EQ_INT(fake_log_count(log, "start"), 30, "no run is begun twice");
    T_EQ_INT(fake_log_count(log, "end"), 30, "and each is ended");
    T_EQ_INT(fake_log_count(log, "resume"), 0, "none is taken from the living");
    same_as_uninterrupted(at("together.db"), job);
    fake_job_free(job);
}

static void killed(void)
{
    struct fake_options options = {.widths = 8, .seeds = 3, .steps = 30, .step_us = 100, .fail_run = -1};
    char log[160];
    snprintf(log, sizeof log, "%s", at("killed.log"));
    options.log = log;
    struct er_job *job = fake_job_new(&options);
    int hits = 0;
    for (int i = 0; i < 25 || (i < 300 && fake_log_count(log, "resume") == 0); i++) {
        pid_t pid = start(at("killed.db"), job);
        pause_us(
            er_random_below(&chance, 5000 + 1000 * i)); /* longer and longer: not all machines are fast */
        kill(pid, SIGKILL);
        hits += finish(pid) == -1;
    }
    T_OK(hits > 5, "processes were killed at work (%d)", hits);
    T_STATUS(run_all(at("killed.db"), job, NULL, &err), ER_OK, "a last run");
    printf("# killed %d, begun %d, gone on from a checkpoint %d\n", hits, (int)fake_log_count(log, "start"),
           (int)fake_log_count(log, "resume"));
    T_OK(fake_log_count(log, "resume") > 0, "runs went on from checkpoints");
    same_as_uninterrupted(at("killed.db"), job);
    fake_job_free(job);
}

struct timer {
    pthread_t thread;
    int64_t us;
    pid_t kill;       /* this process */
    atomic_bool stop; /* or this flag */
};

static void *ring(void *arg)
{
    struct timer *timer = arg;
    pause_us(timer->us);
    if (timer->kill) kill(timer->kill, SIGKILL);
    atomic_store(&timer->stop, true);
    return NULL;
}

/* The most runs of others that progress said to be waited for. */
static void hear_waiting(void *ctx, const struct er_progress_report *report)
{
    double *most = ctx;
    if (report->waiting > *most) *most = report->waiting;
}

/* A child holds runs; the parent waits, can be stopped, and goes on where the child was when it dies. */
static void taken_over(void)
{
    struct fake_options options = {.widths = 3, .seeds = 1, .steps = 60, .step_us = 50000, .fail_run = -1};
    char log[160];
    snprintf(log, sizeof log, "%s", at("over.log"));
    options.log = log;
    struct er_job *slow = fake_job_new(&options);
    pid_t child = start(at("over.db"), slow);
    fake_job_free(slow);
    for (int i = 0; i < 500 && fake_log_count(log, "start") < 2; i++) pause_us(10000);
    T_EQ_INT(fake_log_count(log, "start"), 2, "the child has two runs");
    options.step_us = 0;
    struct er_job *job = fake_job_new(&options);
    struct timer stop = {.us = 400000}, death = {.us = 300000, .kill = child};
    double waiting = 0;
    struct er_progress progress = {.report = hear_waiting, .ctx = &waiting, .stop = &stop.stop};
    pthread_create(&stop.thread, NULL, ring, &stop);
    T_STATUS(run_all(at("over.db"), job, &progress, &err), ER_E_STOPPED, "waiting can be stopped");
    T_EQ_INT(waiting, 2, "it was said how many runs are waited for");
    T_OK(strstr(err.msg, "another process"), "and says for whom: %s", err.msg);
    pthread_join(stop.thread, NULL);
    T_EQ_INT(fake_log_count(log, "end"), 1, "the run that was free is done meanwhile");
    pthread_create(&death.thread, NULL, ring, &death);
    T_STATUS(run_all(at("over.db"), job, NULL, &err), ER_OK, "a killed process is taken over");
    pthread_join(death.thread, NULL);
    T_EQ_INT(finish(child), -1, "it was killed");
    T_EQ_INT(fake_log_count(log, "end"), 3, "all are done");
    T_EQ_INT(fake_log_count(log, "resume"), 2, "from its checkpoints");
    same_as_uninterrupted(at("over.db"), job);
    fake_job_free(job);
}

/* A store is whole from its first moment on. */
static void killed_while_opening(void)
{
    struct er_store *store = NULL;
    for (int i = 0; i < 30; i++) {
        unlink(at("young.db"));
        unlink(at("young.db-wal"));
        unlink(at("young.db-shm"));
        fflush(stdout);
        pid_t pid = fork();
        if (pid == 0) {
            er_store_open(at("young.db"), false, &store, NULL);
            pause();
        }
        pause_us(er_random_below(&chance, 6000));
        kill(pid, SIGKILL);
        finish(pid);
        T_STATUS(er_store_open(at("young.db"), false, &store, &err), ER_OK, "opened after a kill");
        er_store_close(store);
    }
}

struct racer {
    pthread_t thread;
    const char *path;       /* a store of its own at this path, */
    struct er_store *store; /* or one that all share */
    const struct er_job *job;
    enum er_status status;
    struct er_error err;
};

static void *race(void *arg)
{
    struct racer *racer = arg;
    racer->status = racer->store ? er_job_run(racer->store, racer->job, NULL, NULL, NULL, NULL, &racer->err)
                                 : run_all(racer->path, racer->job, NULL, &racer->err);
    return NULL;
}

/* Stores opened by one process are different owners; calls that share a store keep out of each other's runs.
 */
static void threads(bool share)
{
    char log[160], path[160];
    snprintf(log, sizeof log, "%s", at(share ? "shared.log" : "threads.log"));
    snprintf(path, sizeof path, "%s", at(share ? "shared.db" : "threads.db"));
    struct fake_options options = {
        .widths = 6, .seeds = 3, .steps = 8, .step_us = 100, .fail_run = -1, .log = log};
    struct er_job *job = fake_job_new(&options);
    struct er_store *store = NULL;
    struct racer racer[3];
    if (share) T_STATUS(er_store_open(path, false, &store, &err), ER_OK, "one store");
    for (int i = 0; i < 3; i++) {
        racer[i] = (struct racer){.path = path, .store = store, .job = job};
        pthread_create(&racer[i].thread, NULL, race, &racer[i]);
    }
    for (int i = 0; i < 3; i++) {
        pthread_join(racer[i].thread, NULL);
        T_EQ_INT(racer[i].status, ER_OK, "thread %d: %s", i, racer[i].err.msg);
    }
    T_EQ_INT(fake_log_count(log, "start"), 18, "no run is begun twice");
    er_store_close(store);
    fake_job_free(job);
}

int main(void)
{
    chance = er_random_open(20, er_stream(ER_PURPOSE_TEST, 0));
    T_OK(scratch_make(folder) != NULL, "scratch folder");
    together();
    killed();
    taken_over();
    killed_while_opening();
    threads(false);
    threads(true);
    scratch_remove(folder);
    return t_done();
}
