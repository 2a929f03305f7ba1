/* matrix_keys.h - the keys `matrix.*` of a point as a problem of matrix recovery: shared by the experiments
 * that complete a matrix.
 */
#ifndef ERMINE_EXPERIMENTS_MATRIX_KEYS_H
#define ERMINE_EXPERIMENTS_MATRIX_KEYS_H

#include <ermine/recovery.h>
#include <ermine/schema.h>

extern const struct er_schema_row er_matrix_keys_row[];

/* Whether the point's matrix is read: a named set of ratings, or a file. Else it is made. */
bool er_matrix_keys_is_ratings(const struct er_point *point);

/* The bytes that a point's ratings are read from, for their checksum. */
struct er_data_spec er_matrix_keys_source(const struct er_point *point);

/* Of a matrix that is made. */
struct er_recovery_spec er_matrix_keys_spec(const struct er_point *point);

/* What can be said of a point's matrix without reading or making it. ER_E_INPUT at the setting. */
enum er_status er_matrix_keys_check(const struct er_point *point, struct er_error *err);

/* The same of what its observations are centred by, the choice at `path` of "none" and others. */
enum er_status er_matrix_keys_check_centre(const struct er_point *point, const char *path,
                                           struct er_error *err);

/* The ratings that a point's problem is drawn from, cleared by er_ratings_clear(). Errors of
 * er_ratings_open(), with the place of the setting. */
enum er_status er_matrix_keys_ratings(const struct er_point *point, const struct er_data_places *places,
                                      struct er_ratings *out, struct er_error *err);

/* Whether two points have the same ratings, whatever they draw of them. */
bool er_matrix_keys_same_ratings(const struct er_point *a, const struct er_point *b);

/* The point's problem, drawn from its `ratings` (not looked at where the matrix is made). Errors of
 * er_recovery_new() and er_recovery_from_ratings(), with the place of the setting. */
enum er_status er_matrix_keys_open(const struct er_point *point, const struct er_ratings *ratings,
                                   struct er_recovery *out, struct er_error *err);

/* Passes on the error of reading a point's ratings, with the place of matrix.name or matrix.file unless it
 * has one in the file that was read. */
enum er_status er_matrix_keys_fail(const struct er_point *point, const struct er_error *why,
                                   struct er_error *err);

/* The order of two points by their problem: 0 when it is the same. */
int er_matrix_keys_compare(const struct er_point *a, const struct er_point *b);

#endif
