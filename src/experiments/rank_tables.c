/* rank_tables.c - see rank_tables.h. */
#include "experiments/rank_tables.h"

#include "experiments/rank_axes.h"
#include "experiments/rank_keys.h"

#include <stdio.h>
#include <string.h>

const struct er_column er_rank_run_column[] = {
    [ER_RANK_TAU_A] =
        {"tau_a", "",
         "Kendall's tau of measure and gap: (concordant - discordant) / all pairs of configurations", false},
    [ER_RANK_TAU_A_LOW] = {"tau_a_low", "", "lower end of its interval by the bootstrap", false},
    [ER_RANK_TAU_A_HIGH] = {"tau_a_high", "", "upper end of its interval", false},
    [ER_RANK_TAU_B] = {"tau_b", "", "the same, with ties left out of the denominator", false},
    [ER_RANK_TAU_B_LOW] = {"tau_b_low", "", "lower end of its interval", false},
    [ER_RANK_TAU_B_HIGH] = {"tau_b_high", "", "upper end of its interval", false},
    [ER_RANK_PSI] =
        {"psi", "",
         "granulated coefficient: tau_a where one hyper-parameter changes alone, mean over lines, then over "
         "hyper-parameters (Jiang et al.)",
         false},
    [ER_RANK_PSI_LOW] = {"psi_low", "", "lower end of its interval", false},
    [ER_RANK_PSI_HIGH] = {"psi_high", "", "upper end of its interval", false},
    [ER_RANK_CMI] = {"cmi", "",
                     "K: conditional mutual information of the signs of measure and gap by the entropy of "
                     "the latter, least "
                     "over sets of at most two hyper-parameters; blind to the direction",
                     false},
    [ER_RANK_CMI_LOW] = {"cmi_low", "", "lower end of its interval", false},
    [ER_RANK_CMI_HIGH] = {"cmi_high", "", "upper end of its interval", false},
    [ER_RANK_CMI_CHANCE] = {"cmi_chance", "",
                            "what cmi of a measure that knows nothing stays below, at the level of the "
                            "intervals; it is never negative, so that its interval alone shows nothing",
                            false},
    [ER_RANK_CMI_NONE] = {"cmi_none", "", "the same, given no hyper-parameter", false},
    [ER_RANK_CMI_ONE] = {"cmi_one", "", "least of those given one", false},
    [ER_RANK_CMI_TWO] = {"cmi_two", "", "least of those given two", false},
    [ER_RANK_SIGN_MEAN] =
        {"sign_error_mean", "",
         "share of pairs that are ordered wrongly, mean over environments (Dziugaite et al.)", false},
    [ER_RANK_SIGN_MEAN_LOW] = {"sign_error_mean_low", "", "lower end of its interval", false},
    [ER_RANK_SIGN_MEAN_HIGH] = {"sign_error_mean_high", "", "upper end of its interval", false},
    [ER_RANK_SIGN_P90] = {"sign_error_p90", "", "90th percentile over environments", false},
    [ER_RANK_SIGN_MAX] = {"robust_sign_error", "", "largest over environments", false},
    [ER_RANK_SIGN_MAX_LOW] = {"robust_sign_error_low", "", "lower end of its interval", false},
    [ER_RANK_SIGN_MAX_HIGH] = {"robust_sign_error_high", "", "upper end of its interval", false},
    [ER_RANK_ENVIRONMENTS] = {"environments", "",
                              "pairs of configurations, or of levels, that sign errors are of", false},
    [ER_RANK_PGDL] = {"pgdl", "", "score of the PGDL competition as its program computes it, of 100", false},
    [ER_RANK_PGDL_LOW] = {"pgdl_low", "", "lower end of its interval", false},
    [ER_RANK_PGDL_HIGH] = {"pgdl_high", "", "upper end of its interval", false},
    [ER_RANK_PGDL_STRICT] = {"pgdl_strict", "",
                             "100 cmi: no pairs of a model with itself, blind to the direction", false},
    [ER_RANK_REGRESSION_1] =
        {"regression_1", "",
         "root mean squared error of the worst configuration, the gap being predicted linearly from the "
         "measure, by that of a constant",
         false},
    [ER_RANK_REGRESSION_2] = {"regression_2", "", "the same of the worst line along one hyper-parameter",
                              false},
    [ER_RANK_REGRESSION_3] = {"regression_3", "", "the same of the worst value of one hyper-parameter",
                              false},
    [ER_RANK_MODELS] = {"models", "", "that are compared", false},
    [ER_RANK_CONFIGURATIONS] = {"configurations", "", "of them; models where seeds are apart", false},
    [ER_RANK_DROPPED] = {"dropped", "models",
                         "runs that are not compared: diverged, ended otherwise, without a gap or a measure",
                         false},
    [ER_RANK_MISSING] = {"missing", "models", "models with a gap that lack this measure", false},
    [ER_RANK_DIRECTION] = {"direction", "", "1: a larger value is to predict a larger gap; -1: a smaller one",
                           false},
    [ER_RANK_RUN_COLUMNS] = {0},
};

