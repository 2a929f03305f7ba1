/* experiment_run.c - see experiment_run.h. */
#include "support/experiment_run.h"

#include "support/study_text.h"
#include "t.h"

static enum er_status on_begin(void *ctx, int64_t run, bool *skip, const void **state, size_t *bytes,
                               struct er_error *err)
{
    struct experiment_runs *r = ctx;
    (void)err;
    r->record[run].begun = true;
    *state = r->state[run].bytes;
    *bytes = r->state[run].n;
    *skip = run == r->skip;
    if (r->hasty) atomic_store(&r->stop, true);
    return ER_OK;
}

static enum er_status on_checkpoint(void *ctx, int64_t run, const void *state, size_t bytes,
                                    struct er_error *err)
{
    struct experiment_runs *r = ctx;
    struct experiment_state *kept = &r->state[run];
    void *copy = malloc(bytes);
    (void)err;
    if (!copy) abort();
    memcpy(copy, state, bytes);
    free(kept->bytes);
    *kept = (struct experiment_state){copy, bytes, kept->taken + 1};
    if (kept->taken == r->leave_after) atomic_store(&r->stop, true);
    return ER_OK;
}

static int columns(const struct er_column *column)
{
    int n = 0;
    while (column[n].name) n++;
    return n;
}

static enum er_status on_end(void *ctx, int64_t run, const struct er_record *record, struct er_error *err)
{
    struct experiment_runs *r = ctx;
    struct experiment_record *kept = &r->record[run];
    const int values = columns(r->experiment->run_column), curves = columns(r->experiment->curve_column);
    (void)err;
    if (values > EXPERIMENT_MOST_VALUES || curves > EXPERIMENT_MOST_CURVES) abort();
    kept->ended = true;
    snprintf(kept->outcome, sizeof kept->outcome, "%s", record->outcome);
    snprintf(kept->note, sizeof kept->note, "%s", record->note);
    memcpy(kept->value, record->value, (size_t)values * sizeof(double));
    kept->n_curve = record->n_curve;
    for (int c = 0; c < curves; c++) {
        const size_t bytes = (size_t)record->n_curve * sizeof(double);
        kept->curve[c] = malloc(bytes);
        if (bytes > 0 && !kept->curve[c]) abort();
        if (bytes > 0) memcpy(kept->curve[c], record->curve[c], bytes);
    }
    return ER_OK;
}

static void on_report(void *ctx, const struct er_progress_report *report)
{
    struct experiment_runs *r = ctx;
    r->done = report->done;
    r->total = report->total;
}

struct experiment_runs *experiment_runs_new(const char *yaml)
{
    struct experiment_runs *r = calloc(1, sizeof *r);
    struct er_error err = {0};
    if (!r) abort();
    if (study_parse(yaml, &r->study, &err) != ER_OK) {
        printf("# %s\n%s\n", err.msg, yaml);
        exit(1);
    }
    r->experiment = er_study_experiment(r->study);
    r->n = er_study_runs(r->study);
    r->skip = -1;
    r->record = calloc((size_t)r->n, sizeof *r->record);
    r->state = calloc((size_t)r->n, sizeof *r->state);
    if (!r->record || !r->state) abort();
    return r;
}

static void clear(struct experiment_record *record)
{
    for (int c = 0; c < EXPERIMENT_MOST_CURVES; c++) free(record->curve[c]);
    *record = (struct experiment_record){0};
}

void experiment_runs_free(struct experiment_runs *r)
{
    for (int64_t i = 0; i < r->n; i++) {
        clear(&r->record[i]);
        free(r->state[i].bytes);
    }
    free(r->state);
    er_study_free(r->study);
    free(r->record);
    free(r);
}

enum er_status experiment_run(struct experiment_runs *r, int threads, const struct er_data_places *places,
                              struct er_error *err)
{
    return experiment_run_some(r, 0, r->n, threads, places, err);
}

enum er_status experiment_run_some(struct experiment_runs *r, int64_t first, int64_t n, int threads,
                                   const struct er_data_places *places, struct er_error *err)
{
    struct er_pool *pool;
    const struct er_progress progress = {.report = on_report, .ctx = r, .stop = &r->stop};
    const struct er_run_events events = {.ctx = r,
                                         .begin = on_begin,
                                         .checkpoint = r->leave_after ? on_checkpoint : NULL,
                                         .end = on_end,
                                         .checkpoint_seconds = r->leave_after ? 1e-9 : 0,
                                         .work = r->work};
    for (int64_t i = 0; i < r->n; i++) clear(&r->record[i]);
    enum er_status status = er_pool_new(threads, &pool, err);
    if (status != ER_OK) return status;
    status = r->experiment->run(er_study_point(r->study, first), n, places, pool, &progress, &events, err);
    er_pool_free(pool);
    return status;
}

static int find(const struct er_column *column, const char *name)
{
    for (int i = 0; column[i].name; i++)
        if (strcmp(column[i].name, name) == 0) return i;
    printf("# there is no column %s\n", name);
    abort();
}

double experiment_value(const struct experiment_runs *r, int64_t run, const char *column)
{
    return r->record[run].value[find(r->experiment->run_column, column)];
}

const double *experiment_curve(const struct experiment_runs *r, int64_t run, const char *column)
{
    return r->record[run].curve[find(r->experiment->curve_column, column)];
}

static bool same_bytes(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

bool experiment_same(const struct experiment_record *a, const struct experiment_record *b)
{
    bool same = a->ended && b->ended && strcmp(a->outcome, b->outcome) == 0 && a->n_curve == b->n_curve &&
                same_bytes(a->value, b->value, sizeof a->value);
    for (int c = 0; c < EXPERIMENT_MOST_CURVES && same && a->curve[c]; c++)
        same = same_bytes(a->curve[c], b->curve[c], (size_t)a->n_curve * sizeof(double));
    return same;
}

void experiment_refused(const char *line, int64_t column, const char *message)
{
    struct er_study *study = NULL;
    struct er_error err;
    char text[1024];
    snprintf(text, sizeof text, "study: s\n%s\n", line);
    T_STATUS(study_parse(text, &study, &err), ER_E_INPUT, "%s", line);
    T_EQ_STR(err.msg, message, "says");
    T_OK(err.line == 2 && err.column == column, "at line %d, column %d", (int)err.line, (int)err.column);
    er_study_free(study);
}
