/* fake_job.c - see fake_job.h. One job at a time: the experiment finds its options in `fake`. */
#include "support/fake_job.h"

#include <ermine/memory.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct fake_options fake;
static pthread_mutex_t report_mutex = PTHREAD_MUTEX_INITIALIZER;

enum { MOST_STEPS = 64 };

struct state {
    int64_t done;
    double x[MOST_STEPS + 1];
};

static void note(const char *word, const struct er_point *point, int64_t step)
{
    if (!fake.log) return;
    char line[96];
    int length = snprintf(line, sizeof line, "%s %" PRId64 " %" PRIu64 " %" PRId64 "\n", word,
                          point->setting[0]->integer, point->seed, step);
    int file = open(fake.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (file >= 0 && write(file, line, (size_t)length) < 0) perror("log");
    if (file >= 0) close(file);
}

int64_t fake_log_count(const char *log, const char *word)
{
    char line[128];
    int64_t n = 0;
    FILE *file = fopen(log, "r");
    while (file && fgets(line, sizeof line, file)) n += strncmp(line, word, strlen(word)) == 0;
    if (file) fclose(file);
    return n;
}

struct work {
    const struct er_point *point;
    int64_t n, ended;
    const struct er_progress *progress;
    const struct er_run_events *events;
    struct er_error *err;
    enum er_status status;
    double steps;
};

static void report(struct work *work, double ended, double steps)
{
    pthread_mutex_lock(&report_mutex);
    work->ended += (int64_t)ended;
    work->steps += steps;
    if (work->progress && work->progress->report) {
        struct er_progress_report r = {.what = "fake",
                                       .unit = "runs",
                                       .done = (double)work->ended,
                                       .total = (double)work->n,
                                       .epochs = work->steps,
                                       .flops = 2.0 * work->steps};
        work->progress->report(work->progress->ctx, &r);
    }
    pthread_mutex_unlock(&report_mutex);
}

static enum er_status finish(struct work *work, int64_t i, const struct state *state, struct er_error *err)
{
    const struct er_point *point = &work->point[i];
    bool diverged = (point->setting[0]->integer + (int64_t)point->seed) % 3 == 0;
    double step[MOST_STEPS + 1];
    double value[] = {diverged ? (double)NAN : state->x[state->done], (double)state->done};
    for (int64_t k = 0; k <= state->done; k++) step[k] = (double)k;
    struct er_record record = {.outcome = diverged ? "diverged" : "epochs",
                               .note = diverged ? "step 3: the loss is infinite" : "",
                               .seconds = 0.25,
                               .value = value,
                               .curve = (const double *const[]){step, state->x},
                               .n_curve = state->done + 1};
    note("end", point, state->done);
    return work->events->end(work->events->ctx, i, &record, err);
}

static enum er_status compute(struct work *work, int64_t i, struct er_error *err)
{
    const struct er_run_events *events = work->events;
    const struct er_point *point = &work->point[i];
    const struct timespec pause = {.tv_nsec = fake.step_us * 1000};
    struct state state = {0};
    const void *from = NULL;
    size_t bytes = 0;
    bool skip = false;
    state.x[0] = 0.1 * ((double)point->seed + 1.0);
    enum er_status status = events->begin(events->ctx, i, &skip, &from, &bytes, err);
    if (status != ER_OK || skip) return status;
    if (from && bytes != sizeof state) return er_fail(err, ER_E_INPUT, "a checkpoint of another size");
    if (from) memcpy(&state, from, sizeof state);
    note(from ? "resume" : "start", point, state.done);
    if (i == fake.fail_run) return er_fail(err, ER_E_NONFINITE, "run %" PRId64 " fails", i);
    while (state.done < fake.steps) {
        if (er_progress_stopped(work->progress)) {
            status = events->checkpoint(events->ctx, i, &state, sizeof state, err);
            return status == ER_OK ? er_fail(err, ER_E_STOPPED, "stopped") : status;
        }
        if (fake.step_us) nanosleep(&pause, NULL);
        double width = point->setting[0]->number;
        state.x[state.done + 1] = sin(1.7 * state.x[state.done] + width / 8.0);
        state.done++;
        report(work, 0, 1);
        if (state.done % 4 == 0) status = events->checkpoint(events->ctx, i, &state, sizeof state, err);
        if (status != ER_OK) return status;
    }
    status = finish(work, i, &state, err);
    report(work, 1, 0);
    return status;
}

static void task(void *ctx, int64_t i, int worker)
{
    (void)worker;
    struct work *work = ctx;
    struct er_error err = {0};
    pthread_mutex_lock(&report_mutex);
    enum er_status status = work->status;
    pthread_mutex_unlock(&report_mutex);
    if (status != ER_OK) return;
    status = compute(work, i, &err);
    if (status == ER_OK) return;
    pthread_mutex_lock(&report_mutex);
    if (work->status == ER_OK) {
        work->status = status;
        if (work->err) memcpy(work->err, &err, sizeof err);
    }
    pthread_mutex_unlock(&report_mutex);
}

static enum er_status run(const struct er_point *point, int64_t n, const struct er_data_places *places,
                          struct er_pool *pool, const struct er_progress *progress,
                          const struct er_run_events *events, struct er_error *err)
{
    (void)places;
    struct work work = {.point = point, .n = n, .progress = progress, .events = events, .err = err};
    if (pool)
        er_pool_run(pool, n, task, &work);
    else
        for (int64_t i = 0; i < n; i++) task(&work, i, 0);
    return work.status;
}

static const struct er_column run_column[] = {
    {"x", "", "where the map is", false}, {"steps", "steps", "how often it was applied", true}, {0}};
static const struct er_column curve_column[] = {
    {"step", "steps", "k", false}, {"x", "", "where the map is", false}, {0}};
static const struct er_experiment experiment = {.name = "fake",
                                                .help = "iterates a map",
                                                .run_column = run_column,
                                                .curve_column = curve_column,
                                                .arithmetic = "1",
                                                .run = run};

static const struct er_schema_row width_row = {
    .path = "width", .type = ER_SCHEMA_INTEGER, .unit = "units", .min = 1, .max = 1e6, .keyed = true};
static const struct er_schema_row kind_row = {.path = "kind", .type = ER_SCHEMA_TEXT, .unit = ""};
static const struct er_axis axis[] = {{"width", 0}, {"kind", 2}, {"seed", 0}};

static enum er_status canonical(const struct er_job *job, int64_t i, char **out, struct er_error *err)
{
    char text[128];
    int64_t width = job->point[i].setting[0]->integer;
    if (width <= fake.equal_widths) width = 1;
    snprintf(text, sizeof text, "width = %" PRId64 "\nseed = %" PRIu64 "\nsteps = %" PRId64 "\n", width,
             job->point[i].seed, fake.steps);
    *out = er_strdup(text);
    return *out ? ER_OK : er_fail(err, ER_E_NOMEM, "out of memory");
}

static bool fill(struct er_job *job)
{
    for (int64_t i = 0; i < job->runs; i++) {
        struct two {
            const struct er_setting *at[2];
            struct er_setting value[2];
        } *two = er_alloc(1, sizeof *two);
        char *text, number[24];
        int64_t width = 1 + i / fake.seeds;
        if (!two) return false;
        struct er_setting *setting = two->value;
        two->at[0] = &setting[0];
        two->at[1] = &setting[1];
        snprintf(number, sizeof number, "%" PRId64, width);
        setting[0] = (struct er_setting){.row = &width_row,
                                         .number = (double)width,
                                         .integer = width,
                                         .text = er_strdup(number),
                                         .present = true};
        setting[1] =
            (struct er_setting){.row = &kind_row, .text = width % 2 ? "odd" : "even", .present = width < 4};
        job->point[i] = (struct er_point){.setting = two->at, .n = 2, .seed = (uint64_t)(i % fake.seeds)};
        if (canonical(job, i, &text, NULL) != ER_OK) return false;
        er_sha256(text, strlen(text), job->key[i]);
        er_free(text);
    }
    return true;
}

struct er_job *fake_job_new(const struct fake_options *options)
{
    fake = *options;
    struct er_job *job = er_alloc(1, sizeof *job);
    if (!job) return NULL;
    *job = (struct er_job){.name = "fake-study",
                           .file = "fake.yaml",
                           .source = "study: fake-study\n",
                           .experiment = &experiment,
                           .run_column = experiment.run_column,
                           .runs = fake.widths * fake.seeds,
                           .axis = axis,
                           .axes = 3,
                           .canonical = canonical};
    job->point = er_alloc(job->runs, sizeof *job->point);
    job->key = er_alloc(job->runs, sizeof *job->key);
    if (!job->point || !job->key || !fill(job)) {
        fake_job_free(job);
        return NULL;
    }
    return job;
}

void fake_job_free(struct er_job *job)
{
    if (!job) return;
    for (int64_t i = 0; job->point && i < job->runs; i++) {
        if (job->point[i].setting) er_free((void *)(uintptr_t)job->point[i].setting[0]->text);
        er_free((void *)(uintptr_t)job->point[i].setting);
    }
    er_free(job->point);
    er_free(job->key);
    er_free(job);
}
