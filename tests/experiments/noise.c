/* The experiment noise: theory to the digits that it has, walks once more from their random numbers, places far away. Threads
 * and stops: implicit_bias.c. */
#include "experiments/noise_walk.h"

#include "support/experiment_run.h"
#include "t.h"

#include <ermine/random.h>

static struct experiment_runs *done(const char *yaml)
{
    struct er_error err;
    struct experiment_runs *r = experiment_runs_new(yaml);
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "%s", yaml);
    return r;
}

/* Few steps of few walkers, once more from their random numbers: which steps are averaged, and over what. */
static void check_walkers(void)
{
    enum { WALKERS = 5, STEPS = 40 };
    const struct er_noise_spec s = {.rate = 0.5,
                                    .sd = 2,
                                    .batch = 4,
                                    .steps = STEPS,
                                    .walkers = WALKERS,
                                    .per_decade = 1,
                                    .curvature = 0.7,
                                    .wells = {.narrow = 2, .wide = 3, .depth = 0.3},
                                    .seed = 6};
    double mean[WALKERS], all = 0, squares = 0, square[4] = {0}, v, e, count[5] = {0}, expected[5] = {0},
                          wide, in_wide = 0;
    struct er_error err;
    for (int i = 0; i < WALKERS; i++) {
        struct er_random a = er_random_open(6, er_stream(ER_PURPOSE_BATCHES, (uint64_t)i)), b = a;
        double x = 0, y = -1;
        mean[i] = 0;
        for (int t = 1; t <= STEPS; t++) {
            x -= 0.5 * (0.7 * x + er_random_normal(&a));
            y = er_wells_fold(&s.wells, y - 0.5 * (er_wells_slope(&s.wells, y) + er_random_normal(&b)));
            if (t > STEPS / 2) mean[i] += x * x / (STEPS / 2.0);
            if (t <= STEPS - STEPS / 10) continue;
            expected[(int)floor(y + 2)]++;
            in_wide += y >= 0;
        }
        all += mean[i] / WALKERS;
    }
    for (int i = 0; i < WALKERS; i++) squares += (mean[i] - all) * (mean[i] - all);
    T_STATUS(er_noise_walk_quadratic(&s, square, &v, &e, NULL, &err), ER_OK, "parabola");
    T_CLOSE(v, all, 1e-13 * all, "the last half of the steps");
    T_CLOSE(e, sqrt(squares / (WALKERS * (WALKERS - 1))), 1e-12 * all, "and its standard error");
    T_STATUS(er_noise_walk_wells(&s, 5, count, &wide, NULL, &err), ER_OK, "wells");
    for (int k = 0; k < 5; k++) T_CLOSE(count[k], expected[k], 0, "visits to place %d in the last tenth", k);
    T_CLOSE(wide, in_wide / (WALKERS * STEPS / 10.0), 1e-15, "share of the wide well");
}

/* The stationary variance within 1 % of rate sd^2 / (h (2 - rate h)); on the way there the recursion
 * v <- rho^2 v + (rate sd)^2 / batch. */
static void check_quadratic(void)
{
    static const double variance[] = {.0526, .0156, .0100};
    struct experiment_runs *r =
        done("study: s\nnoise: {steps: 20000, quadratic: {curvature: [1, 4, 10, 20, 20.5]}}\n");
    for (int i = 0; i < 3; i++) {
        T_CLOSE(experiment_value(r, i, "variance_theory"), variance[i], 0.5e-4, "theory");
        T_CLOSE(experiment_value(r, i, "variance"), variance[i], 0.01 * variance[i], "within 1 %%");
        T_CLOSE(experiment_value(r, i, "variance"), experiment_value(r, i, "variance_theory"),
                5 * experiment_value(r, i, "variance_error"), "and within errors");
    }
    T_EQ_STR(r->record[3].outcome, "steps", "rate x curvature = 2 is a free walk");
    T_CLOSE(experiment_value(r, 3, "variance"), 0.1 * 0.1 * 20000 * 0.75, 0.1 * 0.1 * 20000 * 0.5,
            "which goes as far as noise leads it: 0.75 of the last steps's on average, errors of an eighth");
    T_OK(isnan(experiment_value(r, 3, "variance_ratio")), "and has no stationary variance");
    T_EQ_STR(r->record[4].outcome, "diverged", "beyond");
    experiment_runs_free(r);
    r = done("study: s\nnoise: {steps: 10, quadratic: {curvature: 20.5}}\n");
    T_EQ_STR(r->record[0].outcome, "steps", "after ten steps the walkers have not left");
    experiment_runs_free(r);
    for (int k = 0; k < 4; k++) {
        static const double curvature[] = {0.5, 10, 15, 21};
        const struct er_noise_spec s = {.rate = 0.1, .sd = 3, .batch = 4, .curvature = curvature[k]};
        double v = 0;
        for (int64_t t = 1; t <= 40; t++) {
            v = (1 - 0.1 * curvature[k]) * (1 - 0.1 * curvature[k]) * v + 0.3 * 0.3 / 4;
            T_CLOSE(er_noise_variance(&s, t), v, 1e-12 * v, "curvature %g, step %d", curvature[k], (int)t);
        }
        if (k == 3) continue;
        T_CLOSE(er_noise_variance(&s, 1000000), er_noise_variance_limit(&s), 1e-12, "and its limit");
    }
}

