/* The experiment `rank` on zoos whose results are written by hand: the models that are compared, values against the library's
 * own ranking of the same table, directions, sizes of training sets.
 */
#include "t.h"

#include "experiments/rank_keys.h"
#include "experiments/rank_models.h"
#include "study/study.h"
#include "support/zoo.h"

#include <ermine/rank_scores.h>

static struct er_error err;

enum { MOST_VALUES = 96 };

/* What an experiment hands over, of each run. */
struct outcome {
    double value[64][MOST_VALUES];
    char why[64][16];
    int64_t values, skip;
};

static enum er_status on_begin(void *ctx, int64_t run, bool *skip, const void **state, size_t *bytes,
                               struct er_error *error)
{
    const struct outcome *o = ctx;
    (void)error;
    *skip = run == o->skip;
    *state = NULL;
    *bytes = 0;
    return ER_OK;
}

static enum er_status on_end(void *ctx, int64_t run, const struct er_record *record, struct er_error *error)
{
    struct outcome *o = ctx;
    (void)error;
    memcpy(o->value[run], record->value, (size_t)o->values * sizeof(double));
    snprintf(o->why[run], sizeof o->why[run], "%s", record->outcome);
    return ER_OK;
}

static int64_t column_of(const struct er_study *study, const char *name)
{
    for (int64_t c = 0; study->run_column[c].name; c++)
        if (strcmp(study->run_column[c].name, name) == 0) return c;
    abort();
}

/* Runs the ranking `line` of the zoo on so many threads. */
static enum er_status rank(const struct zoo *zoo, const char *line, int threads, struct er_study **study,
                           struct outcome *o)
{
    const struct er_study *earlier = zoo->study;
    const struct er_study_origin origin = {.file = "n.md", .line = 1, .earlier = &earlier, .n_earlier = 1};
    const struct er_run_events events = {.ctx = o, .begin = on_begin, .end = on_end, .source = &zoo->source};
    const struct er_data_places nowhere = {0};
    struct er_pool *pool = NULL;
    char yaml[400];
    snprintf(yaml, sizeof yaml, "study: r\nrank: {study: zoo, %s}\n", line);
    T_STATUS(er_study_parse(yaml, strlen(yaml), &origin, study, &err), ER_OK, "%s", line);
    T_STATUS(er_pool_new(threads, &pool, &err), ER_OK, "pool");
    o->values = 0;
    o->skip = -1;
    while ((*study)->run_column[o->values].name) o->values++;
    if (o->values > MOST_VALUES || (*study)->runs > 64) abort();
    const enum er_status status =
        (*study)->experiment->run((*study)->point, (*study)->runs, &nowhere, pool, NULL, &events, &err);
    er_pool_free(pool);
    return status;
}

static double value(const struct er_study *study, const struct outcome *o, int64_t run, const char *column)
{
    return o->value[run][column_of(study, column)];
}

/* Gaps that rise with width and with the rate, and fall with depth; a measure that knows the width alone, one that says the
 * opposite, one that most models lack. */
static void fill(const struct zoo *zoo)
{
    for (int64_t i = 0; i < zoo->source.runs; i++) {
        const bool wide = strstr(zoo_cell(zoo, i, "model")->text, " 8") != NULL,
                   deep = strstr(zoo_cell(zoo, i, "model")->text, "depth=2") != NULL;
        const double rate = er_point_real(&zoo->source.point[i], "train.sgd.rate", 0),
                     m = er_point_real(&zoo->source.point[i], "data.train", 0);
        const double gap = 0.3 + 0.16 * wide - 0.12 * deep + 0.02 * rate + 0.0001 * m +
                           0.0005 * (double)zoo->source.point[i].seed + 1e-6 * (double)(i * 7 % 31);
        zoo_cell(zoo, i, "gap")->number = gap;
        zoo_cell(zoo, i, "train_loss")->number = -gap;
        zoo_cell(zoo, i, "parameter_count")->number = wide ? 80 : 40;
        zoo_cell(zoo, i, "test_error")->number = i % 3 ? (double)NAN : gap;
    }
}

