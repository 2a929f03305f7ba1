/* npy.h - an array file within a limit, and how long it is, by its first bytes. */
#ifndef ERMINE_DATA_NPY_H
#define ERMINE_DATA_NPY_H

#include <ermine/data.h>

enum { ER_NPY_FRONT = 12 + 65535 }; /* the most bytes before the values */

/* The length of a whole file whose first `n` bytes these are: all of them, or at least ER_NPY_FRONT. Errors
 * as er_npy_parse() for the header; ER_E_LIMIT when its values would take more than `limit` bytes of
 * doubles. */
enum er_status er_npy_length(const unsigned char *bytes, size_t n, size_t limit, size_t *length,
                             struct er_error *err);

#endif
