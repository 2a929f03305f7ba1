/* limit.h - the kernels of infinitely wide networks in plain loops: the oracle of <ermine/limit.h>, written from the papers
 * and not from src/.
 *
 * Of two examples it carries all P x P entries of K and Theta (P pixels) for the three pairs (1,1), (1,2) and (2,2), through
 * the layers that the oracle of nets reads (network.h). Activations: closed forms where oracles/limit_dual.c has one, else
 * the integral over the plane. Costs P^2 duals a layer, and where they are integrals some milliseconds each.
 */
#ifndef ERMINE_TESTS_ORACLES_LIMIT_H
#define ERMINE_TESTS_ORACLES_LIMIT_H

#include <ermine/limit.h>

enum { LIMIT_ONE, LIMIT_CROSS, LIMIT_TWO, LIMIT_PAIRS };

struct limit_covariance {
    int64_t h, w;  /* pixels */
    bool flat;     /* behind flatten: the pixels are places of one long vector */
    double *block; /* one allocation: of k[0], k[1], k[2], theta[0], ... */
    double *k[LIMIT_PAIRS], *theta[LIMIT_PAIRS]; /* P x P each */
};

struct limit_oracle {
    const char *text;
    int64_t h, w, c;
    struct er_limit_options options; /* precision and `ntk` are not read */
    bool local; /* convolutions share no weights: other pixels have independent outputs */
};

/* False for a text, or a layer, that it cannot read. Examples h x w x c. Freed by limit_covariance_clear(). */
bool limit_oracle_covariance(const struct limit_oracle *o, const double *one, const double *two,
                             struct limit_covariance *out);
void limit_covariance_clear(struct limit_covariance *c);

/* K and Theta of a model that ends in one pixel: of (1,1), (1,2), (2,2). */
bool limit_oracle_kernels(const struct limit_oracle *o, const double *one, const double *two,
                          double k[LIMIT_PAIRS], double theta[LIMIT_PAIRS]);

struct layer;

/* T = E phi(u) phi(v) and its derivative E phi'(u) phi'(v); of a point with itself where `same` (q1 = q2 = c). */
void limit_dual(const struct layer *l, bool same, double q1, double q2, double c, double *t, double *slope);

/* The same as an integral over the plane, for any activation whose only kink is at 0. */
void limit_dual_integral(const struct layer *l, double q1, double q2, double c, double *t, double *slope);

#endif
