/* claim_side.h - one side of a claim's clause, measured: a value, and how far it may be off.
 *
 * A mean m_i of n_i > 1 runs has the standard error s_i. A side f(m_1, m_2, ...) has by propagation, as of
 * independent means (runs that share seeds are closer to each other than that),
 *
 *     s^2 = sum_i (df/dm_i s_i)^2      v = s^4 / sum_i ((df/dm_i s_i)^4 / (n_i - 1))      f +- t(95 %, v) s
 *
 * v is Welch's and Satterthwaite's degrees of freedom, n - 1 for a single mean; t is Student's (two-sided).
 * A side that is `paired` is the mean of what it is at each seed, with the standard error of that mean
 * (claim_paired.c). A side that holds a value of one run, a mean over settings, or another statistic has no interval. Source:
 * well known; Satterthwaite, "An approximate distribution of estimates of variance components", 1946.
 */
#ifndef ERMINE_NOTE_CLAIM_SIDE_H
#define ERMINE_NOTE_CLAIM_SIDE_H

#include "note/claim_read.h"
#include "note/quote_measure.h"

struct er_measured_side {
    double value;
    bool known;              /* how far each value in it may be off */
    double variance, fourth; /* s^2, and the sum under v */
    const char *unit;        /* NULL: none that is written, and none that another must agree with */
    bool share;              /* of 1, written in per cent */
    bool number;             /* nothing was measured: numbers of the rule alone */
    int64_t seeds; /* least number of seeds (of runs, of data) behind a value; INT64_MAX without one */
};

/* Measures a side. Of a value with curves or none, the runs of `source`. `at` (NULL: none) is a condition
 * that every value of the side has besides its own. ER_E_INPUT at the place of what is wrong: as
 * er_quote_measure(), and where runs that a value speaks of diverged or lack it; units that do not fit; a
 * result that is not finite. ER_E_NOMEM. */
enum er_status er_side_measure(const struct er_quote_source *source, const struct er_rule_side *side,
                               const struct er_quote_condition *at, struct er_arena *memory,
                               struct er_measured_side *out, struct er_error *err);

/* Runs that a quoted number leaves out would be left out of a verdict, and nobody would see that it is one on
 * those that did well: ER_E_INPUT when some of the runs that a value speaks of diverged or lack it, and of the
 * curves when some of the runs with these settings have no record that meets the other conditions. */
enum er_status er_side_check_whole(const struct er_quote_source *source, const struct er_quote_value *value,
                                   const struct er_quote_rows *rows, struct er_error *err);

/* The difference a - b of two sides, whose units agree. */
struct er_measured_side er_side_less(const struct er_measured_side *a, const struct er_measured_side *b);

/* Half of the interval's width: 0 where all runs agree, NaN where it is not known. */
double er_side_half_width(const struct er_measured_side *side);

#endif
