/* rank_model_axis.h - an axis of models that are one preset, taken apart into the arguments that vary.
 */
#ifndef ERMINE_EXPERIMENTS_RANK_MODEL_AXIS_H
#define ERMINE_EXPERIMENTS_RANK_MODEL_AXIS_H

#include <ermine/memory.h>
#include <ermine/model.h>

/* The arguments of a preset that differ between models. */
struct er_rank_arguments {
    int64_t n;
    const char *name[12];
    const char *const *value[12]; /* of each model, as it is written, or its default */
};

/* Takes n labels (er_model_label()) apart: `nin 16 depth=2` and `nin 32` differ in width and depth. out->n = 0 where they
 * are no presets, or not all the same one. In `arena`. ER_E_NOMEM. */
enum er_status er_rank_arguments(const char *const *label, int64_t n, struct er_arena *arena,
                                 struct er_rank_arguments *out, struct er_error *err);

#endif
