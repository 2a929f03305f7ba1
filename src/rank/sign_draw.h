/* sign_draw.h - one draw of sign errors: sums over the pairs of each environment, for some measures at a time. */
#ifndef ERMINE_RANK_SIGN_DRAW_H
#define ERMINE_RANK_SIGN_DRAW_H

#include "rank/comparison.h"

enum { ER_SIGN_MEASURES = 16 }; /* of a draw at a time */
enum { ER_SIGN_MEAN, ER_SIGN_MAX, ER_SIGN_KINDS };

struct er_sign_axis {
    struct er_rank_lines lines;  /* of configurations */
    int64_t first, environments; /* among those of all axes */
};

/* Draw 0 is of the models themselves, and says which environments have enough pairs. */
struct er_sign_draws {
    const struct er_rank_comparison *c;
    const struct er_rank_options *options;
    struct er_sign_axis *axis;
    int64_t environments, draws; /* the latter with draw 0 */
    bool pooled;                 /* environments are pairs of levels */
    double *error;               /* K x environments: of draw 0; NaN where an environment has too few pairs */
    double *value; /* K x (A + 1) x kinds x draws: by axis, then of all; NaN where there is none */
};

/* Sums of one environment. */
struct er_sign_sums {
    double w, w2, wrong[ER_SIGN_MEASURES];
};

/* The values of measure k, axis a (A: all), over draws. */
double *er_sign_value(const struct er_sign_draws *t, int64_t k, int64_t a, int kind);

/* Fills in the values of draw `number`, measures from .. to - 1; of draw 0 errors, too. copies (models) and sums (environments,
 * 0) are scratch. */
void er_sign_draw(const struct er_sign_draws *t, int64_t number, int64_t from, int64_t to, int32_t *copies,
                  struct er_sign_sums *sums);

#endif
