/* Stored runs computed again: equal, however they were computed; one changed bit is found and named; what
 * another machine or version stored is explained; the store stays as it is.
 */
#include "t.h"

#include "study/job.h"
#include "support/fake_job.h"
#include "support/scratch.h"
#include "support/store_ask.h"

#include <ermine/hash.h>
#include <ermine/version.h>

static struct er_error err;
static char folder[64];
static const struct er_data_places nowhere;
static const struct er_recheck_options everything;

static const char *at(const char *name)
{
    static char path[8][160];
    static int next;
    next = (next + 1) % 8;
    snprintf(path[next], sizeof path[next], "%s/%s", folder, name);
    return path[next];
}

static struct er_job *filled(const char *name, struct er_store **store, struct er_pool **pool)
{
    static const struct fake_options options = {
        .widths = 4, .seeds = 3, .steps = 6, .fail_run = -1, .equal_widths = 2};
    struct er_job *job = fake_job_new(&options);
    T_STATUS(er_pool_new(3, pool, &err), ER_OK, "pool");
    T_STATUS(er_store_open(at(name), false, store, &err), ER_OK, "store");
    T_STATUS(er_job_run(*store, job, NULL, *pool, NULL, NULL, &err), ER_OK, "run");
    return job;
}

static const char *word(const struct er_table *table, int64_t row, const char *column)
{
    int64_t c = er_table_find(table, column);
    return c >= 0 && table->cell[row * table->columns + c].text ? table->cell[row * table->columns + c].text
                                                                : "";
}

static double number(const struct er_table *table, int64_t row, const char *column)
{
    int64_t c = er_table_find(table, column);
    return c >= 0 ? table->cell[row * table->columns + c].number : (double)NAN;
}

/* Nine keys: the widths 1 and 2 have equal ones. Every third run has diverged, with NaN among its results. */
static void equal(void)
{
    struct er_store *store = NULL;
    struct er_pool *pool = NULL;
    struct er_recheck found = {0};
    char before[ER_SHA256_HEX], after[ER_SHA256_HEX];
    struct er_job *job = filled("equal.db", &store, &pool);
    er_store_close(store); /* the log goes into the file */
    T_STATUS(er_sha256_file(at("equal.db"), before, &err), ER_OK, "hash");
    T_STATUS(er_store_open(at("equal.db"), true, &store, &err), ER_OK, "for reading");
    T_STATUS(er_job_recheck(store, job, NULL, pool, NULL, &everything, &found, &err), ER_OK, "recheck");
    T_EQ_INT(found.runs, 9, "runs, each key once");
    T_EQ_INT(found.stored, 9, "all stored");
    T_EQ_INT(found.checked, 9, "all computed again");
    T_EQ_INT(found.numbers, 9 * (2 + 2 * 7), "two results and two curves of seven records each");
    T_EQ_INT(found.differing, 0, "none differs");
    T_EQ_INT(found.differences.rows, 0, "the table is empty");
    er_recheck_clear(&found);
    T_ALLOCATIONS(er_job_recheck(store, job, NULL, NULL, NULL, &everything, &found, NULL),
                  er_recheck_clear(&found), "recheck");
    er_store_close(store);
    T_STATUS(er_sha256_file(at("equal.db"), after, &err), ER_OK, "hash");
    T_EQ_STR(after, before, "the store's bytes stay as they are");
    er_pool_free(pool);
    fake_job_free(job);
}

static void sample(void)
{
    struct er_store *store = NULL;
    struct er_pool *pool = NULL;
    struct er_job *job = filled("sample.db", &store, &pool);
    int64_t seen = 0, first[2] = {0};
    /* Every result is changed: the table says which runs were drawn. */
    store_ask(store, "UPDATE results SET value = 7 WHERE name = 'steps'");
    for (uint64_t seed = 0; seed < 40; seed++)
        for (int again = 0; again < 2; again++) {
            const struct er_recheck_options two = {.runs = 2, .seed = seed};
            struct er_recheck found = {0};
            T_STATUS(er_job_recheck(store, job, NULL, pool, NULL, &two, &found, &err), ER_OK, "recheck");
            if (found.checked != 2 || found.differences.rows != 2) {
                T_OK(false, "two runs are drawn, not %" PRId64, found.checked);
                return;
            }
            int64_t drawn = 0;
            for (int64_t i = 0; i < 2; i++)
                drawn |= INT64_C(1) << (int)(4 * (number(&found.differences, i, "width") - 1) +
                                             number(&found.differences, i, "seed"));
            first[again] = drawn;
            seen |= drawn;
            if (again) T_EQ_INT(first[1], first[0], "seed %d draws the same again", (int)seed);
            er_recheck_clear(&found);
        }
    /* A run is missed by 40 seeds with probability (7/9)^40 = 4e-5; the draw is a fixed function. */
    T_EQ_INT(seen, 0x7707, "forty seeds draw all nine runs");
    er_store_close(store);
    er_pool_free(pool);
    fake_job_free(job);
}

