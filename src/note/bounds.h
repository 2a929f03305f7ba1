/* bounds.h - the bounds that a study's runs were asked for, beside what was measured on the same runs.
 *
 * For each measure with a guarantee (<ermine/measure.h>) that is a column of the runs:
 *
 *     guaranteed error, measured test error, guaranteed error - training error, test error - training error
 *
 * as means over runs. Where one setting alone varies, over few values, each value has lines of its own, and the means are
 * over seeds; where more vary, there is one line a bound, and beside each mean its range. Runs without a value (they
 * diverged; the bound is not defined for the network) are left out of all four. A bound of the stochastic network has the
 * first alone: the errors of the runs are those of the network itself.
 */
#ifndef ERMINE_NOTE_BOUNDS_H
#define ERMINE_NOTE_BOUNDS_H

#include "core/buffer.h"

#include <ermine/measure.h>
#include <ermine/study.h>
#include <ermine/table.h>

/* Over runs; NaN: none has a value. */
struct er_bounds_number {
    double mean, low, high;
};

struct er_bounds_line {
    const struct er_measure *measure;
    int64_t row; /* of the table of runs: one that has this line's value of the setting */
    int64_t runs;
    struct er_bounds_number guaranteed, error, guaranteed_gap, gap;
    int64_t exceeded; /* runs whose test error is above what was guaranteed */
};

struct er_bounds {
    const struct er_table *runs; /* borrowed */
    int64_t axis;                /* the column of the setting; -1: none */
    bool ranges;
    struct er_bounds_line *line; /* a bound's lines follow each other */
    int64_t n;                   /* 0: the study asks for no bounds, or nothing is there of them */
    int64_t fewest, most;        /* runs of a line that has any */
};

/* ER_E_NOMEM. */
enum er_status er_bounds_make(const struct er_table *runs, struct er_bounds *out, struct er_error *err);
void er_bounds_clear(struct er_bounds *bounds);

/* A word on a line: "vacuous" where the guarantee is 1 or more in every run, "in part vacuous", "exceeded" where a run's
 * test error is above it, "not defined", "of the stochastic network", or "". */
const char *er_bounds_word(const struct er_bounds_line *line);

/* The same as a table for a terminal. ER_E_NOMEM. */
enum er_status er_bounds_table(const struct er_bounds *bounds, struct er_table *out, struct er_error *err);

/* Appends the table of the page (web/README.md), or nothing where there are no bounds. ER_E_NOMEM. */
enum er_status er_bounds_write(const struct er_study *study, const struct er_table *runs,
                               struct er_buffer *html, struct er_error *err);

#endif
