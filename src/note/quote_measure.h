/* quote_measure.h - one value of a quoted expression: its number, its uncertainty, and where it is from. */
#ifndef ERMINE_NOTE_QUOTE_MEASURE_H
#define ERMINE_NOTE_QUOTE_MEASURE_H

#include "core/buffer.h"
#include "note/quote_rows.h"

struct er_measured {
    double value, uncertainty; /* uncertainty 0: none */
    double spread;             /* standard deviation of what the mean is of; 0: none */
    const char *unit;
    bool share; /* of 1, written in per cent */
    bool mean;  /* `value` is the mean of `n` */
    int64_t n;  /* runs */
    struct er_quote_rows rows;
};

/* Arrays are allocated from `memory`. ER_E_INPUT as er_quote_rows_find() and er_quote_rows_alike(), and where
 * the statistic is not defined; ER_E_NOMEM. */
enum er_status er_quote_measure(const struct er_quote_source *source, const struct er_quote_value *value,
                                struct er_arena *memory, struct er_measured *out, struct er_error *err);

/* Says where it is from: "mean of 3 runs: seeds 0, 1, 2; standard error 0.31 %; column test_error, where
 * data.labels.corrupt = 1". */
void er_quote_say(struct er_buffer *out, const struct er_quote_value *value,
                  const struct er_measured *measured);

/* Writes a number that is measured in the same unit. */
void er_quote_number(struct er_buffer *out, const struct er_measured *measured, double value,
                     double uncertainty);

#endif
