/* schema.h - the rows that one study is read by: the common ones and its experiment's.
 *
 * A group is a choice row (`train.optimiser`: sgd, adam, ...) with one map row beside it for a member that
 * has keys of its own (`train.sgd`; its `choices` is the last name of the choice row). Writing the map
 * chooses the member; the keys below exist only when it is chosen.
 */
#ifndef ERMINE_STUDY_SCHEMA_H
#define ERMINE_STUDY_SCHEMA_H

#include "experiments/experiment.h"
#include <ermine/memory.h>

/* A row with what is derived of it. Indices are into er_schema.row. */
struct er_schema_entry {
    const struct er_schema_row *row;
    int64_t member;   /* the nearest map at or above it that is a member of a group, or -1 */
    int64_t choice;   /* a member map: its group's choice row; else -1 */
    int64_t parent;   /* the map it is in, or -1 */
    const char *name; /* the last name of the path */
};

struct er_schema {
    struct er_schema_entry *row; /* in schema order */
    int64_t n;
};

/* The rows of a study with this experiment: the common ones that it shares (data, model), those of the
 * experiment that it uses, its own. In `arena`; NULL when memory is out. */
struct er_schema *er_schema_new(const struct er_experiment *experiment, struct er_arena *arena);

/* The index of the row at `parent` (-1: the top) called `name`, or -1. */
int64_t er_schema_find(const struct er_schema *schema, int64_t parent, const char *name);

/* The index of the row with this path, or -1. */
int64_t er_schema_path(const struct er_schema *schema, const char *path);

/* The path of the key that `name`, which is none of `parent`'s, was meant to be: a neighbour, else a key of
 * that or a like name elsewhere; NULL when nothing is near. The text is the schema's. */
const char *er_schema_nearest(const struct er_schema *schema, int64_t parent, const char *name);

/* The rows that belong to the study itself, not to its runs: study, title, seeds, zip, figures, claims.
 * Ended by a row without path. */
extern const struct er_schema_row er_schema_study_row[];

#endif
