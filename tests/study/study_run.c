/* From YAML to tables: a real training, planned, computed, stored, listed; the second time nothing is
 * computed.
 */
#include "t.h"

#include "study/job.h"
#include "support/scratch.h"

#include <ermine/store.h>
#include <time.h>

static struct er_error err;
static const struct er_data_places nowhere;

static const char yaml[] = "study: spirals\n"
                           "data: {name: two-spirals, train: 60, test: 40, labels: {corrupt: [0, 0.5]}}\n"
                           "model: [dense 8, tanh, dense]\n"
                           "train: {sgd: {rate: 0.1, batch: 20}, epochs: 3}\n"
                           "seeds: 2\n";

static struct er_study *parse(const char *text)
{
    struct er_study *study = NULL;
    const struct er_study_origin origin = {.file = "spirals.yaml", .line = 1};
    T_STATUS(er_study_parse(text, strlen(text), &origin, &study, &err), ER_OK, "parse");
    return study;
}

static char *csv_of(struct er_store *store, const struct er_study *study)
{
    struct er_table table = {0};
    char *text = NULL;
    T_STATUS(er_study_table(store, study, &nowhere, &table, &err), ER_OK, "table");
    if (table.memory) er_table_csv(&table, &text, NULL);
    er_table_clear(&table);
    return text ? text : er_strdup("");
}

static void spirals(const char *folder)
{
    char path[128];
    struct er_store *store = NULL;
    struct er_pool *pool = NULL;
    struct er_study_outcome did = {0};
    struct er_table curves = {0};
    struct er_provenance p;
    struct er_study *study = parse(yaml);
    snprintf(path, sizeof path, "%s/runs.db", folder);
    T_STATUS(er_store_open(path, false, &store, &err), ER_OK, "store");
    T_STATUS(er_pool_new(2, &pool, &err), ER_OK, "pool");
    char *empty = csv_of(store, study);
    T_EQ_INT(strchr(empty, '\n')[1], 0, "before, the table has no rows");
    T_STATUS(er_study_run(store, study, &nowhere, pool, NULL, &did, &err), ER_OK, "run");
    T_EQ_INT(did.computed, 4, "computed");
    T_OK(did.flops > 0, "operations are counted");
    char *first = csv_of(store, study);
    T_OK(strncmp(first, "data.labels.corrupt,seed,outcome,", 33) == 0 && strstr(first, "\n0.5,1,epochs,"),
         "the table: %s", first);
    T_STATUS(er_study_curves(store, study, &nowhere, &curves, &err), ER_OK, "curves");
    T_OK(curves.rows == 4 * 4 && er_table_find(&curves, "epoch") == 2, "one record an epoch, from 0");
    T_STATUS(er_study_provenance(store, study, &nowhere, &p, &err), ER_OK, "provenance");
    T_OK(p.present == 4 && p.data_sets == 1 && strlen(p.checksum) == 64, "of one data set");
    er_store_close(store);
    T_STATUS(er_store_open(path, false, &store, &err), ER_OK, "store");
    T_STATUS(er_study_run(store, study, &nowhere, pool, NULL, &did, &err), ER_OK, "again");
    T_OK(did.computed == 0 && did.found == 4, "computes nothing");
    char *second = csv_of(store, study);
    T_EQ_STR(second, first, "and gives the same");
    struct er_job job;
    T_ALLOCATIONS(er_job_open(store, study, &nowhere, &job, NULL), er_job_close(&job), "planning");
    er_store_close(store);
    er_table_clear(&curves);
    er_free(empty);
    er_free(first);
    er_free(second);
    er_study_free(study);
    er_pool_free(pool);
}

/* Tables call a preset what the author called it, and say what it stands for; keys and stored runs know the
 * layers alone. */
