/* assignment.h - the linear assignment problem. */
#ifndef ERMINE_LANDSCAPE_ASSIGNMENT_H
#define ERMINE_LANDSCAPE_ASSIGNMENT_H

#include <stdint.h>

/* Bytes of scratch that er_assign() needs for n rows; to be aligned as doubles are. */
int64_t er_assign_bytes(int64_t n);

/* column[0..n) = the permutation with the largest sum of gain[i, column[i]]; gain is n x n, row-major, finite.
 * Exact but for rounding: the sum is within n units in the last place of the largest gain. Cost O(n^3), in
 * practice far less. */
void er_assign(int64_t n, const double *gain, int64_t *column, void *scratch);

#endif
