/* Stochastic networks: what is drawn, the error of what is drawn against its closed form, descent and
 * certificate. */
#include "t.h"

#include "math/normal.h"
#include "stochastic/bound_descent.h"
#include "stochastic/certificate.h"
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

/* Box and Muller's formula in double, of the words of one counter after the other. */
static void test_normals(void)
{
    enum { MANY = 20000 };
    static float x[MANY], y[100];
    double sum = 0, squares = 0, fourth = 0, worst = 0;
    er_normals(3, 7, MANY, x);
    er_normals(3, 7, 100, y);
    T_OK(same(x, y, sizeof y), "the first of more are those of fewer");
    for (int g = 0; g < 50; g++) {
        uint32_t word[16];
        for (int k = 0; k < 4; k++) er_random_words(3, 7, 4 * (uint64_t)g + (uint64_t)k, word + 4 * k);
        for (int i = 0; i < 8; i++) {
            const double u = ((word[i] >> 9) + .5) / 8388608, v = (word[8 + i] >> 8) / 16777216.0,
                         r = sqrt(-2 * log(u)), a = 6.283185307179586 * v;
            worst = fmax(worst, fabs((double)x[16 * g + i] - r * cos(a)));
            worst = fmax(worst, fabs((double)x[16 * g + i + 8] - r * sin(a)));
        }
    }
    T_CLOSE(worst, 0, 6 * 6.3 * 0x1p-24, "Box and Muller, to the rounding of the angle");
    for (int i = 0; i < MANY; i++) {
        const double z = (double)x[i];
        sum += z / MANY;
        squares += z * z / MANY;
        fourth += z * z * z * z / MANY;
    }
    T_CLOSE(sum, 0, 4 / sqrt(MANY), "mean, within 4 standard errors");
    T_CLOSE(squares, 1, 4 * sqrt(2.0 / MANY), "variance");
    T_CLOSE(fourth, 3, 4 * sqrt(96.0 / MANY), "fourth moment");
}

/* A linear classifier: the output of a drawn one is N(w x + b, s^2 |x|^2 + s_b^2), so it errs on an example
 * with probability Phi(-margin / standard deviation). */
static void test_sampled_error(void)
{
    const struct er_dataset set = blobs_make(N, D, 2, .8, 5, 0);
    struct er_net *net = blobs_net(&set, "[dense]", "logistic");
    const float w[P] = {.4f, -.7f, .2f, .9f, .1f}, s[P] = {.3f, .5f, .1f, .4f, .2f};
    const struct er_stochastic q = {net, w, s, w};
    const struct er_sampling how = {.draws = 4000, .rows = 3, .seed = 9};
    struct er_sampled_error got, other, found;
    double want = 0;
    for (int64_t i = 0; i < N; i++) {
        double mean = (double)w[D], variance = (double)s[D] * (double)s[D];
        for (int k = 0; k < D; k++) {
            const double x = (double)set.x[i * D + k];
            mean += (double)w[k] * x;
            variance += (double)s[k] * (double)s[k] * x * x;
        }
        want += er_normal_cdf((set.label[i] ? -mean : mean) / sqrt(variance)) / N;
    }
    T_STATUS(er_sampled_error(&q, &set, &how, NULL, NULL, &got, &err), ER_OK, "draws");
    T_CLOSE(got.mean, want, 4 * got.standard_error, "the closed form, within 4 standard errors");
    T_OK(got.standard_error > .5 * sqrt(want * (1 - want) / 12000) &&
             got.standard_error < 1.5 * sqrt(want * (1 - want) / 4000),
         "standard error %g", got.standard_error);
    struct er_pool *pool = NULL;
    T_STATUS(er_pool_new(3, &pool, &err), ER_OK, "pool");
    T_STATUS(er_sampled_error(&q, &set, &how, pool, NULL, &other, &err), ER_OK, "on threads");
    T_OK(got.mean == other.mean && got.standard_error == other.standard_error, "the same on threads");
    struct er_sampling search = how;
    search.search = true;
    T_STATUS(er_sampled_error(&q, &set, &search, pool, NULL, &found, &err), ER_OK, "search");
    T_OK(found.mean != got.mean, "a search has draws of its own");
    const atomic_bool stop = true;
    const struct er_progress stopped = {.stop = &stop};
    T_STATUS(er_sampled_error(&q, &set, &how, NULL, &stopped, &found, &err), ER_E_STOPPED, "interrupted");
    struct er_sampling few = how;
    few.draws = 20;
    T_ALLOCATIONS(er_sampled_error(&q, &set, &few, NULL, NULL, &found, &err), (void)0, "draws");
    er_pool_free(pool);
    er_net_free(net);
    struct er_dataset mine = set;
    er_dataset_clear(&mine);
}

