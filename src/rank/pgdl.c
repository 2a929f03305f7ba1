/* pgdl.c - the organisers' score of one measure by itself. */
#include <ermine/rank_scores.h>
#include <inttypes.h>
#include <math.h>

enum er_status er_rank_pgdl(const struct er_rank_table *table, const double *value, double *score,
                            struct er_error *err)
{
    for (int64_t i = 0; i < table->n; i++)
        if (!isfinite(value[i]) || !isfinite(table->gap[i]))
            return er_fail(err, ER_E_NONFINITE,
                           "PGDL score: model %" PRId64 " has the gap %g and the measure %g", i,
                           table->gap[i], value[i]);
    const struct er_rank_measure measure = {.name = "PGDL score", .value = value, .direction = 1};
    struct er_rank_table alone = *table;
    alone.measures = 1;
    alone.measure = &measure;
    alone.train_size = NULL;
    struct er_rank_options options = er_rank_options_default();
    options.resamples = 0;
    struct er_rank_results results = {0};
    enum er_status status = er_rank(&alone, &options, NULL, NULL, &results, err);
    if (status != ER_OK) return status;
    const struct er_rank_result *result = &results.result[0];
    if (result->pgdl_why)
        status = er_fail(err, ER_E_UNSUPPORTED, "PGDL score: %s", result->pgdl_why);
    else if (result->models > result->points)
        status = er_fail(err, ER_E_UNSUPPORTED, "PGDL score: a cell of the grid has several models");
    else
        *score = result->pgdl.value;
    er_rank_results_clear(&results);
    return status;
}
