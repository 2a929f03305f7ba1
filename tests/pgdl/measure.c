/* Measures of a task's models: the same bits for any number of threads, stopped and gone on with, from the file of results;
 * what can't be had has a reason. Scores are those of the organisers' program on their own task (check C12 is rank's). */
#include "t.h"

#include "core/file.h"
#include "support/scratch.h"

#include <ermine/memory.h>
#include <ermine/pgdl.h>

#define TASK "pgdl/task"
enum { MODELS = 4, MEASURES = 4, BEFORE_STOP = 2 };

static struct er_pgdl_task task;
static struct er_pgdl_data data;
static const struct er_measure *measure[MEASURES];

static struct er_pgdl_request request_of(const char *results)
{
    return (struct er_pgdl_request){.measure = measure, .measures = MEASURES, .results = results};
}

static bool same(const struct er_pgdl_measured *a, const struct er_pgdl_measured *b)
{
    for (int64_t i = 0; i < MODELS * MEASURES; i++) {
        if (memcmp(&a->value[i], &b->value[i], sizeof a->value[i]) != 0 &&
            !(isnan(a->value[i]) && isnan(b->value[i])))
            return false;
        if (!a->reason[i] != !b->reason[i]) return false;
        if (a->reason[i] && strcmp(a->reason[i], b->reason[i]) != 0) return false;
    }
    return memcmp(a->accuracy, b->accuracy, MODELS * sizeof *a->accuracy) == 0;
}

static void check_values(const struct er_pgdl_measured *m)
{
    T_EQ_INT(m->models, MODELS, "all models");
    T_EQ_INT(m->value[2 * MEASURES], 60 * 5 + 5 + 5 * 3 + 3, "parameter_count of the dense network");
    for (int i = 0; i < MODELS; i++) {
        T_OK(m->accuracy[i] == task.model[i].train_accuracy, "model %d: NumPy's accuracy %g, ours %g", i,
             task.model[i].train_accuracy, m->accuracy[i]);
        T_OK(isnan(m->value[i * MEASURES + 1]) && strstr(m->reason[i * MEASURES + 1], "test set"),
             "test_set_bound needs what the competition hides");
        T_OK(isnan(m->value[i * MEASURES + 3]) == (i != 2),
             "frobenius_distance only where initial weights are");
    }
}

static void check_threads(const struct er_pgdl_measured *alone)
{
    struct er_error err;
    const struct er_pgdl_request request = request_of(NULL);
    struct er_pgdl_measured m;
    struct er_pool *pool;
    T_STATUS(er_pool_new(3, &pool, &err), ER_OK, "a pool");
    T_STATUS(er_pgdl_measure(&task, &data, &request, pool, NULL, &m, &err), ER_OK, "with three threads");
    T_OK(same(alone, &m), "the same bits");
    er_pgdl_measured_clear(&m);
    er_pool_free(pool);
}

/* Asks to stop after some models. */
struct stopping {
    atomic_bool stop;
    int64_t models;
};

static void count_models(void *ctx, const struct er_progress_report *report)
{
    struct stopping *s = ctx;
    s->models = (int64_t)report->done;
    if (s->models == BEFORE_STOP) atomic_store(&s->stop, true);
}

static void check_interruption(const struct er_pgdl_measured *alone, const char *path)
{
    struct er_error err;
    struct stopping s = {.models = 0};
    const struct er_progress progress = {.report = count_models, .ctx = &s, .stop = &s.stop};
    const struct er_pgdl_request request = request_of(path);
    struct er_pgdl_measured m = {.models = -1};
    T_STATUS(er_pgdl_measure(&task, &data, &request, NULL, &progress, &m, &err), ER_E_STOPPED, "stopped");
    T_EQ_INT(m.models, -1, "untouched on failure");
    T_STATUS(er_pgdl_measure(&task, &data, &request, NULL, NULL, &m, &err), ER_OK, "gone on with");
    T_OK(same(alone, &m), "to the same bits");
    T_EQ_INT(m.found, BEFORE_STOP * MEASURES, "what was there is not computed");
    T_EQ_INT(m.computed, (MODELS - BEFORE_STOP) * MEASURES, "the rest is");
    er_pgdl_measured_clear(&m);
}

