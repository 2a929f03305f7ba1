/* train_kind.h - kinds of runs of `train`: those of one kind take the same memory and the same time a step.
 */
#ifndef ERMINE_EXPERIMENTS_TRAIN_KIND_H
#define ERMINE_EXPERIMENTS_TRAIN_KIND_H

#include "train/optimiser.h"

#include <ermine/schema.h>
#include <ermine/train.h>

/* What makes a kind of run, and what was measured of it. Texts are borrowed from a point. */
struct er_train_kind {
    const char *model, *loss, *measures;
    const struct er_optimiser_ops *optimiser;
    int states;
    int64_t batch;
    struct er_dataset train, test; /* sizes; without values */
    bool augmented;

    struct er_member member; /* one of it, on those sizes */
    struct er_net *net;      /* the member's */
    bool worth_sharing;      /* its steps, among threads */
    double step_s, record_s; /* on one thread */
    size_t bytes;            /* likewise */
    size_t measures_bytes;   /* its measures, beside that */
    double measures_s;       /* likewise, on one thread */
    bool guessed;            /* times are those of another kind, by the work of both */
};

/* The kind of a point on its data; nothing is measured. */
struct er_train_kind er_train_kind_of(const struct er_point *point, const struct er_split *split);

bool er_train_kinds_same(const struct er_train_kind *a, const struct er_train_kind *b);

/* Measures the last of n kinds by a run that is of it, or, where another one does the same work, or with `guess` the nearest,
 * takes the times of that in proportion; memory is counted in any case. Kinds stay where they are until
 * er_train_kind_clear(), also after a failure. ER_E_NOMEM with the numbers when it takes more than `memory` bytes;
 * er_train_calibrate()'s, er_measures_time()'s. */
enum er_status er_train_kind_measure(struct er_train_kind *kinds, int64_t n, const struct er_point *point,
                                     const struct er_split *split, bool guess, size_t memory,
                                     const struct er_progress *progress, struct er_error *err);
void er_train_kind_clear(struct er_train_kind *kind);

/* Seconds of a run of this kind on one thread, up to its last epoch. */
double er_train_kind_seconds(const struct er_train_kind *kind, const struct er_train_spec *spec);

#endif
