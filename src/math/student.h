/* student.h - Student's t distribution.
 *
 *     P(T > t) = I_x(v/2, 1/2) / 2,   x = v / (v + t^2),   t >= 0
 *
 * v degrees of freedom, I the regularised incomplete beta function, by the continued fraction DLMF 8.17.22 with
 * Lentz's method. Source: well known; Abramowitz and Stegun 26.7.1. Any thread.
 */
#ifndef ERMINE_MATH_STUDENT_H
#define ERMINE_MATH_STUDENT_H

/* P(T > t) for t >= 0 and freedom > 0, which need not be whole. Relative error below 1e-8. */
double er_student_tail(double t, double freedom);

/* The t with P(|T| <= t) = level, 0 <= level < 1: an interval of a mean is mean +- t sem with n - 1 degrees of
 * freedom. Found by bisection of er_student_tail(). More than 10^6 degrees of freedom count as 10^6. */
double er_student_two_sided(double level, double freedom);

#endif
