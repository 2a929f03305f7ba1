/* kernel_numbers.h - what is read off a kernel matrix and labels, in float64.
 *
 * K n x n, symmetric, positive semidefinite but for rounding; Y n x c targets; C = 1 - 11'/n centres.
 */
#ifndef ERMINE_MEASURES_KERNEL_NUMBERS_H
#define ERMINE_MEASURES_KERNEL_NUMBERS_H

#include <ermine/data.h>
#include <stdbool.h>

/* *out = <K, Y Y'> / (|K|_F |Y Y'|_F); centred: of C K C and C Y Y' C. c = 1: y' K y / (|K|_F y'y). Between -1
 * and 1. ER_E_UNSUPPORTED where one of the norms is 0 to rounding; ER_E_NOMEM. Source: Cristianini et al.,
 * NIPS 2001; Cortes, Mohri and Rostamizadeh, JMLR 2012 (centred). */
enum er_status er_kernel_alignment(int64_t n, const double *k, int64_t c, const double *y, bool centred,
                                   double *out, struct er_error *err);

/* *out = sqrt((2/n) mean over columns of y' (K + jitter 1)^-1 y). ER_E_UNSUPPORTED where that is not positive
 * definite; ER_E_NOMEM. Source: Arora, Du, Hu, Li and Wang, ICML 2019, theorem 5.1. */
enum er_status er_kernel_label_complexity(int64_t n, const double *k, double jitter, int64_t c,
                                          const double *y, double *out, struct er_error *err);

/* value (n) = the eigenvalues, rising; those below 0, by rounding, are 0. ER_E_NOMEM, ER_E_NONFINITE. */
enum er_status er_kernel_eigenvalues(int64_t n, const double *k, double *value, struct er_error *err);

/* Of eigenvalues >= 0, rising, not all 0. */
double er_kernel_dimension(int64_t n, const double *value, double ridge); /* sum_i l_i / (l_i + ridge) */
double er_kernel_effective_rank(int64_t n, const double *value); /* exp(-sum q_i ln q_i), q_i = l_i / sum l */
double er_kernel_stable_rank(int64_t n, const double *value);    /* sum l / max l */
double er_kernel_participation(int64_t n, const double *value);  /* (sum l)^2 / sum l^2 */
double er_kernel_condition(int64_t n, const double *value,
                           double jitter); /* (max l + jitter) / (min l + jitter) */

/* t (pi - arccos t) / (2 pi), t cut to -1 .. 1: what a relu layer makes of two inputs of length 1 and inner
 * product t (arora_complexity.c). */
double er_arora_kernel(double inner);

/* The targets of a set's labels, n x *c. Two classes: one column, 1 for class 1, -1 for class 0. More: a
 * column for each class that occurs, 1 for it and `other` elsewhere. er_free(). ER_E_NOMEM. */
enum er_status er_label_columns(const struct er_dataset *set, double other, double **out, int64_t *c,
                                struct er_error *err);

#endif
