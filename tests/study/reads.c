/* A study that reads the results of an earlier one: what it may name, the axis and the columns that come of it, its keys, its
 * runs through a store.
 */
#include "t.h"

#include "study/study.h"
#include "support/scratch.h"

#include <ermine/note.h>

#define ZOO_OF(EPOCHS)                                                                                       \
    "study: zoo\n"                                                                                           \
    "data: {name: two-spirals, train: 40, test: 40}\n"                                                       \
    "model: [mlp 4 activation=tanh, mlp 8 activation=tanh]\n"                                                \
    "train: {sgd: {rate: [0.1, 0.3], batch: 20}, epochs: " EPOCHS "}\n"                                      \
    "measures: [parameter_count, parameter_bound]\n"                                                         \
    "seeds: 2\n"

#define ZOO    ZOO_OF("2")
#define LONGER ZOO_OF("3")

static struct er_error err;
static const struct er_data_places nowhere;

static enum er_status parse(const char *yaml, const struct er_study *earlier, struct er_study **out)
{
    const struct er_study_origin origin = {
        .file = "n.md", .line = 11, .earlier = earlier ? &earlier : NULL, .n_earlier = earlier ? 1 : 0};
    return er_study_parse(yaml, strlen(yaml), &origin, out, &err);
}

static const struct {
    const char *yaml, *error;
} bad[] = {
    {"study: r\nrank: {}",
     "n.md:11:1: rank: neither study nor file; a study further up in the note, or a .csv "
     "file, has the models"},
    {"study: r\nrank: {study: zo}",
     "n.md:12:15: rank.study: there is no study 'zo' further up in this note; did you mean zoo?"},
    {"study: r\nrank: {study: r}", "n.md:12:15: rank.study: there is no study 'r' further up in this note"},
    {"study: r\nrank: {study: [zoo, zoo2]}",
     "n.md:12:15: rank.study: all runs of a study read the results of one "
     "other; a list of them is not taken"},
    {"study: r\nrank: {study: zoo, file: a.csv}",
     "n.md:12:26: rank.file: rank.study is given too; the models are of one of them"},
    {"study: r\nrank: {file: a.csv}",
     "n.md:12:14: rank.file: rank.measure is missing, the columns of the file that "
     "are to be ranked"},
    {"study: r\nrank: {file: a.csv, measure: a, outcome: epochs}",
     "n.md:12:42: rank.outcome: a file has no outcomes; this is for runs of a study"},
    {"study: r\nrank: {study: zoo, measure: [oracle, parametr_count]}",
     "n.md:12:38: rank.measure: the study has no column of numbers 'parametr_count'; did you mean "
     "parameter_count?"},
    {"study: r\nrank: {study: zoo, gap: gapp}",
     "n.md:12:25: rank.gap: the study has no column of numbers 'gapp'; did you mean gap?"},
    {"study: r\nrank: {study: zoo, gap: outcome}",
     "n.md:12:25: rank.gap: the study has no column of numbers 'outcome'"},
    {"study: r\nrank: {study: zoo, train_size: data.tain}",
     "n.md:12:32: rank.train_size: the study has no column of numbers 'data.tain'"},
    {"study: r\nrank: {study: zoo, parameters: 'widt, rate'}",
     "n.md:12:32: rank.parameters: the models do not differ by 'widt'"},
    {"study: r\nrank: {study: zoo, parameters: 'rate, rate'}",
     "n.md:12:32: rank.parameters: the same name twice"},
    {"study: r\nrank: {study: zoo, parameters: ','}", "n.md:12:32: rank.parameters: no name in it"},
    {"study: r\nrank: {study: zoo, measure: [oracle, oracle]}",
     "n.md:12:38: rank.measure: oracle is in the list twice"},
};

static void check_errors(const struct er_study *zoo)
{
    char text[1024];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct er_study *study = NULL;
        T_STATUS(parse(bad[i].yaml, zoo, &study), ER_E_INPUT, "%s", bad[i].yaml);
        T_EQ_STR(er_error_text(&err, text, sizeof text), bad[i].error, "its message");
        er_study_free(study);
    }
}

