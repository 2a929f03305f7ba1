/* prediction_loss.c - how good predictions with a variance are expected to be. */
#include <ermine/predict.h>

#include <math.h>

static const double log_two_pi = 1.8378770664093453;

double er_expected_loss(int64_t m, int64_t outputs, const double *mean, const double *variance,
                        double members, const double *y)
{
    double sum = 0;
    for (int64_t i = 0; i < m; i++)
        for (int64_t o = 0; o < outputs; o++) {
            const double off = mean[i * outputs + o] - y[i * outputs + o];
            sum += off * off + (variance ? variance[i] / members : 0);
        }
    return sum / (2 * (double)m * (double)outputs);
}

double er_negative_log_density(int64_t m, int64_t outputs, const double *mean, const double *variance,
                               double noise, const double *y)
{
    double sum = 0;
    for (int64_t i = 0; i < m; i++) {
        const double s = variance[i] + noise;
        if (!(s > 0)) return isnan(s) ? s : (double)INFINITY;
        for (int64_t o = 0; o < outputs; o++) {
            const double off = mean[i * outputs + o] - y[i * outputs + o];
            sum += (log_two_pi + log(s) + off * off / s) / 2;
        }
    }
    return sum / ((double)m * (double)outputs);
}
