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

static bool is_asked(const char *words, const char *name)
{
    const size_t n = strlen(name);
    for (const char *at = strstr(words, name); at; at = strstr(at + n, name))
        if ((at == words || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0')) return true;
    return false;
}

enum er_status er_study_run_columns(struct er_study *study, struct er_error *err)
{
    int64_t measures, n = count(study->experiment->run_column);
    const struct er_measure *const *measure = er_measure_list(&measures);
    const char *words = er_point_text(&study->point[0], "measures", "");
    struct er_column *column = er_arena_alloc(study->arena, n + measures + 1, sizeof *column);
    if (!column) return er_fail(err, ER_E_NOMEM, "study: out of memory");
    memcpy(column, study->experiment->run_column, (size_t)n * sizeof *column);
    for (int64_t i = 0; i < measures; i++)
        if (is_asked(words, measure[i]->name))
            column[n++] = (struct er_column){.name = measure[i]->name,
                                             .unit = measure[i]->unit,
                                             .help = measure[i]->help,
                                             .logarithmic = measure[i]->logarithmic};
    study->run_column = column;
    return ER_OK;
}
