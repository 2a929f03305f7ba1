/* live_result.c - what a study shows: its own results, or those of its text before. */
#include "serve/live_state.h"

#include <ermine/memory.h>
#include <string.h>

static const char STALE[] =
    "The study has been changed; these are the results of its text before, until the first "
    "of the new ones is there.";

struct er_live_result *er_live_result_new(void)
{
    struct er_live_result *result = er_alloc(1, sizeof *result);
    if (result) result->holders = 1;
    return result;
}

static void clear_tables(struct er_note_result *shown)
{
    er_table_clear(&shown->runs);
    er_table_clear(&shown->curves);
}

void er_live_result_release(struct er_live_result *result)
{
    while (result && --result->holders == 0) {
        struct er_live_result *before = result->before;
        clear_tables(&result->shown);
        er_free(result);
        result = before;
    }
}

bool er_live_result_alike(const struct er_study *a, const struct er_study *b)
{
    int64_t na, nb;
    const struct er_axis *x = er_study_axes(a, &na), *y = er_study_axes(b, &nb);
    if (na != nb || er_study_experiment(a) != er_study_experiment(b)) return false;
    for (int64_t i = 0; i < na; i++)
        if (strcmp(x[i].path, y[i].path) != 0) return false;
    return true;
}

void er_live_result_read(struct er_store *store, const struct er_study *study,
                         const struct er_data_places *places, struct er_note_result *out)
{
    *out = (struct er_note_result){0};
    enum er_status status = er_study_table(store, study, places, &out->runs, &out->error);
    if (status == ER_OK) status = er_study_curves(store, study, places, &out->curves, &out->error);
    if (status == ER_OK) er_study_provenance(store, study, places, &out->provenance, &out->error);
}

void er_live_result_fill(struct er_live_note *live, struct er_live_result *result,
                         struct er_note_result *fresh)
{
    const struct er_provenance *old = &result->shown.provenance, *new = &fresh->provenance;
    fresh->computed = result->shown.computed;
    if (result->fills > 0 && new->present > old->present) fresh->computed += new->present - old->present;
    clear_tables(&result->shown);
    result->shown = *fresh;
    result->shown.edition = ++live->editions;
    result->fills++;
    *fresh = (struct er_note_result){0};
    if (result->shown.provenance.present > 0 || result->shown.error.code != ER_OK) {
        er_live_result_release(result->before);
        result->before = NULL;
    }
}

struct er_note_result er_live_result_shown(const struct er_live_result *result, const struct er_study *study)
{
    struct er_note_result shown = result->shown;
    if (result->before) {
        shown = result->before->shown;
        shown.computed = 0;
        shown.stale = STALE;
        shown.edition = 0; /* those results, and another study */
    } else if (result->fills == 0) {
        shown.provenance.runs = er_study_runs(study);
    }
    return shown;
}
