/* run_columns.c - the columns of a study's runs: the experiment's, then one for each measure asked for. */
#include "study/study.h"

#include <ermine/measure.h>
#include <string.h>

static int64_t count(const struct er_column *column)
{
    int64_t n = 0;
    while (column[n].name) n++;
    return n;
}

enum er_status er_study_run_columns(struct er_study *study, struct er_error *err)
{
    int64_t measures, n = count(study->experiment->run_column);
    const char *words = er_point_text(&study->point[0], "measures", "");
    er_measure_list(&measures);
    struct er_column *column = er_arena_alloc(study->arena, n + measures + 1, sizeof *column);
    if (!column) return er_fail(err, ER_E_NOMEM, "study: out of memory");
    memcpy(column, study->experiment->run_column, (size_t)n * sizeof *column);
    for (const struct er_measure *measure; (measure = er_measure_next(&words));)
        column[n++] = (struct er_column){.name = measure->name,
                                         .unit = measure->unit,
                                         .help = measure->help,
                                         .logarithmic = measure->logarithmic};
    study->run_column = column;
    return ER_OK;
}
