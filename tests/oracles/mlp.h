/* mlp.h - a slow multilayer perceptron in double, written from the formulas and not from src/: the oracle of
 * nets. */
#ifndef ERMINE_TESTS_ORACLES_MLP_H
#define ERMINE_TESTS_ORACLES_MLP_H

#include <stdint.h>

/* Layers of widths width[0] (input) .. width[layers]: weights (in x out, row-major) and bias (out) after each
 * other, layer after layer; the activation between them, none after the last. */
struct mlp {
    int layers;
    int64_t width[8];
    const char *activation; /* relu, tanh, erf, identity */
    const char *loss;       /* cross-entropy, mean-squared, logistic, hinge */
};

/* The number of parameters. */
int64_t mlp_parameters(const struct mlp *m);

/* The mean loss over n examples; f (n x width[layers]) receives the outputs when not NULL. */
double mlp_loss(const struct mlp *m, const double *w, int64_t n, const float *x, const int32_t *label,
                double *f);

/* d mean loss / d w[i], by a central difference of step h in double. */
double mlp_slope(const struct mlp *m, double *w, int64_t i, double h, int64_t n, const float *x,
                 const int32_t *label);

#endif
