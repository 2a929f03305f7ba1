/* The experiment `train` on generated data: what it records, and that companions, threads, subsets and
 * interruptions change no bit of it. */
#include "experiments/experiment.h"
#include "support/scratch.h"
#include "support/study_text.h"
#include "t.h"

enum { MOST_RUNS = 16, MOST_VALUES = 16, MOST_RECORDS = 32, CURVES = 7 };

/* What one run handed over. */
struct kept {
    bool begun, ended;
    char outcome[32], note[200];
    double value[MOST_VALUES], curve[CURVES][MOST_RECORDS];
    int64_t n_curve;
    char state[1 << 16]; /* the last checkpoint */
    size_t bytes;
};

/* One call of run() and what it asks for. */
struct hearing {
    const struct er_experiment *experiment;
    struct kept run[MOST_RUNS];
    int64_t skip, fail; /* runs to skip, to fail at their end; -1: none */
    bool resume;
    double done, total, epochs;
    atomic_bool stop;
    bool hasty; /* asks to stop as soon as a run has begun */
};

static enum er_status on_begin(void *ctx, int64_t run, bool *skip, const void **state, size_t *bytes,
                               struct er_error *err)
{
    struct hearing *h = ctx;
    (void)err;
    h->run[run].begun = true;
    *skip = run == h->skip || (h->resume && h->run[run].ended);
    if (h->resume && h->run[run].bytes) {
        *state = h->run[run].state;
        *bytes = h->run[run].bytes;
    }
    if (h->hasty && !*skip) atomic_store(&h->stop, true);
    return ER_OK;
}

static enum er_status on_checkpoint(void *ctx, int64_t run, const void *state, size_t bytes,
                                    struct er_error *err)
{
    struct hearing *h = ctx;
    if (bytes > sizeof h->run[run].state) return er_fail(err, ER_E_LIMIT, "a checkpoint of %zu bytes", bytes);
    memcpy(h->run[run].state, state, bytes);
    h->run[run].bytes = bytes;
    return ER_OK;
}

static enum er_status on_end(void *ctx, int64_t run, const struct er_record *record, struct er_error *err)
{
    struct hearing *h = ctx;
    struct kept *kept = &h->run[run];
    int n = 0;
    if (run == h->fail) return er_fail(err, ER_E_FULL, "no room for run %d", (int)run);
    while (h->experiment->run_column[n].name) n++;
    kept->ended = true;
    snprintf(kept->outcome, sizeof kept->outcome, "%s", record->outcome);
    snprintf(kept->note, sizeof kept->note, "%s", record->note);
    memcpy(kept->value, record->value, (size_t)n * sizeof(double));
    kept->n_curve = record->n_curve;
    for (int c = 0; c < CURVES && record->n_curve <= MOST_RECORDS; c++)
        memcpy(kept->curve[c], record->curve[c], (size_t)record->n_curve * sizeof(double));
    return ER_OK;
}

static void on_report(void *ctx, const struct er_progress_report *report)
{
    struct hearing *h = ctx;
    h->done = report->done;
    h->total = report->total;
    h->epochs = report->epochs;
}

static struct hearing *hearing_new(const struct er_study *study)
{
    struct hearing *h = er_alloc(1, sizeof *h);
    if (!h) abort();
    h->experiment = er_study_experiment(study);
    h->skip = h->fail = -1;
    return h;
}

static enum er_status run(struct hearing *h, const struct er_point *point, int64_t n, int threads,
                          struct er_error *err)
{
    struct er_pool *pool;
    const struct er_progress progress = {.report = on_report, .ctx = h, .stop = &h->stop};
    const struct er_run_events events = {
        .ctx = h, .begin = on_begin, .checkpoint = on_checkpoint, .end = on_end, .checkpoint_seconds = 0};
    enum er_status status = er_pool_new(threads, &pool, err);
    if (status != ER_OK) return status;
    status = h->experiment->run(point, n, NULL, pool, &progress, &events, err);
    er_pool_free(pool);
    return status;
}