/* exp(-L / T): equal depths share by their widths. A deeper narrow well wins when it is cold, the wide one when it is hot. */
static void check_wells(void)
{
    const struct er_wells equal = {.narrow = 2, .wide = 6, .depth = 1},
                          deeper = {.narrow = 2, .wide = 6, .depth = 1, .deeper = 0.5};
    for (int k = 0; k < 8; k++)
        T_CLOSE(er_wells_theory(&equal, 0.05 * (1 << k)).wide, 0.75, 1e-12, "the widths' share, %d", k);
    T_OK(er_wells_theory(&deeper, 0.05).wide < 0.01, "cold: the deep one");
    T_CLOSE(er_wells_theory(&deeper, 1e4).wide, 0.75, 1e-3, "hot: the wide one");
    for (int k = 0; k < 26; k++) {
        const double x = -1.9 + 0.3 * k;
        T_CLOSE((er_wells_loss(&deeper, x + 1e-6) - er_wells_loss(&deeper, x - 1e-6)) / 2e-6,
                er_wells_slope(&deeper, x), 1e-8, "the slope at %g", x);
    }
    T_CLOSE(er_wells_fold(&equal, 6 + 1.5), -0.5, 1e-12, "a period");
    T_CLOSE(er_wells_fold(&equal, -2 - 8 - 1), 5, 1e-12, "and one to the left");
    const struct er_wells small = {.narrow = 1e-6, .wide = 1e-6};
    for (int k = 0; k < 200; k++) { /* numbers there are further apart than a period */
        const double x = er_wells_fold(&small, sin(k) * 1e12);
        T_OK(x >= -1e-6 && x < 1e-6, "folded from far away: %g", x);
    }
    /* high barriers: Z = sqrt(2 pi T / L'') at the bottoms, B likewise at the tops, half from each side */
    const double cold = 0.02, w = 2 * M_PI / 2, v = 2 * M_PI / 6;
    const double zn = sqrt(2 * M_PI * cold / (w * w / 2)), zw = sqrt(2 * M_PI * cold / (v * v / 2));
    const double rate = 2 * cold * exp(-1 / cold) * (1 / zn + 1 / zw) / ((zn + zw) / 2);
    T_CLOSE(er_wells_theory(&equal, cold).rate / rate, 1, 0.03, "Kramers's formula, up to a share T / depth");
    struct experiment_runs *r =
        done("study: s\nnoise: {batch: [1, 2, 8], walkers: 60, steps: 40000, wells: {narrow: 3, wide: 9}}\n");
    /* a walker crosses once or twice in that tenth: at least 60 independent places, of standard error .056 at most */
    T_CLOSE(experiment_value(r, 0, "wide_share"), 0.75, 0.14, "hot: the ratio of the widths");
    T_CLOSE(experiment_value(r, 1, "wide_share"), experiment_value(r, 1, "wide_share_expected"), 0.25,
            "on the way");
    T_OK(experiment_value(r, 2, "wide_share") < 0.1, "cold: it stays where it began");
    T_OK(experiment_value(r, 0, "density_distance") < 0.15, "exp(-L / T), place by place");
    experiment_runs_free(r);
}

int main(void)
{
    check_walkers();
    check_quadratic();
    check_wells();
    return t_done();
}
