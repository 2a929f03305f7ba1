/* memory.h - what measures take, before any of them is computed: for those who run several trainings at a time. */
#ifndef ERMINE_MEASURES_MEMORY_H
#define ERMINE_MEASURES_MEMORY_H

#include <ermine/measure.h>

/* *bytes = what the measures named in `words` (er_measure_next()) take of m training examples on one thread, about: what is kept
 * for all, by their needs, and the most that one takes of its own. 0 for none. er_plan_new()'s, ER_E_NOMEM. */
enum er_status er_measures_bytes(const char *words, const struct er_net *net, int64_t m, size_t *bytes,
                                 struct er_error *err);

#endif