/* The last line cut in its middle, as by a crash. */
static void check_cut_line(const struct er_pgdl_measured *alone, const char *path)
{
    struct er_error err;
    const struct er_pgdl_request request = request_of(path);
    struct er_pgdl_measured m;
    char *text;
    size_t n;
    T_STATUS(er_file_read(path, 1 << 20, &text, &n, &err), ER_OK, "the file of results");
    T_STATUS(er_file_write(path, text, n - 5, &err), ER_OK, "is cut");
    er_free(text);
    T_STATUS(er_pgdl_measure(&task, &data, &request, NULL, NULL, &m, &err), ER_OK, "and read");
    T_OK(same(alone, &m), "to the same values");
    T_EQ_INT(m.computed, 1, "one is computed again");
    er_pgdl_measured_clear(&m);
    T_STATUS(er_pgdl_measure(&task, &data, &request, NULL, NULL, &m, &err), ER_OK, "once more");
    T_EQ_INT(m.computed, 0, "all are there");
    er_pgdl_measured_clear(&m);
    T_STATUS(er_file_write(path, "something else\n", 15, &err), ER_OK, "another file");
    T_STATUS(er_pgdl_measure(&task, &data, &request, NULL, NULL, &m, &err), ER_E_INPUT, "is not written to");
}

/* A model whose weights are gone: its measures have a reason, the others their values. */
static void check_missing_model(const struct er_pgdl_measured *alone)
{
    struct er_error err;
    const struct er_pgdl_request request = request_of(NULL);
    struct er_pgdl_task other = task;
    struct er_pgdl_model model[MODELS];
    struct er_pgdl_measured m;
    memcpy(model, task.model, sizeof model);
    model[1].folder = "model_none";
    other.model = model;
    T_STATUS(er_pgdl_measure(&other, &data, &request, NULL, NULL, &m, &err), ER_OK, "a model is missing");
    for (int k = 0; k < MEASURES; k++)
        T_OK(isnan(m.value[MEASURES + k]) && strstr(m.reason[MEASURES + k], "model_none/config.json"),
             "its reason: %s", m.reason[MEASURES + k]);
    T_OK(m.value[0] == alone->value[0] && isnan(m.accuracy[1]), "the others have values");
    er_pgdl_measured_clear(&m);
}

static void check_table(const struct er_pgdl_measured *m)
{
    struct er_error err;
    const struct er_pgdl_request request = request_of(NULL);
    struct er_table table;
    char *csv;
    T_STATUS(er_pgdl_table(&task, &request, m, &table, &err), ER_OK, "a table");
    T_STATUS(er_table_csv(&table, &csv, &err), ER_OK, "as CSV");
    T_OK(
        strncmp(csv,
                "network,convwidth,dense,train_acc,test_acc,gap,measured_train_acc,parameter_count,"
                "test_set_bound,param_norm,frobenius_distance\n1,8,128-128,0.4,0.25,0.15000000000000002,0.4,",
                160) == 0,
        "its first lines: %.170s", csv);
    er_free(csv);
    er_table_clear(&table);
}

static enum er_status measure_again(struct er_pgdl_measured *m, const char *path)
{
    const struct er_pgdl_request request = {.measure = measure, .measures = 1, .models = 2, .results = path};
    return er_pgdl_measure(&task, &data, &request, NULL, NULL, m, NULL);
}

static void check_allocations(const char *path)
{
    struct er_pgdl_measured m;
    remove(path);
    T_ALLOCATIONS(measure_again(&m, path), er_pgdl_measured_clear(&m), "measures of a task");
}

int main(void)
{
    static const char *const name[MEASURES] = {"parameter_count", "test_set_bound", "param_norm",
                                               "frobenius_distance"};
    struct er_error err;
    const struct er_pgdl_request request = request_of(NULL);
    struct er_pgdl_measured alone;
    char folder[64], *path;
    for (int k = 0; k < MEASURES; k++) measure[k] = er_measure_find(name[k]);
    T_STATUS(er_pgdl_task_open(TASK, &task, &err), ER_OK, "a task");
    if (err.code == ER_OK) T_STATUS(er_pgdl_data_open(&task, NULL, &data, &err), ER_OK, "its examples");
    if (err.code == ER_OK)
        T_STATUS(er_pgdl_measure(&task, &data, &request, NULL, NULL, &alone, &err), ER_OK, "its measures");
    if (err.code != ER_OK || !scratch_make(folder)) return t_done();
    path = er_path_join(folder, "measures.tsv");
    check_values(&alone);
    check_threads(&alone);
    check_interruption(&alone, path);
    check_cut_line(&alone, path);
    check_missing_model(&alone);
    check_table(&alone);
    check_allocations(path);
    er_pgdl_measured_clear(&alone);
    er_pgdl_data_clear(&data);
    er_pgdl_task_clear(&task);
    er_free(path);
    scratch_remove(folder);
    return t_done();
}