static void presets(const char *folder)
{
    char path[128];
    struct er_store *store = NULL;
    struct er_pool *pool = NULL;
    struct er_study_outcome did = {0};
    struct er_table table = {0};
    char *canonical = NULL;
    static const char written[] = "study: spirals\n"
                                  "data: {name: two-spirals, train: 60, test: 40}\n"
                                  "model: [mlp 8   depth=2, [dense 8, relu, dense], {mlp: {width: 9}}]\n"
                                  "train: {sgd: {rate: [0.1, 0.2], batch: 20}, epochs: 2}\n";
    static const char layers[] =
        "study: spirals\n"
        "data: {name: two-spirals, train: 60, test: 40}\n"
        "model: [[dense 8, relu, dense 8, relu, dense], mlp 8, [dense 9, relu, dense]]\n"
        "train: {sgd: {rate: [0.1, 0.2], batch: 20}, epochs: 2}\n";
    static const char *const name[] = {"mlp 8 depth=2", "[dense 8, relu, dense]", "mlp width=9"};
    struct er_study *study = parse(written), *again = parse(layers);
    snprintf(path, sizeof path, "%s/presets.db", folder);
    T_STATUS(er_store_open(path, false, &store, &err), ER_OK, "store");
    T_STATUS(er_pool_new(2, &pool, &err), ER_OK, "pool");
    T_STATUS(er_study_run(store, study, &nowhere, pool, NULL, &did, &err), ER_OK, "run");
    T_STATUS(er_study_table(store, study, &nowhere, &table, &err), ER_OK, "table");
    const int64_t model = er_table_find(&table, "model");
    T_EQ_INT(table.rows, 6, "a row a run");
    for (int64_t i = 0; i < table.rows && model >= 0; i++)
        T_EQ_STR(table.cell[i * table.columns + model].text, name[i / 2], "model of row %d", (int)i);
    T_OK(table.aliases == 2 && table.alias[0].column == model, "of the two presets it says what they are");
    if (table.aliases == 2) {
        T_EQ_STR(table.alias[0].word, name[0], "the first");
        T_EQ_STR(table.alias[0].whole, "[dense 8, relu, dense 8, relu, dense]", "its layers");
        T_EQ_STR(table.alias[1].whole, "[dense 9, relu, dense]", "those of the second");
    }
    T_STATUS(er_study_canonical(study, 0, NULL, &canonical, &err), ER_OK, "canonical text");
    T_OK(canonical && strstr(canonical, "\nmodel = [dense 8, relu, dense 8, relu, dense]\n"), "%s",
         canonical);
    T_STATUS(er_study_run(store, again, &nowhere, pool, NULL, &did, &err), ER_OK, "the layers written out");
    T_OK(did.computed == 0 && did.found == 6, "are the same runs");
    er_table_clear(&table);
    T_ALLOCATIONS(er_study_table(store, study, &nowhere, &table, &err), er_table_clear(&table),
                  "a table of presets survives every failed allocation");
    er_free(canonical);
    er_store_close(store);
    er_study_free(study);
    er_study_free(again);
    er_pool_free(pool);
}

/* The keys of a file's runs follow its bytes. */
static void changed_file(const char *folder)
{
    char path[128], csv[128], text[512];
    struct er_store *store = NULL;
    struct er_pool *pool = NULL;
    struct er_study_outcome did = {0};
    snprintf(path, sizeof path, "%s/file.db", folder);
    snprintf(csv, sizeof csv, "%s/a.csv", folder);
    snprintf(text, sizeof text,
             "study: file\ndata: {file: %s, train: 4, test: 2}\nmodel: [dense]\ntrain: {epochs: 1}\n", csv);
    struct er_study *study = parse(text);
    T_STATUS(er_pool_new(1, &pool, &err), ER_OK, "pool");
    T_STATUS(er_store_open(path, false, &store, &err), ER_OK, "store");
    T_STATUS(er_study_run(store, study, &nowhere, pool, NULL, &did, &err), ER_E_NOT_FOUND, "no file yet");
    for (int i = 0; i < 2; i++) {
        FILE *file = fopen(csv, "w");
        T_OK(file && fprintf(file, "x,y\n0,0\n1,1\n2,0\n3,1\n4,0\n%d,1\n", 5 + i) > 0, "write");
        if (file) fclose(file);
        T_STATUS(er_study_run(store, study, &nowhere, pool, NULL, &did, &err), ER_OK, "run");
        T_EQ_INT(did.computed, 1, "other bytes are another run");
        T_STATUS(er_study_run(store, study, &nowhere, pool, NULL, &did, &err), ER_OK, "again");
        T_EQ_INT(did.computed, 0, "the same bytes are the same");
    }
    er_store_close(store);
    er_study_free(study);
    er_pool_free(pool);
}