static void check_values(void)
{
    struct zoo zoo;
    struct er_study *study = NULL;
    static struct outcome o, again;
    zoo_open(&zoo, ZOO_GRID);
    fill(&zoo);
    T_STATUS(rank(&zoo, "measure: [oracle, parameter_count, train_loss, lambda_max, test_error, random]", 1,
                  &study, &o),
             ER_OK, "six measures");
    const double n = (double)zoo.source.runs;
    T_OK(value(study, &o, 0, "tau_b") > 1 - 1e-12 && value(study, &o, 0, "psi") > 1 - 1e-12 &&
             value(study, &o, 0, "cmi") > 1 - 1e-9 && value(study, &o, 0, "robust_sign_error") == 0,
         "the oracle is perfect");
    T_OK(value(study, &o, 0, "models") == n && value(study, &o, 0, "configurations") == n / 2 &&
             value(study, &o, 0, "dropped") == 0,
         "all models, two of each configuration");
    T_CLOSE(value(study, &o, 1, "psi_width"), 1, 1e-12, "who knows the width is right about it");
    T_OK(value(study, &o, 1, "psi_depth") == 0 && value(study, &o, 1, "sign_error_depth") == 0.5,
         "and says nothing of depth");
    T_CLOSE(value(study, &o, 1, "psi"), 1.0 / 5, 1e-12,
            "Psi is the mean over those that have lines: no two models differ in the optimiser alone");
    T_CLOSE(value(study, &o, 2, "psi"), -1, 1e-12, "the opposite is wrong everywhere");
    T_CLOSE(value(study, &o, 2, "robust_sign_error"), 1, 1e-12, "in each environment");
    T_CLOSE(value(study, &o, 2, "cmi"), value(study, &o, 0, "cmi"), 1e-9, "K does not see it");
    T_EQ_STR(o.why[3], "missing", "a measure that no model has");
    T_OK(value(study, &o, 3, "missing") == n && isnan(value(study, &o, 3, "psi")), "is missing");
    T_OK(value(study, &o, 4, "models") < n && value(study, &o, 4, "tau_b") > 1 - 1e-12,
         "one that a third has is compared on these");
    T_OK(value(study, &o, 0, "tau_b_low") <= 1 &&
             value(study, &o, 1, "psi_low") <= value(study, &o, 1, "psi") &&
             value(study, &o, 1, "psi") <= value(study, &o, 1, "psi_high"),
         "intervals are around the values");
    T_OK(value(study, &o, 1, "direction") == 1, "its direction");
    er_study_free(study);
    T_STATUS(rank(&zoo, "measure: [train_loss, parameter_count]", 3, &study, &again), ER_OK,
             "some of them, three threads");
    T_OK(memcmp(again.value[0], o.value[2], (size_t)o.values * sizeof(double)) == 0 &&
             memcmp(again.value[1], o.value[1], (size_t)o.values * sizeof(double)) == 0,
         "the same bits: a run depends on no other");
    er_study_free(study);
    T_STATUS(rank(&zoo, "measure: train_loss, direction: -1, parameters: 'rate, width'", 1, &study, &again),
             ER_OK, "turned round");
    T_CLOSE(value(study, &again, 0, "psi"), 1, 1e-12, "a smaller value is to predict a larger gap");
    T_OK(isnan(value(study, &again, 0, "psi_depth")) && value(study, &again, 0, "configurations") == 4,
         "configurations are those of the hyper-parameters that are named");
    er_study_free(study);
    zoo_close(&zoo);
}

/* The numbers are those of er_rank() on the same table. */
static void check_against_library(void)
{
    struct zoo zoo;
    struct er_study *study = NULL;
    static struct outcome o;
    struct er_rank_models models;
    struct er_rank_table kept;
    const int64_t *row;
    struct er_rank_results results = {0};
    struct er_arena *arena;
    static const char *const nothing[] = {NULL};
    zoo_open(&zoo, ZOO_GRID);
    fill(&zoo);
    for (int64_t i = 0; i < zoo.source.runs; i++)
        zoo_cell(&zoo, i, "train_loss")->number = (double)(i * 37 % 101);
    T_STATUS(rank(&zoo, "measure: train_loss, environments: levels, resamples: 20", 1, &study, &o), ER_OK,
             "ranked");
    T_STATUS(er_rank_models_new(&study->point[0], &zoo.source, NULL, nothing, &models, &err), ER_OK,
             "models");
    T_EQ_INT(models.test_size, 500, "test examples, by the study");
    T_STATUS(er_arena_new(SIZE_MAX / 2, &arena, &err), ER_OK, "arena");
    T_STATUS(er_rank_models_keep(&models, 0.5, arena, &kept, &row, &err), ER_OK, "those that are compared");
    double *loss = er_arena_alloc(arena, kept.n, sizeof *loss);
    for (int64_t i = 0; i < kept.n; i++) loss[i] = zoo_cell(&zoo, row[i], "train_loss")->number;
    const struct er_rank_measure measure = {.name = "loss", .value = loss, .direction = 1};
    kept.measure = &measure;
    kept.measures = 1;
    struct er_rank_options options = er_rank_options_default();
    options.environments = ER_RANK_ENVIRONMENTS_LEVELS;
    options.each_by_itself = true;
    options.test_size = 500;
    options.resamples = 20;
    T_STATUS(er_rank(&kept, &options, NULL, NULL, &results, &err), ER_OK, "by the library");
    const struct er_rank_result *r = &results.result[0];
    const struct {
        const char *column;
        double want;
    } same[] = {{"tau_a", r->tau_a.value},
                {"tau_a_low", r->tau_a.low},
                {"tau_a_high", r->tau_a.high},
                {"tau_b_low", r->tau_b.low},
                {"psi", r->psi.value},
                {"psi_high", r->psi.high},
                {"cmi", r->cmi.value},
                {"cmi_high", r->cmi.high},
                {"cmi_one", r->cmi_by_size[1]},
                {"sign_error_mean", r->sign.mean.value},
                {"sign_error_p90", r->sign.p90},
                {"robust_sign_error", r->sign.max.value},
                {"environments", (double)r->sign.environments},
                {"pgdl_strict", r->pgdl_strict},
                {"psi_rate", r->psi_axis[4].value},
                {"sign_error_width", r->sign_axis[1].mean.value}};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        T_OK(value(study, &o, 0, same[i].column) == same[i].want, "%s: %g", same[i].column, same[i].want);
    er_rank_results_clear(&results);
    er_arena_free(arena);
    er_rank_models_clear(&models);
    er_study_free(study);
    zoo_close(&zoo);
}

