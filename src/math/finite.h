/* finite.h - whether all numbers of a vector are numbers. */
#ifndef ERMINE_MATH_FINITE_H
#define ERMINE_MATH_FINITE_H

#include <stdint.h>

/* The index of the first of n values that is infinite or NaN, or -1. One fast pass when there is none. */
int64_t er_first_not_finite(int64_t n, const float *v);

#endif
