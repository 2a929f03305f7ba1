/* quote_value.h - a quoted value, measured.
 *
 *     mean = sum v_i / n      sd = sqrt(sum (v_i - mean)^2 / (n - 1))      sem = sd / sqrt(n)
 *
 * Of the runs, the statistic is taken over the rows found. Of the curves, it is taken along each run's curve,
 * and the mean of that over the runs is the value. `C at min B` is C in the row where B is least (the first
 * of several): in one of the runs, or of the curves in a record of each, over which the statistic, if one is
 * stated, is then taken; the mean otherwise.
 *
 * The uncertainty of a mean of n > 1 runs is its standard error (sem); a mean over settings has none, for its
 * spread is that of the settings. The uncertainty of a - b is sqrt(s_a^2 + s_b^2), that of a / b is
 * sqrt((s_a / b)^2 + (a s_b / b^2)^2), as of independent values; runs that share seeds are closer to each
 * other than that.
 */
#ifndef ERMINE_NOTE_QUOTE_VALUE_H
#define ERMINE_NOTE_QUOTE_VALUE_H

#include "note/quote_rows.h"

/* A study that may be quoted. */
struct er_quote_study {
    const char *name; /* NULL: its block is in error */
    const struct er_table *runs, *curves;
    int64_t present, wanted; /* runs */
    const char *stale;       /* why its numbers are not those of the study as it stands; NULL: they are */
    bool failed;
};

/* Texts are freed by er_quote_answer_clear(). */
struct er_quote_answer {
    char *text, *detail;
};

/* ER_E_INPUT at the place of what is wrong; ER_E_NOMEM. *out is untouched on failure. */
enum er_status er_quote_evaluate(const struct er_quote *quote, const struct er_quote_study *study,
                                 int64_t studies, struct er_quote_answer *out, struct er_error *err);
void er_quote_answer_clear(struct er_quote_answer *answer);

#endif
