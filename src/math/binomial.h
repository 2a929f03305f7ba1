/* binomial.h - the binomial distribution in the log domain, and the least of many draws from it.
 *
 *     P(X = k) = C(n, k) p^k (1 - p)^(n - k)       F(k) = P(X <= k)       S(k) = P(X > k) = 1 - F(k)
 *
 * The least of M independent draws is above k with probability S(k)^M, so
 *
 *     E min = sum_{k=0}^{n-1} S(k)^M               min = least k with M ln S(k) <= ln V,  V uniform on (0, 1)
 *
 * (the inverse of its distribution function). For M = 10^6 the tail that matters is 10^-6 and less, hence
 * logarithms. Any thread.
 */
#ifndef ERMINE_MATH_BINOMIAL_H
#define ERMINE_MATH_BINOMIAL_H

#include <ermine/random.h>

/* Natural logarithms for k = 0..n; log_above[n] is -infinity. */
struct er_binomial {
    int64_t n;
    double p;
    double *log_below; /* ln F(k) */
    double *log_above; /* ln S(k) */
};

/* n >= 1, p in (0, 1). Absolute errors of the logarithms are about n 2^-52. Cost: O(n). ER_E_NOMEM. */
enum er_status er_binomial_new(int64_t n, double p, struct er_binomial *out, struct er_error *err);
void er_binomial_clear(struct er_binomial *b);

/* The mean of the least of `draws` independent draws, draws >= 1, in 0..n. */
double er_binomial_mean_least(const struct er_binomial *b, int64_t draws);

/* The least of `draws` independent draws, drawn at once: one uniform number, O(log n). */
int64_t er_binomial_least(const struct er_binomial *b, int64_t draws, struct er_random *r);

#endif