/* One run for each measure of the source and each baseline, where the author does not say. */
static void check_axis(const struct er_study *zoo)
{
    static const char *const word[] = {"parameter_count", "parameter_bound", "oracle",   "oracle_0.02",
                                       "oracle_0.05",     "random",          "canonical"};
    enum { WORDS = sizeof word / sizeof *word };
    struct er_study *study = NULL;
    struct er_table runs = {0}, curves = {0};
    T_STATUS(parse("study: r\nrank: {study: zoo}\nseeds: 2\n", zoo, &study), ER_OK, "a ranking");
    if (!study) return;
    T_OK(er_study_reads(study) == zoo && !er_study_reads(zoo), "reads the zoo, which reads nothing");
    T_EQ_INT(er_study_runs(study), 2 * WORDS, "runs: two seeds of each");
    for (int i = 0; i < WORDS && er_study_runs(study) == 2 * WORDS; i++)
        T_EQ_STR(er_point_text(er_study_point(study, 2 * i), "rank.measure", ""), word[i], "measure %d", i);
    T_STATUS(er_study_heads(study, &runs, &curves, &err), ER_OK, "its columns");
    T_OK(er_table_find(&runs, "psi_width") > 0 && er_table_find(&runs, "psi_rate") > 0 &&
             er_table_find(&runs, "sign_error_rate") > 0 && er_table_find(&runs, "psi_activation") < 0,
         "among them one for each hyper-parameter that varies");
    er_table_clear(&runs);
    er_table_clear(&curves);
    er_study_free(study);
    study = NULL;
    T_STATUS(parse("study: r\nrank: {study: zoo, measure: train_loss}\n", zoo, &study), ER_OK, "one measure");
    if (study) {
        int64_t figures;
        er_study_figures(study, &figures);
        T_EQ_INT(er_study_runs(study), 1, "is no axis");
        T_EQ_INT(figures, 0, "and there is nothing to compare it with");
    }
    er_study_free(study);
    T_ALLOCATIONS(parse("study: r\nrank: {study: zoo, parameters: 'rate'}\n", zoo, &study),
                  er_study_free(study), "every allocation of a study that reads another may fail");
}

/* Of a very large study not even the grid is laid out for another. */
static void check_limit(void)
{
    struct er_study *large = NULL, *study = NULL;
    char text[1024];
    T_STATUS(parse("study: zoo\ndata: {name: two-spirals}\nmodel: [dense]\ntrain: {}\nseeds: 100001\n", NULL,
                   &large),
             ER_OK, "a large study");
    T_STATUS(parse("study: r\nrank: {study: zoo}\n", large, &study), ER_E_LIMIT, "is not read");
    T_EQ_STR(er_error_text(&err, text, sizeof text),
             "n.md:12:15: rank.study: zoo has 100001 runs; results of at most 100000 are read", "message");
    er_study_free(study);
    er_study_free(large);
}

/* In a note it may name what stands above it, and no other. */
static void check_note(void)
{
    static const char above[] =
        "# N\n\n```ermine\n" ZOO "```\n\n```ermine\nstudy: r\nrank: {study: zoo}\n```\n";
    static const char below[] =
        "# N\n\n```ermine\nstudy: r\nrank: {study: zoo}\n```\n\n```ermine\n" ZOO "```\n";
    struct er_note *note = NULL;
    char text[1024];
    T_STATUS(er_note_parse(above, sizeof above - 1, "n.md", &note, &err), ER_OK, "a note");
    if (note) {
        const struct er_study *study = er_note_study(note, 1, &err);
        T_OK(study && er_study_reads(study) == er_note_study(note, 0, NULL), "the study above");
    }
    er_note_free(note);
    note = NULL;
    T_STATUS(er_note_parse(below, sizeof below - 1, "n.md", &note, &err), ER_OK, "the other way round");
    if (note) {
        T_OK(!er_note_study(note, 0, &err), "is an error of the block");
        T_EQ_STR(er_error_text(&err, text, sizeof text),
                 "n.md:5:15: rank.study: there is no study 'zoo' further up in this note", "which says so");
    }
    er_note_free(note);
}

