/* slice_run_plan.h - the parts of a plan (slice_plan.h), in the order in which they are made. */
#ifndef ERMINE_LIMIT_SLICE_RUN_PLAN_H
#define ERMINE_LIMIT_SLICE_RUN_PLAN_H

#include "limit/slice_plan.h"

/* Chunks, buffers and planes of a run whose target and part are set. ER_E_NOMEM, without a message. */
enum er_status er_slice_run_plan(const struct er_limit *limit, struct er_arena *arena,
                                 struct er_slice_run *run);

/* Sets chunks_y, chunks_x, y and x. */
enum er_status er_slice_chunks(const struct er_limit *limit, struct er_arena *arena,
                               struct er_slice_run *run);

/* Whether two nodes hold the same displacements, in all chunks; -1 is the data. */
bool er_slice_same(const struct er_slice_run *run, int64_t one, int64_t two);

#endif