static void tampered(void)
{
    struct er_store *store = NULL;
    struct er_pool *pool = NULL;
    struct er_recheck found = {0};
    struct er_job *job = filled("tampered.db", &store, &pool);
    /* A result in its last bit, one record of a curve (the sign bit), the word for how a run ended, and a
     * result that is gone. The rows of `runs` are in the order in which runs ended. */
    store_ask(store, "UPDATE results SET value = value * (1 + 2.3e-16) WHERE name = 'x' AND run ="
                     " (SELECT id FROM runs WHERE point LIKE 'width = 1%seed = 0%')");
    store_ask(
        store,
        "UPDATE curves SET value = CAST(substr(value, 1, 23) || x'80' || substr(value, 25) AS BLOB) WHERE"
        " name = 'x' AND run = (SELECT id FROM runs WHERE point LIKE 'width = 3%seed = 1%')");
    store_ask(store, "UPDATE runs SET outcome = 'epochs' WHERE point LIKE 'width = 4%seed = 2%'");
    store_ask(store, "DELETE FROM results WHERE name = 'steps' AND run ="
                     " (SELECT id FROM runs WHERE point LIKE 'width = 4%seed = 0%')");
    T_STATUS(er_job_recheck(store, job, NULL, pool, NULL, &everything, &found, &err), ER_OK, "recheck");
    const struct er_table *t = &found.differences;
    T_EQ_INT(found.checked, 9, "all are computed again");
    T_EQ_INT(found.differing, t->rows, "a row a run here");
    T_EQ_INT(t->rows, 4, "what differs");
    if (t->rows == 4) {
        T_OK(number(t, 0, "width") < 1.5 && number(t, 0, "seed") < 0.5, "the run by its settings");
        T_EQ_STR(word(t, 0, "column"), "x", "a result");
        T_OK(strcmp(word(t, 0, "stored"), word(t, 0, "recomputed")) != 0 && isnan(number(t, 0, "record")),
             "stored %s, recomputed %s", word(t, 0, "stored"), word(t, 0, "recomputed"));
        T_CLOSE(strtod(word(t, 0, "stored"), NULL), strtod(word(t, 0, "recomputed"), NULL), 1e-15,
                "which differ in the last place");
        T_CLOSE(number(t, 1, "width"), 3, 0, "in grid order");
        T_EQ_STR(word(t, 1, "column"), "x", "a curve");
        T_CLOSE(number(t, 1, "record"), 2, 0, "the record, from 0");
        T_CLOSE(number(t, 1, "numbers"), 1, 0, "of one number");
        T_EQ_STR(word(t, 2, "column"), "steps", "a result that is gone");
        T_EQ_STR(word(t, 2, "stored"), "absent", "is absent");
        T_EQ_STR(word(t, 2, "recomputed"), "6", "and comes again");
        T_EQ_STR(word(t, 3, "column"), "outcome", "how a run ended");
        T_EQ_STR(word(t, 3, "recomputed"), "diverged", "is compared too");
    }
    er_recheck_clear(&found);
    store_ask(store, "UPDATE curves SET value = substr(value, 1, 16) WHERE name = 'step'");
    T_STATUS(er_job_recheck(store, job, NULL, pool, NULL, &everything, &found, &err), ER_E_IO,
             "curves of different lengths are damage");
    er_store_close(store);
    er_pool_free(pool);
    fake_job_free(job);
}