/* The ranking's table as text, freed by er_free(). */
static char *csv_of(struct er_store *store, const struct er_study *study)
{
    struct er_table table = {0};
    char *text = NULL;
    T_STATUS(er_study_table(store, study, &nowhere, &table, &err), ER_OK, "table");
    if (table.memory) er_table_csv(&table, &text, NULL);
    er_table_clear(&table);
    return text ? text : er_strdup("");
}

static double value_of(struct er_store *store, const struct er_study *study, int64_t row, const char *column)
{
    struct er_table table = {0};
    double value = (double)NAN;
    T_STATUS(er_study_table(store, study, &nowhere, &table, &err), ER_OK, "table");
    const int64_t c = er_table_find(&table, column);
    if (c >= 0 && row < table.rows) value = table.cell[row * table.columns + c].number;
    er_table_clear(&table);
    return value;
}

/* A zoo of the given epochs with a ranking of it, in a store. */
static void run_both(struct er_store *store, struct er_pool *pool, const char *yaml, int64_t trained,
                     int64_t ranked, const char *name)
{
    struct er_study *zoo = NULL, *ranking = NULL;
    struct er_study_outcome did = {0};
    T_STATUS(parse(yaml, NULL, &zoo), ER_OK, "%s: zoo", name);
    T_STATUS(parse("study: r\nrank: {study: zoo}\n", zoo, &ranking), ER_OK, "%s: ranking", name);
    if (zoo && ranking) {
        T_STATUS(er_study_run(store, zoo, &nowhere, pool, NULL, &did, &err), ER_OK, "%s: train", name);
        T_EQ_INT(did.computed, trained, "%s: networks", name);
        T_STATUS(er_study_run(store, ranking, &nowhere, pool, NULL, &did, &err), ER_OK, "%s: rank", name);
        T_EQ_INT(did.computed, ranked, "%s: measures", name);
    }
    er_study_free(ranking);
    er_study_free(zoo);
}

static void check_store(const char *folder, const struct er_study *zoo)
{
    char path[128];
    struct er_store *store = NULL;
    struct er_pool *one = NULL, *three = NULL;
    struct er_study *ranking = NULL;
    struct er_recheck found = {0};
    struct er_provenance p;
    const struct er_recheck_options everything = {0};
    snprintf(path, sizeof path, "%s/reads.db", folder);
    T_STATUS(er_store_open(path, false, &store, &err), ER_OK, "store");
    T_STATUS(er_pool_new(1, &one, &err), ER_OK, "pool");
    T_STATUS(er_pool_new(3, &three, &err), ER_OK, "pool");
    T_STATUS(parse("study: r\nrank: {study: zoo}\n", zoo, &ranking), ER_OK, "ranking");
    T_STATUS(er_study_run(store, ranking, &nowhere, one, NULL, NULL, &err), ER_E_NOT_FOUND, "before its zoo");
    T_EQ_STR(err.msg, "study r reads the results of zoo, of which 0 of 8 runs are in the store", "message");
    run_both(store, one, ZOO, 8, 7, "first");
    run_both(store, one, ZOO, 0, 0, "again");
    T_OK(value_of(store, ranking, 2, "tau_b") > 0.999 && value_of(store, ranking, 2, "models") == 8,
         "the oracle is perfect");
    T_OK(value_of(store, ranking, 0, "psi_rate") == 0 && fabs(value_of(store, ranking, 0, "psi_width")) > 0,
         "the number of parameters is the same for all rates");
    T_STATUS(er_study_provenance(store, ranking, &nowhere, &p, &err), ER_OK, "provenance");
    T_OK(p.present == 7 && p.data_sets == 1 && strlen(p.checksum) == 64, "the zoo is its data");
    T_STATUS(er_study_recheck(store, ranking, &nowhere, three, NULL, &everything, &found, &err), ER_OK,
             "computed again on three threads");
    T_OK(found.checked == 7 && found.differing == 0, "the same bits");
    er_recheck_clear(&found);
    char *before = csv_of(store, ranking);
    run_both(store, one, ZOO "title: Another title\n", 0, 0, "a title changes nothing");
    run_both(store, one, LONGER, 8, 7, "a zoo of more epochs is another, and so is its ranking");
    char *after = csv_of(store, ranking);
    T_EQ_STR(after, before, "the first has kept its own");
    er_free(before);
    er_free(after);
    er_study_free(ranking);
    er_pool_free(one);
    er_pool_free(three);
    er_store_close(store);
}

