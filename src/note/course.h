/* course.h - the course of a row of values: where it turns.
 *
 * A turn is a highest or lowest value from which the course goes back by more than `least` before it passes
 * that value again; smaller ups and downs are none. So there is a turn of the other kind between any two.
 */
#ifndef ERMINE_NOTE_COURSE_H
#define ERMINE_NOTE_COURSE_H

#include <stdbool.h>
#include <stdint.h>

enum { ER_COURSE_TURNS = 3 };

struct er_course {
    int64_t turns;                 /* how many there are */
    int64_t turn[ER_COURSE_TURNS]; /* indices of the first of them */
    int first;                     /* where it goes at first: 1 up, -1 down; 0: it never moves by `least` */
};

struct er_course er_course_find(const double *value, int64_t n, double least);

/* Kendall's rank correlation of n pairs, with its correction for ties (tau-b): 1 when y rises with x
 * throughout, -1 when it falls, NaN when x or y is all the same. Cost: O(n^2).
 * Source: Kendall, "The Treatment of Ties in Ranking Problems", Biometrika 33, 1945. */
double er_course_kendall(const double *x, const double *y, int64_t n);

#endif