/* F of a linear logistic model in double: all examples are one batch, the noise is that of step 0. */
static double objective(const struct er_dataset *set, const double *w, const double *rho, const float *prior,
                        const float *noise, const struct er_bound_descent_spec *spec)
{
    double loss = 0, S = 0, logs = 0;
    for (int i = 0; i < P; i++) {
        const double d = w[i] - (double)prior[i];
        S += exp(2 * rho[i]) + d * d;
        logs += rho[i];
    }
    for (int64_t i = 0; i < N; i++) {
        double f = w[D] + exp(rho[D]) * (double)noise[D];
        for (int k = 0; k < D; k++) f += (w[k] + exp(rho[k]) * (double)noise[k]) * (double)set->x[i * D + k];
        loss += spec->factor * log1p(exp(set->label[i] ? -f : f)) / N;
    }
    const double variance = S / P, kl = P / 2.0 * log(variance) - logs;
    return er_objective(spec->objective, loss, kl + er_prior_cost(er_prior_place(variance)), N, spec->delta)
        .value;
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
        T_STATUS(er_bound_descent_open(&b, net, set, prior, mean, rho, &spec, &err), ER_OK, "open");
        T_OK(er_bound_descent_step(&b), "a step");
        T_CLOSE(b.value, objective(set, w, r, prior, noise, &spec), 1e-5, "objective %d", kind);
        for (int i = 0; i < 2 * P; i++) {
            double *at = i < P ? &w[i] : &r[i - P];
            const double x = *at, h = 1e-4;
            *at = x + h;
            const double up = objective(set, w, r, prior, noise, &spec);
            *at = x - h;
            const double slope = (up - objective(set, w, r, prior, noise, &spec)) / (2 * h);
            *at = x;
            const double moved = i < P ? (double)b.mean[i] - x : (double)b.log_deviation[i - P] - x,
                         rate = i < P ? 1e-3 : 2e-3;
            T_CLOSE(moved, slope > 0 ? -rate : rate, 1e-3 * rate, "objective %d, parameter %d, slope %g",
                    kind, i, slope);
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

/* The place of the grid is the best of all, and the bound that of the formula. */
static void test_certificate(const struct er_net *net)
{
    const float prior[P] = {0}, mean[P] = {.05f, -.02f, .01f, .03f, .06f},
                s[P] = {.04f, .05f, .02f, .03f, .1f};
    const struct er_stochastic q = {net, mean, s, prior};
    const struct er_certificate c = er_certify(&q, .1, 1000, 5000, .04, .01);
    double least = (double)INFINITY;
    int64_t best = 0;
    for (int64_t j = 1; j < 2000; j++) {
        const double cost =
            er_gaussian_kl(P, mean, s, prior, er_prior_variance(j)) + er_prior_cost((double)j);
        if (cost < least) best = j;
        least = fmin(least, cost);
    }
    T_OK(c.place == best, "place %d, best %d", (int)c.place, (int)best);
    T_CLOSE(c.bound,
            er_pac_bayes_kl(er_pac_bayes_sampled(.1, 1000, .01),
                            c.divergence + er_prior_cost((double)c.place), 5000, .04),
            1e-15, "bound");
    T_OK(c.error < c.upper && c.upper < c.bound && c.bound < c.dziugaite_roy && c.bound < c.classic, "order");
    const float far[P] = {5, 5, 5, 5, 5};
    const struct er_stochastic wild = {net, far, s, prior};
    T_EQ_INT(er_certify(&wild, .1, 1000, 5000, .04, .01).place, 1, "beyond the ceiling the first place");
}

int main(void)
{
    struct er_dataset set = blobs_make(N, D, 2, .5, 6, 0);
    struct er_net *net = blobs_net(&set, "[dense]", "logistic");
    struct er_net *normed = blobs_net(&set, "[dense 3, batch_norm, dense]", "logistic");
    struct er_bound_descent b;
    const float zero[64] = {0};
    const struct er_bound_descent_spec spec = {.batch = N + 1, .steps = 1};
    test_normals();
    test_sampled_error();
    test_first_step(&set, net);
    test_without_loss(&set, net);
    test_certificate(net);
    T_STATUS(er_bound_descent_open(&b, net, &set, zero, zero, zero, &spec, &err), ER_E_USAGE,
             "too large a batch");
    T_STATUS(er_bound_descent_open(&b, normed, &set, zero, zero, zero, &spec, &err), ER_E_USAGE,
             "batch norm");
    er_net_free(normed);
    er_net_free(net);
    er_dataset_clear(&set);
    return t_done();
}