static void missing(void)
{
    struct er_store *store = NULL;
    struct er_pool *pool = NULL;
    struct er_recheck found = {0};
    struct er_job *job = filled("missing.db", &store, &pool);
    store_ask(store, "DELETE FROM runs WHERE point LIKE 'width = 3%'");
    T_STATUS(er_job_recheck(store, job, NULL, pool, NULL, &everything, &found, &err), ER_OK, "recheck");
    T_OK(found.runs == 9 && found.stored == 6 && found.checked == 6 && found.differing == 0,
         "runs that are not there are counted, the rest is compared");
    T_OK(found.of_isa + found.of_arithmetic + found.of_data == 0 && !found.version[0],
         "nor are they anywhere else");
    er_recheck_clear(&found);
    T_ALLOCATIONS(er_job_recheck(store, job, NULL, NULL, NULL, &everything, &found, NULL),
                  er_recheck_clear(&found), "recheck where runs are missing");
    T_EQ_INT(store_ask(store, "SELECT count(*) FROM runs"), 6, "and not added");
    er_store_close(store);
    er_pool_free(pool);
    fake_job_free(job);
}

/* A real training: computed on one thread, checked on three; then under the keys of other machines. */
static void trained(void)
{
    static const char yaml[] = "study: spirals\n"
                               "data: {name: two-spirals, train: 60, test: 40, noise: [0, 0.1]}\n"
                               "model: [dense 8, tanh, dense]\n"
                               "train: {sgd: {rate: 0.1, batch: 20}, epochs: 3}\n"
                               "seeds: 2\n";
    const struct er_study_origin origin = {.file = "spirals.yaml", .line = 1};
    struct er_study *study = NULL;
    struct er_store *store = NULL;
    struct er_pool *one = NULL, *three = NULL;
    struct er_recheck found = {0};
    T_STATUS(er_study_parse(yaml, strlen(yaml), &origin, &study, &err), ER_OK, "parse");
    T_STATUS(er_pool_new(1, &one, &err), ER_OK, "pool");
    T_STATUS(er_pool_new(3, &three, &err), ER_OK, "pool");
    T_STATUS(er_store_open(at("trained.db"), false, &store, &err), ER_OK, "store");
    T_STATUS(er_study_run(store, study, &nowhere, one, NULL, NULL, &err), ER_OK, "run");
    T_STATUS(er_study_recheck(store, study, &nowhere, three, NULL, &everything, &found, &err), ER_OK,
             "recheck");
    T_OK(found.checked == 4 && found.differing == 0 && found.numbers == 4 * (12 + 7 * 4),
         "four trainings come out again: %" PRId64 " numbers", found.numbers);
    er_recheck_clear(&found);
    store_ask(store, "UPDATE runs SET key = 'a' || id, point = replace(point, 'isa = ', 'isa = other-')"
                     " WHERE id = 1");
    store_ask(store, "UPDATE runs SET key = 'b' || id, point = replace(point, 'experiment = train ',"
                     " 'experiment = train 0.'), version = '0.0.9' WHERE id = 2");
    store_ask(store, "UPDATE runs SET key = 'c' || id, point = replace(point, 'checksum = ', 'checksum = 0')"
                     " WHERE id = 3");
    T_STATUS(er_study_recheck(store, study, &nowhere, three, NULL, &everything, &found, &err), ER_OK,
             "recheck");
    T_EQ_INT(found.stored, 1, "one is still there under its key");
    T_OK(found.of_isa == 1 && found.of_arithmetic == 1 && found.of_data == 1,
         "one each of another instruction set (%" PRId64 "), arithmetic (%" PRId64 "), data (%" PRId64 ")",
         found.of_isa, found.of_arithmetic, found.of_data);
    T_OK(strncmp(found.isa, "other-", 6) == 0 && strcmp(found.isa + 6, er_isa()) == 0, "from %s", found.isa);
    T_EQ_STR(found.version, "0.0.9", "by version");
    T_EQ_INT(found.differing, 0, "none of them differs");
    er_recheck_clear(&found);
    er_store_close(store);
    er_study_free(study);
    er_pool_free(one);
    er_pool_free(three);
}

int main(void)
{
    T_OK(scratch_make(folder) != NULL, "scratch folder");
    equal();
    sample();
    tampered();
    missing();
    trained();
    scratch_remove(folder);
    return t_done();
}
