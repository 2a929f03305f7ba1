/* recall.c - what a store holds of a study. */
#include "recall.h"

enum er_status recall(struct er_store *store, const struct er_study *study,
                      const struct er_data_places *places, struct er_note_result *result,
                      struct er_error *err)
{
    enum er_status status = er_study_table(store, study, places, &result->runs, err);
    if (status == ER_OK) status = er_study_curves(store, study, places, &result->curves, err);
    if (status == ER_OK) status = er_study_provenance(store, study, places, &result->provenance, err);
    return status;
}

void recall_clear(struct er_note_result *result)
{
    er_table_clear(&result->runs);
    er_table_clear(&result->curves);
}