/* Runs that ended otherwise, models without a measure, sizes. */
static void check_models(void)
{
    struct zoo zoo;
    struct er_study *study = NULL;
    static struct outcome o;
    zoo_open(&zoo, ZOO_GRID);
    fill(&zoo);
    const double n = (double)zoo.source.runs;
    zoo_cell(&zoo, 0, "outcome")->text = "diverged";
    zoo_cell(&zoo, 1, "outcome")->text = "train_error";
    zoo_cell(&zoo, 2, "parameter_count")->number = (double)NAN;
    T_STATUS(rank(&zoo, "measure: [oracle, parameter_count]", 1, &study, &o), ER_OK,
             "all that did not diverge");
    T_OK(value(study, &o, 0, "models") == n - 2 && value(study, &o, 0, "dropped") == 2,
         "less one that diverged, and one that lacks a measure: for the oracle too");
    er_study_free(study);
    T_STATUS(rank(&zoo, "measure: oracle, least_share: 1", 1, &study, &o), ER_OK, "unless all must have it");
    T_EQ_INT((int64_t)value(study, &o, 0, "models"), (int64_t)n - 1,
             "a measure that one lacks counts for itself");
    er_study_free(study);
    T_STATUS(rank(&zoo, "measure: oracle, outcome: epochs", 1, &study, &o), ER_OK, "one outcome");
    T_OK(value(study, &o, 0, "models") == n - 3 && value(study, &o, 0, "dropped") == 3, "fewer");
    er_study_free(study);
    study = NULL;
    T_STATUS(rank(&zoo, "measure: oracle, outcome: epoch", 1, &study, &o), ER_E_INPUT,
             "an outcome that there is not");
    T_EQ_STR(err.msg, "rank.outcome: no run ended by 'epoch'; there are: diverged, train_error, epochs",
             "message");
    T_OK(err.line == 2, "with its place");
    er_study_free(study);
    /* m sqrt-adjusted: a measure that is m itself, times 9 for wide ones, is compared as 1 or 3 */
    for (int64_t i = 0; i < zoo.source.runs; i++)
        zoo_cell(&zoo, i, "parameter_count")->number =
            er_point_real(&zoo.source.point[i], "data.train", 0) *
            (strstr(zoo_cell(&zoo, i, "model")->text, " 8") ? 9 : 1);
    T_STATUS(rank(&zoo, "measure: [parameter_count, oracle], train_size: data.train", 1, &study, &o), ER_OK,
             "sizes");
    T_OK(value(study, &o, 0, "psi_train") == 0 && value(study, &o, 0, "psi_width") > 0.99,
         "what grows with the training set alone says nothing");
    T_OK(value(study, &o, 1, "psi_train") > 0.99, "baselines are not divided");
    er_study_free(study);
    zoo_close(&zoo);
}

static enum er_status models_of(const struct zoo *zoo, const struct er_study *ranking,
                                struct er_rank_models *models)
{
    static const char *const nothing[] = {NULL};
    return er_rank_models_new(&ranking->point[0], &zoo->source, NULL, nothing, models, &err);
}

static void check_allocations(void)
{
    struct zoo zoo;
    struct er_study *study = NULL;
    static struct outcome o;
    struct er_rank_models models;
    zoo_open(&zoo, ZOO_GRID);
    fill(&zoo);
    T_STATUS(rank(&zoo, "measure: oracle", 1, &study, &o), ER_OK, "a ranking");
    T_ALLOCATIONS(models_of(&zoo, study, &models), er_rank_models_clear(&models), "models");
    er_study_free(study);
    zoo_close(&zoo);
}

int main(void)
{
    check_values();
    check_against_library();
    check_models();
    check_allocations();
    return t_done();
}