static bool same_bytes(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

/* Equal to the bit. */
static bool same(const struct kept *a, const struct kept *b)
{
    return a->ended && b->ended && strcmp(a->outcome, b->outcome) == 0 && a->n_curve == b->n_curve &&
           same_bytes(a->value, b->value, sizeof a->value) && same_bytes(a->curve, b->curve, sizeof a->curve);
}

/* 2 data seeds x 2 rates x 2 seeds = 8 runs on 2 splits. */
static const char *const yaml = "study: s\n"
                                "data: {name: two-spirals, train: 60, test: 40, seed: [0, 1]}\n"
                                "model: [dense 8, tanh, dense]\n"
                                "train: {sgd: {rate: [0.1, 0.5], batch: 16}, epochs: 6}\n"
                                "seeds: 2\n";

enum { RUNS = 8, EPOCHS = 6 };

static int column(const struct er_column *column, const char *name)
{
    for (int i = 0; column[i].name; i++)
        if (strcmp(column[i].name, name) == 0) return i;
    abort();
}

static double value_of(const struct hearing *h, int64_t i, const char *name)
{
    return h->run[i].value[column(h->experiment->run_column, name)];
}

static const double *curve_of(const struct hearing *h, int64_t i, const char *name)
{
    return h->run[i].curve[column(h->experiment->curve_column, name)];
}

static void check_record(const struct hearing *h, int64_t i)
{
    static const char *const shared[] = {"train_loss", "train_error", "test_loss", "test_error"};
    const struct kept *kept = &h->run[i];
    T_EQ_STR(kept->outcome, "epochs", "run %d ends by its epochs", (int)i);
    T_EQ_INT(kept->n_curve, EPOCHS + 1, "the start and every epoch");
    T_OK(value_of(h, i, "epochs") == EPOCHS && value_of(h, i, "steps") == EPOCHS * 4,
         "60 / 16 is 4 steps an epoch");
    for (size_t c = 0; c < sizeof shared / sizeof *shared; c++)
        T_OK(value_of(h, i, shared[c]) == curve_of(h, i, shared[c])[EPOCHS], "%s is that of the end",
             shared[c]);
    T_CLOSE(value_of(h, i, "gap"), value_of(h, i, "test_error") - value_of(h, i, "train_error"), 0,
            "the gap");
    T_OK(value_of(h, i, "interpolates") == (value_of(h, i, "train_error") == 0), "interpolates");
    T_EQ_INT(value_of(h, i, "parameters"), 2 * 8 + 8 + 8 * 2 + 2, "parameters");
    double best = 1;
    for (int e = 0; e <= EPOCHS; e++) best = fmin(best, curve_of(h, i, "test_error")[e]);
    T_CLOSE(value_of(h, i, "best_test_error"), best, 0, "the best test error");
    const int at = (int)value_of(h, i, "best_epoch");
    T_OK(at >= 0 && at <= EPOCHS && curve_of(h, i, "test_error")[at] == best, "is that of the best epoch");
    for (int e = 0; e < at; e++) T_OK(curve_of(h, i, "test_error")[e] > best, "the first one, not %d", e);
    double least = curve_of(h, i, "test_loss")[0];
    for (int e = 0; e <= EPOCHS; e++) least = fmin(least, curve_of(h, i, "test_loss")[e]);
    T_CLOSE(value_of(h, i, "best_test_loss"), least, 0, "the best test loss");
    for (int e = 0; e <= EPOCHS; e++)
        T_OK(curve_of(h, i, "epoch")[e] == e && curve_of(h, i, "step")[e] == 4 * e, "record %d", e);
    T_OK(curve_of(h, i, "train_loss")[EPOCHS] < curve_of(h, i, "train_loss")[0], "it learns");
}

static void check_companions(const struct er_study *study, const struct hearing *all)
{
    const struct er_point *point = er_study_point(study, 0);
    struct er_error err;
    for (int threads = 2; threads <= 3; threads++) {
        struct hearing *h = hearing_new(study);
        T_STATUS(run(h, point, RUNS, threads, &err), ER_OK, "%d threads", threads);
        for (int i = 0; i < RUNS; i++) T_OK(same(&h->run[i], &all->run[i]), "run %d is the same", i);
        er_free(h);
    }
    struct hearing *h = hearing_new(study);
    for (int i = 0; i < RUNS; i++) {
        T_STATUS(run(h, &point[i], 1, 1, &err), ER_OK, "run %d alone", i);
        T_OK(same(&h->run[0], &all->run[i]), "is the same");
        for (int j = 0; j < i; j++) T_OK(!same(&all->run[j], &all->run[i]), "and another than run %d", j);
    }
    er_free(h);
}

static void check_events(const struct er_study *study, const struct hearing *all)
{
    const struct er_point *point = er_study_point(study, 0);
    struct hearing *h = hearing_new(study);
    struct er_error err;
    h->skip = 3;
    T_STATUS(run(h, point, RUNS, 2, &err), ER_OK, "one run is skipped");
    T_OK(h->run[3].begun && !h->run[3].ended && same(&h->run[4], &all->run[4]), "and the others are not");
    T_CLOSE(h->done, RUNS, 1e-9, "all are accounted for");
    er_free(h);

    h = hearing_new(study);
    h->fail = 2;
    T_STATUS(run(h, point, RUNS, 2, &err), ER_E_FULL, "an event's failure comes back");
    T_EQ_STR(err.msg, "no room for run 2", "in its words");
    er_free(h);
}

/* Stopped as soon as a run has begun, then resumed from the checkpoints, until all is done. */
static void check_interruption(const struct er_study *study)
{
    const struct er_point *point = er_study_point(study, 0);
    struct hearing *all = hearing_new(study), *h = hearing_new(study);
    struct er_error err;
    enum er_status status = ER_E_STOPPED;
    int stops = 0;
    T_STATUS(run(all, point, 4, 1, &err), ER_OK, "four runs in one go");
    h->resume = h->hasty = true;
    while (status == ER_E_STOPPED && stops < 100) {
        atomic_store(&h->stop, false);
        status = run(h, point, 4, 1, &err);
        stops += status == ER_E_STOPPED;
    }
    T_EQ_INT(status, ER_OK, "finished in the end");
    T_OK(stops > 4, "after %d interruptions, so within runs too", stops);
    for (int i = 0; i < 4; i++) T_OK(same(&h->run[i], &all->run[i]), "run %d has the same bits", i);
    er_free(all);
    er_free(h);
}

/* A rate at which the loss overflows is a result, with its cause. */
static void check_divergence(void)
{
    struct er_study *study = NULL;
    struct er_error err;
    T_STATUS(study_parse("study: s\ndata: {name: gaussian-mixture, train: 40, test: 40}\n"
                         "model: [dense 4, relu, dense]\n"
                         "train: {loss: mean-squared, sgd: {rate: 1e9}, epochs: 20}\n",
                         &study, &err),
             ER_OK, "a rate that is too large");
    if (!study) return;
    struct hearing *h = hearing_new(study);
    T_STATUS(run(h, er_study_point(study, 0), 1, 1, &err), ER_OK, "runs");
    T_EQ_STR(h->run[0].outcome, "diverged", "and diverges");
    T_OK(strstr(h->run[0].note, "step"), "at a step: %s", h->run[0].note);
    er_free(h);
    er_study_free(study);
}

/* A model that cannot be seen not to fit until the file is read. */
static void check_late_error(void)
{
    struct er_study *study = NULL;
    struct er_error err;
    T_STATUS(study_parse("study: s\ndata: {file: /nowhere.csv}\nmodel: [dense]\ntrain: {}\n", &study, &err),
             ER_OK, "data that are not there");
    if (!study) return;
    struct hearing *h = hearing_new(study);
    T_STATUS(run(h, er_study_point(study, 0), 1, 1, &err), ER_E_NOT_FOUND, "are found missing");
    T_OK(err.line == 2, "in line 2");
    er_free(h);
    er_study_free(study);
}

/* Augmentation of a file that turns out to be a table. */
static void check_late_augment(void)
{
    struct er_study *study = NULL;
    struct er_error err;
    char folder[64], path[80], text[256];
    if (!scratch_make(folder)) exit(1);
    snprintf(path, sizeof path, "%s/a.csv", folder);
    FILE *file = fopen(path, "w");
    if (!file || fputs("x,y\n1,0\n2,1\n3,0\n4,1\n5,0\n", file) < 0 || fclose(file) != 0) exit(1);
    snprintf(text, sizeof text,
             "study: s\nmodel: [dense]\ntrain: {}\n"
             "data: {standardise: none, augment: {flip: true}, file: %s}\n",
             path);
    T_STATUS(study_parse(text, &study, &err), ER_OK, "a file might hold images");
    if (!study) return;
    struct hearing *h = hearing_new(study);
    T_STATUS(run(h, er_study_point(study, 0), 1, 1, &err), ER_E_INPUT, "but it doesn't");
    T_EQ_STR(err.msg, "data.augment.flip moves the pixels of images; these examples are 1 x 1", "says");
    T_OK(err.line == 4 && err.column == 43, "at the key");
    er_free(h);
    er_study_free(study);
    scratch_remove(folder);
}

int main(void)
{
    struct er_study *study = NULL;
    struct er_error err;
    T_STATUS(study_parse(yaml, &study, &err), ER_OK, "eight runs");
    if (!study) return t_done();
    struct hearing *all = hearing_new(study);
    T_STATUS(run(all, er_study_point(study, 0), RUNS, 1, &err), ER_OK, "are trained");
    T_CLOSE(all->done, RUNS, 1e-9, "progress reaches the end");
    T_CLOSE(all->total, RUNS, 0, "of all runs");
    T_CLOSE(all->epochs, RUNS * EPOCHS, 1e-9, "and counts epochs");
    for (int i = 0; i < RUNS; i++) check_record(all, i);
    check_companions(study, all);
    check_events(study, all);
    check_interruption(study);
    er_free(all);
    er_study_free(study);
    check_divergence();
    check_late_error();
    check_late_augment();
    return t_done();
}