const struct er_column er_rank_curve_column[] = {{0}};

/* Of one measure there is nothing to compare, and the rest is in the table of the page (src/note/ranking.h). */
const struct er_default_figure er_rank_figure[] = {
    {.mark = "bar", .x = "rank.measure", .y = "psi", .axes = ER_DEFAULT_SOME_AXES, .with = "rank.measure"},
    {.mark = "point",
     .x = "tau_a",
     .y = "psi",
     .axes = ER_DEFAULT_SOME_AXES,
     .with = "rank.measure",
     .at_y = "0",
     .y_label = "no better than chance"},
    {0},
};

/* Whether another of n names ends as name i does. */
static bool is_shared(const char *const *name, int64_t n, int64_t i)
{
    for (int64_t j = 0; j < n; j++)
        if (j != i && strcmp(er_rank_axes_tail(name[j]), er_rank_axes_tail(name[i])) == 0) return true;
    return false;
}

/* prefix_NAME, with '_' for what no column's name has; NULL when memory is out. */
static char *column_name(const char *prefix, const char *name, struct er_arena *arena)
{
    const size_t size = strlen(prefix) + strlen(name) + 1;
    char *text = er_arena_alloc(arena, (int64_t)size, 1);
    if (!text) return NULL;
    snprintf(text, size, "%s%s", prefix, name);
    for (char *c = text; *c; c++)
        if (*c == '.' || *c == '-') *c = '_';
    return text;
}

static char *help_text(const char *words, const char *name, struct er_arena *arena)
{
    const size_t size = strlen(words) + strlen(name) + 1;
    char *text = er_arena_alloc(arena, (int64_t)size, 1);
    if (text) snprintf(text, size, "%s%s", words, name);
    return text;
}

enum er_status er_rank_axis_names(const struct er_point *point, const struct er_source *source,
                                  struct er_arena *arena, const char *const **out, int64_t *n,
                                  struct er_error *err)
{
    struct er_rank_axes axes;
    enum er_status status;
    *n = 0;
    if (!source) {
        status = er_rank_keys_names(point, arena, out, err);
        while (status == ER_OK && *out && (*out)[*n]) ++*n;
        return status;
    }
    status = er_rank_axes(source, arena, &axes, err);
    if (status != ER_OK) return status;
    const char **name = er_arena_alloc(arena, axes.n, sizeof *name);
    if (!name) return er_fail(err, ER_E_NOMEM, "rank: out of memory for columns");
    for (; *n < axes.n; ++*n) name[*n] = axes.parameter[*n].name;
    *out = name;
    return ER_OK;
}

enum er_status er_rank_axis_columns(const struct er_point *point, const struct er_source *source,
                                    struct er_arena *arena, struct er_column **out, int64_t *n,
                                    struct er_error *err)
{
    static const char *const prefix[] = {[ER_RANK_AXIS_PSI] = "psi_", [ER_RANK_AXIS_SIGN] = "sign_error_"};
    static const char *const help[] = {[ER_RANK_AXIS_PSI] = "tau_a along lines of ",
                                       [ER_RANK_AXIS_SIGN] = "mean sign error where models differ in "};
    const char *const *name = NULL;
    int64_t axes;
    enum er_status status = er_rank_axis_names(point, source, arena, &name, &axes, err);
    if (status != ER_OK) return status;
    struct er_column *column = er_arena_alloc(arena, ER_RANK_AXIS_COLUMNS * axes, sizeof *column);
    bool made = column != NULL;
    *n = 0;
    for (int k = 0; made && k < ER_RANK_AXIS_COLUMNS; k++)
        for (int64_t i = 0; made && i < axes; i++) {
            const char *shown = is_shared(name, axes, i) ? name[i] : er_rank_axes_tail(name[i]);
            column[*n] = (struct er_column){.name = column_name(prefix[k], shown, arena),
                                            .unit = "",
                                            .help = help_text(help[k], name[i], arena)};
            made = column[*n].name && column[*n].help;
            ++*n;
        }
    *out = column;
    return made ? ER_OK : er_fail(err, ER_E_NOMEM, "rank: out of memory for columns");
}
