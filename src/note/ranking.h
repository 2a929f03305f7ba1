/* ranking.h - the table of a ranking: its measures, the best first, by each criterion and with intervals.
 *
 * A line is a measure of a study of the experiment `rank`; where seeds vary, its numbers are means over them, as are the ends of
 * its intervals. Lines fall with Psi, those without one follow by tau. A study in which something besides the measure
 * varies has no such table: its lines would mix settings.
 */
#ifndef ERMINE_NOTE_RANKING_H
#define ERMINE_NOTE_RANKING_H

#include "core/buffer.h"

#include <ermine/study.h>
#include <ermine/table.h>

enum { ER_RANKING_TAU, ER_RANKING_PSI, ER_RANKING_CMI, ER_RANKING_SIGN, ER_RANKING_PGDL, ER_RANKING_NUMBERS };

/* NaN: it has none. Without an interval low and high are NaN. */
struct er_ranking_number {
    double mean, low, high;
};

struct er_ranking_line {
    const char *measure;
    int64_t row; /* of the table of runs: the first of the measure */
    int64_t runs;
    struct er_ranking_number number[ER_RANKING_NUMBERS];
    double models, dropped,
        missing; /* compared; not compared; of all with a gap, those without this measure */
};

struct er_ranking {
    struct er_ranking_line *line;
    int64_t n; /* 0: the study is no ranking, or of more than measures, or nothing is there of it */
};

/* `measure` is the name where the study is of one alone, and the table has no column of it; may be NULL. Names are borrowed
 * from it and from `runs`. ER_E_NOMEM. */
enum er_status er_ranking_make(const struct er_table *runs, const char *measure, struct er_ranking *out,
                               struct er_error *err);
void er_ranking_clear(struct er_ranking *ranking);

/* Appends the table of the page (web/README.md), or nothing where there is no ranking. ER_E_NOMEM. */
enum er_status er_ranking_write(const struct er_study *study, const struct er_table *runs,
                                struct er_buffer *html, struct er_error *err);

#endif
