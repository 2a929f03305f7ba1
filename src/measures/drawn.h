/* drawn.h - which training examples a measure looks at: drawn by the run's seed, without regard to their order in the set.
 */
#ifndef ERMINE_MEASURES_DRAWN_H
#define ERMINE_MEASURES_DRAWN_H

#include "measures/measured.h"

/* The index of a draw: a stream of its own for each (ER_PURPOSE_MIXTURE). */
enum er_draw_of {
    ER_DRAW_CLUSTERS,
    ER_DRAW_MIXUP,
    ER_DRAW_MARGIN,
    ER_DRAW_MIXUP_MARGIN,
    ER_DRAW_AUGMENT_MARGIN,
    ER_DRAW_ROBUSTNESS,
    ER_DRAW_JACOBIAN,
    ER_DRAW_PARTNERS,
    ER_DRAW_GRAPH,
    ER_DRAW_VARIATION = 1 << 10 /* and behind it, one for each graph */
};

/* The training examples in an order that is drawn: m indices, freed by er_free(); NULL when memory is out. */
int64_t *er_drawn_order(const struct er_measured_run *run, uint64_t draw);

/* The examples of each class: those of class k are member[first[k]] .. member[first[k + 1] - 1], in the order that was drawn. */
struct er_drawn_classes {
    int64_t classes;
    int64_t *first, *member; /* classes + 1; m */
};

/* Of `order` (m indices). ER_E_NOMEM. Freed by er_drawn_classes_clear(). */
enum er_status er_drawn_classes_of(const struct er_dataset *set, const int64_t *order,
                                   struct er_drawn_classes *out, struct er_error *err);
void er_drawn_classes_clear(struct er_drawn_classes *classes);

#endif
