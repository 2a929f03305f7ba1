/* point.h - an error at a setting of a point. */
#ifndef ERMINE_EXPERIMENTS_POINT_H
#define ERMINE_EXPERIMENTS_POINT_H

#include <ermine/schema.h>

/* ER_E_INPUT, "PATH: " and the text, where the study writes the setting of that path; without a place where it has none. */
enum er_status er_point_fail(const struct er_point *point, const char *path, struct er_error *err,
                             const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
