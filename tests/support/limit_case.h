/* limit_case.h - the kernel matrices of a model's limit on points, in one call (<ermine/limit.h>). */
#ifndef ERMINE_TESTS_SUPPORT_LIMIT_CASE_H
#define ERMINE_TESTS_SUPPORT_LIMIT_CASE_H

#include <ermine/limit.h>

/* n points; x2: m more, of which the kernel with the first is wanted; NULL: of the n with themselves. */
struct limit_case {
    const char *text;
    struct er_shape shape;
    struct er_limit_options options;
    int64_t n, m;
    const double *x, *x2;
    struct er_pool *pool; /* NULL: of one thread */
    bool evaluation;      /* dropout is the identity */
};

/* k and theta (n x n, or n x m); theta NULL: K alone. False, with a failed test, when something fails. */
bool limit_case_kernel(const struct limit_case *c, double *k, double *theta);

/* A failed test unless er_limit_new() refuses the model, with a message that holds `word`. */
void limit_case_refused(const char *text, struct er_shape shape, enum er_status status, const char *word);

/* The options with these standard deviations in the tangent parameterisation, in float64, both kernels. */
struct er_limit_options limit_case_options(double weight_std, double bias_std);

#endif
