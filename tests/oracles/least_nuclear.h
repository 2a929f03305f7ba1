/* least_nuclear.h - the minimum nuclear norm of a tiny problem by a primal barrier method in long double: the oracle of
 * src/recovery/nuclear*.c, with which it shares no formula.
 *
 *     min 1/2 tr Z - mu log det Z      Z = [W1 X; X^T W2],  X = X0 + sum_i z_i N_i
 *
 * over W1, W2 and z, where N spans the matrices that no measurement sees: Newton's method for falling mu, at whose minimum
 * 1/2 tr Z is within mu (rows + columns) of the least nuclear norm.
 *
 * Source: Vandenberghe and Boyd, "Semidefinite programming", SIAM Review 1996, section 5.
 */
#ifndef ERMINE_TESTS_ORACLES_LEAST_NUCLEAR_H
#define ERMINE_TESTS_ORACLES_LEAST_NUCLEAR_H

#include <ermine/recovery.h>

enum { LEAST_NUCLEAR_SIDE = 5 };

/* rows, columns <= LEAST_NUCLEAR_SIDE, independent measurements. Returns x, and 1/2 tr Z: the
 * least norm, and at most 10^-7 more. */
double least_nuclear(const struct er_recovery *problem, double *x);

#endif
