/* slice_run_plan.h - the parts of a plan (slice_plan.h), in the order in which they are made. */
#ifndef ERMINE_LIMIT_SLICE_RUN_PLAN_H
#define ERMINE_LIMIT_SLICE_RUN_PLAN_H

#include "limit/slice_wanted.h"

/* All functions that give a status: ER_E_NOMEM, without a message. all[2]: what is wanted along y and x. */

/* All that the output needs of every node. */
void er_slice_want_all(struct er_slice_wanted *w);

/* Sets store: which means are stored, of at most `stored` entries. */
enum er_status er_slice_stores(const struct er_limit *limit, const struct er_slice_wanted all[2],
                               int64_t stored, struct er_slices *slices);

/* Chunks, buffers and planes of a run whose target and part are set. */
enum er_status er_slice_run_plan(const struct er_limit *limit, struct er_arena *arena,
                                 const struct er_slice_wanted all[2], struct er_slice_run *run);

/* Sets chunks_y, chunks_x, y and x. */
enum er_status er_slice_chunks(const struct er_limit *limit, struct er_arena *arena,
                               const struct er_slice_wanted all[2], struct er_slice_run *run);

/* Where stored means lie, and how many pairs are run together, of runs that are planned. */
enum er_status er_slice_place_stores(struct er_slices *slices);

/* Whether two nodes hold the same displacements, in all chunks; -1 is the data. */
bool er_slice_same(const struct er_slice_run *run, int64_t one, int64_t two);

#endif