static void write_file(const char *path, double turn)
{
    FILE *file = fopen(path, "w");
    if (!file) abort();
    fprintf(file, "width,depth,gap,path_norm,mine\n");
    for (int w = 0; w < 3; w++)
        for (int d = 0; d < 3; d++)
            fprintf(file, "%d,%d,%g,%d,%g\n", 8 << w, d, 0.1 * w + 0.01 * d, 100 * w + d, turn * (w - d));
    fclose(file);
}

/* Models from a file beside the study: known measures and columns of one's own; another file is another ranking. */
static void check_file(const char *folder)
{
    char path[128], store_path[128], file[128], text[1024];
    static const char yaml[] =
        "study: f\nrank: {file: zoo.csv, measure: [path_norm, mine, oracle], parameters: "
        "'depth, width'}\n";
    static const char wrong[] = "study: f\nrank: {file: zoo.csv, measure: mien}\n";
    struct er_store *store = NULL;
    struct er_pool *pool = NULL;
    struct er_study *study = NULL, *other = NULL;
    struct er_study_outcome did = {0};
    snprintf(path, sizeof path, "%s/f.yaml", folder);
    snprintf(file, sizeof file, "%s/zoo.csv", folder);
    snprintf(store_path, sizeof store_path, "%s/file.db", folder);
    const struct er_study_origin origin = {.file = path, .line = 1};
    T_STATUS(er_store_open(store_path, false, &store, &err), ER_OK, "store");
    T_STATUS(er_pool_new(1, &pool, &err), ER_OK, "pool");
    T_STATUS(er_study_parse(yaml, sizeof yaml - 1, &origin, &study, &err), ER_OK, "models of a file");
    T_STATUS(er_study_parse(wrong, sizeof wrong - 1, &origin, &other, &err), ER_OK, "a column that it lacks");
    T_STATUS(er_study_run(store, study, &nowhere, pool, NULL, &did, &err), ER_E_NOT_FOUND, "no file yet");
    write_file(file, 1);
    T_STATUS(er_study_run(store, study, &nowhere, pool, NULL, &did, &err), ER_OK, "run");
    T_OK(value_of(store, study, 0, "psi") == 1 && value_of(store, study, 0, "psi_depth") == 1,
         "a known measure");
    T_OK(value_of(store, study, 1, "psi_width") == 1 && value_of(store, study, 1, "psi_depth") == -1,
         "one of one's own");
    write_file(file, -1);
    T_STATUS(er_study_run(store, study, &nowhere, pool, NULL, &did, &err), ER_OK, "the file changes");
    T_OK(did.computed == 3 && value_of(store, study, 1, "psi_width") == -1, "computed anew");
    T_STATUS(er_study_run(store, other, &nowhere, pool, NULL, &did, &err), ER_E_NOT_FOUND, "a wrong name");
    er_error_text(&err, text, sizeof text);
    T_OK(strstr(text, "zoo.csv: there is no column \"mien\"; did you mean \"mine\"?"), "message: %s", text);
    er_study_free(study);
    er_study_free(other);
    er_pool_free(pool);
    er_store_close(store);
}

int main(void)
{
    char folder[64];
    struct er_study *zoo = NULL;
    T_OK(scratch_make(folder) != NULL, "scratch folder");
    T_STATUS(parse(ZOO, NULL, &zoo), ER_OK, "the zoo");
    if (zoo) {
        check_errors(zoo);
        check_axis(zoo);
        check_limit();
        check_note();
        check_store(folder, zoo);
        check_file(folder);
    }
    er_study_free(zoo);
    scratch_remove(folder);
    return t_done();
}
