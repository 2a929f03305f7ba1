/* verdict_rows.h - verdicts for other programs, and as a table of Markdown.
 *
 *     {"id": "corruption-1", "claim": "...", "rule": "...", "expected": "0.9" or null,
 *      "value": 0.9025, "interval": [0.889, 0.916] or null, "seeds": 3,
 *      "verdict": "PASS", "FAIL" or "NONE", "close": true where the limit lies within
 *      the interval, "seconds": 12.5 or null}
 *
 * id is the study's name and the number of the claim, from 1. Of a rule of several clauses, value and interval are
 * lists with one for each. A claim that is not judged has the verdict NONE, no value and 0 seeds. seconds is how
 * long the study was computed by the clock.
 */
#ifndef ERMINE_NOTE_VERDICT_ROWS_H
#define ERMINE_NOTE_VERDICT_ROWS_H

#include "core/buffer.h"

#include <ermine/note.h>
#include <jansson.h>

/* Judges all claims of study i and appends a row for each to the array `rows`. `heard` (NULL: nobody) is told of
 * each claim: its verdict, or NULL and the error why it has none. `seconds` NaN: not known. ER_E_NOMEM. */
struct er_verdict_listener {
    void (*verdict)(void *ctx, const struct er_claim *claim, const struct er_note_verdict *verdict,
                    const struct er_error *error);
    void *ctx;
};
enum er_status er_verdict_rows(const struct er_note *note, int64_t i, const struct er_note_result *result,
                               double seconds, json_t *rows, const struct er_verdict_listener *heard,
                               struct er_error *err);

/* Appends the rows from..to-1 as a table: claim, expected, measured with its interval, seeds, verdict, seconds. */
void er_verdict_markdown(const json_t *rows, size_t from, size_t to, struct er_buffer *out);

#endif
