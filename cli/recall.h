/* recall.h - what a store holds of a study, as its page and its verdicts need it. */
#ifndef ERMINE_CLI_RECALL_H
#define ERMINE_CLI_RECALL_H

#include <ermine/note.h>

/* Fills runs, curves and provenance of *result; what was filled before an error stays. recall_clear() frees it. */
enum er_status recall(struct er_store *store, const struct er_study *study,
                      const struct er_data_places *places, struct er_note_result *result,
                      struct er_error *err);
void recall_clear(struct er_note_result *result);

#endif
