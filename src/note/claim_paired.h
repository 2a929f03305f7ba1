/* claim_paired.h - a side of a rule taken seed by seed: "paired test_error where batch = 128 - where batch = 16".
 */
#ifndef ERMINE_NOTE_CLAIM_PAIRED_H
#define ERMINE_NOTE_CLAIM_PAIRED_H

#include "note/claim_side.h"

/* Measures a side whose `paired` is set, as er_side_measure(). ER_E_INPUT also where a value is no mean over one run of
 * each seed, where its seeds are others than the first one's, and where two kinds of seeds vary. */
enum er_status er_side_measure_paired(const struct er_quote_source *source, const struct er_rule_side *side,
                                      const struct er_quote_condition *at, struct er_arena *memory,
                                      struct er_measured_side *out, struct er_error *err);

#endif
