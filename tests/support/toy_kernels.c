/* toy_kernels.c - see toy_kernels.h. Williams, NeurIPS 1997, for the erf. */
#include "support/toy_kernels.h"

#include "t.h"

enum { FEATURES = 3, HIDDEN = 3 };

static const double x[TOY][FEATURES] = {
    {1, 0.5, -0.3}, {-0.2, 0.8, 1.1}, {0.7, -1.2, 0.4}, {0.5, 0.5, 0.5}, {-1, 0.2, 0.3}};
static const double quarter_turn = 1.5707963267948966;

const double toy_targets[TOY_TRAIN] = {1, -0.5, 0.25};

static void affine(struct toy_kernels *t, double w, double b)
{
    for (int i = 0; i < TOY; i++)
        for (int j = 0; j < TOY; j++) {
            t->k[i][j] = w * t->k[i][j] + b;
            t->theta[i][j] = t->k[i][j] + w * t->theta[i][j];
        }
}

static void activation(struct toy_kernels *t)
{
    double q[TOY];
    for (int i = 0; i < TOY; i++) q[i] = t->k[i][i];
    for (int i = 0; i < TOY; i++)
        for (int j = 0; j < TOY; j++) {
            const double c = t->k[i][j], det = i == j ? 0 : q[i] * q[j] - c * c;
            const double d = sqrt(1 + 2 * (q[i] + q[j]) + 4 * det);
            t->theta[i][j] *= 2 / quarter_turn / d;
            t->k[i][j] = atan2(2 * c, d) / quarter_turn;
        }
}

struct toy_kernels toy_kernels(double weight_std, double bias_std)
{
    struct toy_kernels t = {0};
    for (int i = 0; i < TOY; i++)
        for (int j = 0; j < TOY; j++)
            for (int d = 0; d < FEATURES; d++) t.k[i][j] += x[i][d] * x[j][d] / FEATURES;
    for (int l = 0; l < HIDDEN; l++) {
        affine(&t, weight_std * weight_std, bias_std * bias_std);
        activation(&t);
    }
    affine(&t, weight_std * weight_std, bias_std * bias_std);
    for (int i = 0; i < TOY; i++)
        for (int j = 0; j < TOY_TRAIN; j++) {
            double *k = i < TOY_TRAIN ? t.k_train + i * TOY_TRAIN : t.k_test + (i - TOY_TRAIN) * TOY_TRAIN;
            double *theta =
                i < TOY_TRAIN ? t.theta_train + i * TOY_TRAIN : t.theta_test + (i - TOY_TRAIN) * TOY_TRAIN;
            k[j] = t.k[i][j];
            theta[j] = t.theta[i][j];
        }
    for (int i = 0; i < TOY_TEST; i++)
        for (int j = 0; j < TOY_TEST; j++) {
            t.k_both[i * TOY_TEST + j] = t.k[TOY_TRAIN + i][TOY_TRAIN + j];
            t.theta_both[i * TOY_TEST + j] = t.theta[TOY_TRAIN + i][TOY_TRAIN + j];
        }
    return t;
}

void toy_check(int64_t n, const double *got, const double *want, const char *what)
{
    for (int64_t i = 0; i < n; i++)
        T_CLOSE(got[i], want[i], fabs(want[i]) < 0.1 ? 1e-11 : 1e-10 * fabs(want[i]), "%s [%d]", what,
                (int)i);
}
