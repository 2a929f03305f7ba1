/* posterior.h - two samples of functions, and how alike they are.
 *
 * A function is what a network answers on a test set of M examples, as one number: sum_i class_i K^i.
 */
#ifndef ERMINE_EXPERIMENTS_POSTERIOR_H
#define ERMINE_EXPERIMENTS_POSTERIOR_H

#include "experiments/minima_asked.h"
#include "experiments/posterior_wide.h"

enum { ER_POSTERIOR_FUNCTION }; /* the value of a row */

/* A function, how often it came in the two samples (0 Bayes, 1 training), and on how many test examples it is wrong. */
struct er_posterior_function {
    double name,
        wide; /* wide: its probability under the posterior of the infinitely wide network; NaN: not asked */
    int64_t count[2], wrong;
};

struct er_posterior {
    struct er_posterior_function *function; /* n of them, those that training finds most often first */
    int64_t n, total[2];
    int64_t compared;   /* functions with `least` in both samples */
    double correlation; /* Pearson's, of the logarithms of their shares; NaN below three */
    double overlap;     /* sum over all functions of the lesser share */
    double errors[2];   /* mean of `wrong` */
    double truth[2];    /* share of the function without a mistake */
};

/* The same of training (sample 1) and the posterior of the infinitely wide network. */
struct er_posterior_wide {
    double evidence, correlation, overlap, errors;
};

/* How many numbers there are of functions on m examples of K classes; infinite beyond 2^53, where a double no longer
 * tells them apart. */
double er_posterior_functions(int64_t classes, int64_t m);

/* The number of a function: of outputs of m examples (m x n_out), or of their labels. */
double er_posterior_of_outputs(int64_t classes, int64_t m, int64_t n_out, const float *f);
double er_posterior_of_labels(int64_t classes, int64_t m, const int32_t *label);

/* Compares two samples. `test`: the labels that count as right. ER_E_NOMEM; freed by er_free(out->function). */
enum er_status er_posterior_compare(const struct er_asked sample[2], const struct er_dataset *test,
                                    int64_t least, struct er_posterior *out, struct er_error *err);

/* Compares training's sample with the posterior of the infinitely wide network, and fills `wide` of the functions. The
 * correlation is over functions that training finds `least` times, and that came in the samples of both. */
struct er_posterior_wide er_posterior_compare_wide(struct er_posterior *p, const struct er_wide *wide,
                                                   const struct er_dataset *test, int64_t least);

#endif