/* A file's path begins at the study's folder; what is wrong with it is said at the key, in the study's file.
 */
static void beside_the_study(const char *folder)
{
    char path[128], yaml_path[128], csv[128], shown[1024], expected[256];
    struct er_store *store = NULL;
    struct er_pool *pool = NULL;
    struct er_study *study = NULL;
    static const char text[] =
        "study: file\ndata: {file: b.csv, train: 4, test: 2}\nmodel: [dense]\ntrain: {epochs: 1}\n";
    snprintf(path, sizeof path, "%s/beside.db", folder);
    snprintf(yaml_path, sizeof yaml_path, "%s/s.yaml", folder);
    snprintf(csv, sizeof csv, "%s/b.csv", folder);
    const struct er_study_origin origin = {.file = yaml_path, .line = 1};
    T_STATUS(er_study_parse(text, strlen(text), &origin, &study, &err), ER_OK, "parse");
    T_STATUS(er_pool_new(1, &pool, &err), ER_OK, "pool");
    T_STATUS(er_store_open(path, false, &store, &err), ER_OK, "store");
    T_STATUS(er_study_run(store, study, &nowhere, pool, NULL, NULL, &err), ER_E_NOT_FOUND, "no file yet");
    snprintf(expected, sizeof expected, "%s:2:14: ", yaml_path);
    T_OK(strncmp(er_error_text(&err, shown, sizeof shown), expected, strlen(expected)) == 0, "%s", shown);
    FILE *file = fopen(csv, "w");
    T_OK(file && fprintf(file, "x,y\n0,0\n1,1\n2,0\n3,1\n4,0\n5,1\n") > 0, "write");
    if (file) fclose(file);
    T_STATUS(er_study_run(store, study, &nowhere, pool, NULL, NULL, &err), ER_OK, "found beside the study");
    T_EQ_STR(er_point_text(er_study_point(study, 0), "data.file", ""), "b.csv",
             "the key says what was written");
    er_store_close(store);
    er_study_free(study);
    er_pool_free(pool);
}

/* How long planning takes is printed; the benchmarks judge it. */
static void many(const char *folder)
{
    char path[128];
    struct er_store *store = NULL;
    struct er_table table = {0};
    struct timespec t[2];
    struct er_study *study = parse("study: many\ndata: {name: parity, train: 60, test: 40}\nmodel: [dense]\n"
                                   "train: {sgd: {rate: [0.1, 0.2, 0.3, 0.4, 0.5]}, epochs: [1, 2]}\n"
                                   "seeds: 1000\n");
    snprintf(path, sizeof path, "%s/many.db", folder);
    T_STATUS(er_store_open(path, false, &store, &err), ER_OK, "store");
    clock_gettime(CLOCK_MONOTONIC, &t[0]);
    T_STATUS(er_study_table(store, study, &nowhere, &table, &err), ER_OK, "table");
    clock_gettime(CLOCK_MONOTONIC, &t[1]);
    printf("# 10000 runs: planned and looked up in %.3f s\n",
           (double)(t[1].tv_sec - t[0].tv_sec) + 1e-9 * (double)(t[1].tv_nsec - t[0].tv_nsec));
    T_EQ_INT(table.rows, 0, "none is there");
    er_table_clear(&table);
    er_store_close(store);
    er_study_free(study);
}

int main(void)
{
    char folder[64];
    T_OK(scratch_make(folder) != NULL, "scratch folder");
    spirals(folder);
    presets(folder);
    changed_file(folder);
    beside_the_study(folder);
    many(folder);
    scratch_remove(folder);
    return t_done();
}
