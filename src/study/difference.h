/* difference.h - a run that was computed again beside what the store has of it.
 */
#ifndef ERMINE_STUDY_DIFFERENCE_H
#define ERMINE_STUDY_DIFFERENCE_H

#include "study/job.h"

enum { ER_DIFFERENCE_TEXT = 64 };

/* One column of one run that came out otherwise. */
struct er_difference {
    int64_t run;
    const char *column; /* the experiment's, or "outcome", "note", "records" */
    int64_t record;     /* of a curve: the first that differs, from 0; -1: a value of the run as a whole */
    int64_t numbers;    /* how many of the column differ */
    char stored[ER_DIFFERENCE_TEXT], recomputed[ER_DIFFERENCE_TEXT]; /* numbers in shortest exact form */
};

struct er_differences {
    struct er_difference *entry; /* freed by er_differences_clear() */
    int64_t n;
    int64_t compared; /* numbers, equal or not */
};

/* Compares outcome, values and curves of run i with the stored ones, to the bit (NaN is like NaN, and where
 * SQLite has only one zero, both are alike); adds what differs. Nothing is written to the store.
 *
 * Errors: ER_E_NOT_FOUND when the store lacks the run; ER_E_IO, ER_E_NOMEM. */
enum er_status er_differences_find(struct er_store *store, const struct er_job *job, int64_t run,
                                   const struct er_record *record, struct er_differences *out,
                                   struct er_error *err);

/* As a table: the job's axes, then column, record, numbers, stored, recomputed; in grid order. Cleared by
 * er_table_clear(). */
enum er_status er_differences_table(const struct er_job *job, struct er_differences *differences,
                                    struct er_table *out, struct er_error *err);

void er_differences_clear(struct er_differences *differences);

#endif
