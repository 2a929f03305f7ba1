/* The descent on a bound: values and gradients at fixed noise, where it ends without a loss, a state taken up. */
#include "t.h"

#include "stochastic/bound_descent.h"
#include "stochastic/normals.h"
#include "stochastic/streams.h"
#include "support/blobs.h"

#include <ermine/pac_bayes.h>

static struct er_error err;

enum { N = 200, D = 4, P = D + 1 };

/* Equal to the bit. */
static bool same(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

static double variance_of(const double *w, const double *rho, const float *prior)
{
    double S = 0;
    for (int i = 0; i < P; i++) {
        const double d = w[i] - (double)prior[i];
        S += exp(2 * rho[i]) + d * d;
    }
    return S / P;
}

/* F of a linear logistic model in double: all examples are one batch, the noise is that of step 0. The price
 * of lambda's place is given: descent takes it for a constant. */
static double objective(const struct er_dataset *set, const double *w, const double *rho, const float *prior,
                        const float *noise, double price, const struct er_bound_descent_spec *spec)
{
    double loss = 0, logs = 0;
    for (int i = 0; i < P; i++) logs += rho[i];
    for (int64_t i = 0; i < N; i++) {
        double f = w[D] + exp(rho[D]) * (double)noise[D];
        for (int k = 0; k < D; k++) f += (w[k] + exp(rho[k]) * (double)noise[k]) * (double)set->x[i * D + k];
        loss += spec->factor * log1p(exp(set->label[i] ? -f : f)) / N;
    }
    const double kl = P / 2.0 * log(variance_of(w, rho, prior)) - logs;
    return er_objective(spec->objective, loss, kl + price, N, spec->delta).value;
}

/* Adam's first step goes by the signs of the gradient: each is that of a central difference. */
static void test_first_step(const struct er_dataset *set, const struct er_net *net)
{
    const float prior[P] = {.1f, -.2f, .05f, .2f, 0}, mean[P] = {.3f, -.4f, .1f, .5f, -.1f},
                rho[P] = {-3, -2.5f, -2.2f, -3.4f, -2};
    float noise[P];
    er_normals(4, er_stochastic_stream(ER_NOISE, 0), P, noise);
    for (int kind = 0; kind < 4; kind++) {
        const struct er_bound_descent_spec spec = {.objective = (enum er_objective)kind,
                                                   .factor = .3,
                                                   .delta = .05,
                                                   .rate = 1e-3,
                                                   .deviation_rate = 2e-3,
                                                   .steps = 10,
                                                   .batch = N,
                                                   .seed = 4};
        struct er_bound_descent b;
        double w[P], r[P];
        for (int i = 0; i < P; i++) {
            w[i] = (double)mean[i];
            r[i] = (double)rho[i];
        }
        const double price = er_prior_cost(er_prior_place(variance_of(w, r, prior)));
        T_STATUS(er_bound_descent_open(&b, net, set, prior, mean, rho, &spec, &err), ER_OK, "open");
        T_OK(er_bound_descent_step(&b), "a step");
        T_CLOSE(b.value, objective(set, w, r, prior, noise, price, &spec), 1e-5, "objective %d", kind);
        for (int i = 0; i < 2 * P; i++) {
            double *at = i < P ? &w[i] : &r[i - P];
            const double x = *at, h = 1e-4;
            *at = x + h;
            const double up = objective(set, w, r, prior, noise, price, &spec);
            *at = x - h;
            const double slope = (up - objective(set, w, r, prior, noise, price, &spec)) / (2 * h);
            *at = x;
            const double moved = i < P ? (double)b.mean[i] - x : (double)b.log_deviation[i - P] - x,
                         rate = i < P ? 1e-3 : 2e-3;
            T_CLOSE(moved, slope > 0 ? -rate : rate, 1e-3 * rate, "objective %d, parameter %d, slope %g",
                    kind, i, slope);
            /* Adam's first moment after one step, a tenth of the gradient, beside that of h^2 and float32 sums of N */
            T_CLOSE((double)b.moment[i < P ? i : i + P] * 10, slope, 2e-5 * (1 + fabs(slope)),
                    "objective %d, its gradient %d", kind, i);
        }
        er_bound_descent_close(&b);
    }
}

/* A loss that counts for nothing: the posterior becomes the prior. */
static void test_without_loss(const struct er_dataset *set, const struct er_net *net)
{
    const float prior[P] = {.1f, -.2f, .05f, .2f, 0}, mean[P] = {.3f, -.4f, .1f, .3f, -.1f},
                rho[P] = {-3, -2.5f, -2.2f, -3.4f, -2};
    const struct er_bound_descent_spec spec = {.objective = ER_OBJECTIVE_CLASSIC,
                                               .factor = 1e-9,
                                               .delta = .05,
                                               .rate = .01,
                                               .deviation_rate = .05,
                                               .steps = 600,
                                               .batch = 50,
                                               .seed = 1};
    struct er_bound_descent b, again;
    double variance, before, after;
    T_STATUS(er_bound_descent_open(&b, net, set, prior, mean, rho, &spec, &err), ER_OK, "open");
    before = er_bound_descent_divergence(&b, &variance);
    T_EQ_INT(er_bound_descent_epoch(&b), 4, "steps of an epoch");
    for (int i = 0; i < 7; i++) er_bound_descent_step(&b);
    void *state = malloc(er_bound_descent_state_bytes(&b));
    if (!state) abort();
    er_bound_descent_save(&b, state);
    T_STATUS(er_bound_descent_open(&again, net, set, prior, prior, rho, &spec, &err), ER_OK, "another");
    er_bound_descent_restore(&again, state);
    free(state);
    while (b.step < spec.steps) er_bound_descent_step(&b);
    while (again.step < spec.steps) er_bound_descent_step(&again);
    T_OK(same(b.mean, again.mean, 6 * P * sizeof(float)), "taken up, it ends in the same bits");
    after = er_bound_descent_divergence(&b, &variance);
    T_OK(before > 4 && after >= 0 && after < 1e-3, "KL from %g to %g", before, after);
    float deviation[P];
    er_bound_descent_deviation(&b, deviation);
    T_CLOSE(er_gaussian_kl(P, b.mean, deviation, prior, variance), after, 1e-5,
            "which the closed form says too");
    er_bound_descent_close(&b);
    er_bound_descent_close(&again);
    T_ALLOCATIONS(er_bound_descent_open(&b, net, set, prior, mean, rho, &spec, &err),
                  er_bound_descent_close(&b), "descent");
}

int main(void)
{
    struct er_dataset set = blobs_make(N, D, 2, .5, 6, 0);
    struct er_net *net = blobs_net(&set, "[dense]", "logistic");
    struct er_net *normed = blobs_net(&set, "[dense 3, batch_norm, dense]", "logistic");
    struct er_bound_descent b;
    const float zero[64] = {0};
    const struct er_bound_descent_spec spec = {.batch = N + 1, .steps = 1};
    test_first_step(&set, net);
    test_without_loss(&set, net);
    T_STATUS(er_bound_descent_open(&b, net, &set, zero, zero, zero, &spec, &err), ER_E_USAGE,
             "too large a batch");
    T_STATUS(er_bound_descent_open(&b, normed, &set, zero, zero, zero, &spec, &err), ER_E_USAGE,
             "batch norm");
    er_net_free(normed);
    er_net_free(net);
    er_dataset_clear(&set);
    return t_done();
}
