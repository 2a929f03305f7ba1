/* Stochastic networks: what is drawn, the error of what is drawn against its closed form, and the certificate. */
#include "t.h"

#include "math/normal.h"
#include "stochastic/certificate.h"
#include "stochastic/normals.h"
#include "support/blobs.h"

#include <ermine/pac_bayes.h>
#include <ermine/random.h>

static struct er_error err;

enum { N = 200, D = 4, P = D + 1 };

/* Box and Muller's formula in double, of the words of one counter after the other. */
static void test_normals(void)
{
    enum { MANY = 20000 };
    static float x[MANY], y[100];
    double sum = 0, squares = 0, fourth = 0, worst = 0;
    er_normals(3, 7, MANY, x);
    er_normals(3, 7, 100, y);
    T_OK(memcmp(x, y, sizeof y) == 0, "the first of more are those of fewer");
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

/* Weights that are no numbers predict nothing: an error, and not the class that happens to be first. */
static void test_no_numbers(const struct er_dataset *set, const struct er_net *net)
{
    const float mean[P] = {(float)NAN, 0, 0, 0, 0}, s[P] = {.1f, .1f, .1f, .1f, .1f};
    const struct er_stochastic q = {net, mean, s, mean};
    const struct er_sampling how = {.draws = 50, .rows = 4, .seed = 1};
    struct er_sampled_error got;
    T_STATUS(er_sampled_error(&q, set, &how, NULL, NULL, &got, &err), ER_OK, "draws");
    T_OK(got.mean == 1 && got.standard_error == 0, "an error of 1: %g", got.mean);
}

/* The certificate's own promise, over worlds of labels that are coins: whatever Q is, its risk is 1/2, so a bound below
 * that fails, which may happen in a share delta + delta' of worlds. Q is the best by its bound of several that lean to the
 * examples' labels, sum y x, and fit them. (With few draws and ehat in place of ebar half of the worlds fail, with many and
 * without KL all.) */
static void test_validity(int worlds, int64_t draws)
{
    enum { M = 100, WIDE = 400, TRIED = 8 };
    static const float lean[TRIED] = {0, .005f, .01f, .02f, .05f, .1f, .2f, .4f};
    static float x[M * WIDE], mean[WIDE], s[WIDE], prior[WIDE];
    int32_t label[M];
    const double delta = .05, delta_sampling = .05;
    const struct er_dataset set = {.n = M, .shape = {WIDE, 1, 1}, .classes = 2, .x = x, .label = label};
    const struct er_sampled_error none = {1, 1};
    struct er_net *net = blobs_net(&set, "[dense bias=false]", "logistic");
    double fitted = 0;
    int failed = 0;
    for (int k = 0; k < WIDE; k++) s[k] = .05f;
    for (int world = 0; world < worlds; world++) {
        struct er_random r = er_random_open((uint64_t)world, 1);
        struct er_sampled_error error = none;
        double least = (double)INFINITY;
        er_normals((uint64_t)world, 2, M * WIDE, x);
        for (int i = 0; i < M; i++) label[i] = (int32_t)er_random_below(&r, 2);
        for (int t = 0; t < TRIED; t++) {
            const struct er_stochastic q = {net, mean, s, prior};
            const struct er_sampling how = {.draws = draws, .rows = 1, .seed = (uint64_t)(world * TRIED + t)};
            memset(mean, 0, sizeof mean);
            for (int i = 0; i < M * WIDE; i++)
                mean[i % WIDE] += (label[i / WIDE] ? lean[t] : -lean[t]) * s[0] * x[i];
            error = none;
            if (er_sampled_error(&q, &set, &how, NULL, NULL, &error, &err) != ER_OK) break;
            least = fmin(least, er_certify(&q, error.mean, draws, M, delta, delta_sampling / TRIED).bound);
        }
        fitted += error.mean / worlds;
        failed += least < .5;
    }
    T_OK(fitted < .1, "the last fits: an error of %g", fitted);
    T_OK(failed <= worlds * (delta + delta_sampling), "%d draws: %d of %d bounds fail", (int)draws, failed,
         worlds);
    er_net_free(net);
}

/* The numbers of check_c25_dziugaite_roy() (tests/stochastic/pac_bayes.c) from a posterior that has them: means that make
 * KL 5144 at the prior's place 370, deviations of that very place. The price is what separates bound and kl(place). */
static void check_c25_chain(const struct er_net *net)
{
    const double variance = er_prior_variance(370), way = sqrt(2 * variance * 5144 / P);
    float prior[P] = {0}, mean[P], s[P];
    for (int i = 0; i < P; i++) {
        mean[i] = (float)way;
        s[i] = (float)sqrt(variance);
    }
    const double kl = er_gaussian_kl(P, mean, s, prior, variance);
    T_CLOSE(kl, 5144, 5144 * 0x1p-22, "KL of C25, to the rounding of floats");
    const struct er_stochastic q = {net, mean, s, prior};
    const struct er_certificate c = er_certify(&q, .028, 150000, 55000, .025, .01);
    T_CLOSE(c.upper, 0.0294088907, 1e-10, "ebar of C25");
    T_OK(c.place < 370 && c.divergence + er_prior_cost((double)c.place) < kl + er_prior_cost(370),
         "a place of a wider prior is better for means so far away: %d", (int)c.place);
    const double C =
        c.divergence + log(9.8696044010893586 / 6) + 2 * log((double)c.place) + log(2 * sqrt(55000) / .025);
    T_CLOSE(er_binary_kl(c.upper, c.bound) * 55000, C, 1e-6, "kl(ebar || bound) m = KL + the price + ln");
}

/* The place of the grid is the best of all, and the bound that of the formula. */
static void check_certificate(const struct er_net *net, const float *mean, const float *s, const char *what)
{
    const float prior[P] = {0};
    const struct er_stochastic q = {net, mean, s, prior};
    const struct er_certificate c = er_certify(&q, .1, 1000, 5000, .04, .01);
    double least = (double)INFINITY;
    int64_t best = 0;
    for (int64_t j = 1; j < 4000; j++) {
        const double cost =
            er_gaussian_kl(P, mean, s, prior, er_prior_variance(j)) + er_prior_cost((double)j);
        if (cost < least) best = j;
        least = fmin(least, cost);
    }
    T_EQ_INT(c.place, best, "%s: the best place", what);
    T_OK(c.variance == er_prior_variance(best) && c.error == .1, "%s: its variance", what);
    T_CLOSE(c.bound, er_pac_bayes_kl(er_pac_bayes_sampled(.1, 1000, .01), least, 5000, .04), 1e-13,
            "%s: bound", what);
    T_OK(c.error < c.upper && c.upper < c.bound && c.bound < c.dziugaite_roy && c.bound < c.classic,
         "%s: order", what);
    printf("# %s: place %d\n", what, (int)c.place);
}

static void test_certificate(const struct er_net *net)
{
    const float mean[P] = {.05f, -.02f, .01f, .03f, .06f}, s[P] = {.04f, .05f, .02f, .03f, .1f},
                near[P] = {5e-5f, -2e-5f, 1e-5f, 3e-5f, 6e-5f},
                small[P] = {4e-5f, 5e-5f, 2e-5f, 3e-5f, 1e-4f}, far[P] = {5, 5, 5, 5, 5}, zero[P] = {0};
    float grid[P];
    for (int i = 0; i < P; i++) grid[i] = (float)sqrt(er_prior_variance(1500));
    check_certificate(net, mean, s, "five weights are too few for the price of a place");
    check_certificate(net, near, small, "between places");
    check_certificate(net, zero, grid, "deviations of a place");
    check_certificate(net, far, s, "beyond the ceiling");
    check_c25_chain(net);
}

int main(void)
{
    struct er_dataset set = blobs_make(N, D, 2, .5, 6, 0);
    struct er_net *net = blobs_net(&set, "[dense]", "logistic");
    test_normals();
    test_sampled_error();
    test_no_numbers(&set, net);
    test_certificate(net);
    test_validity(100, 6);
    test_validity(40, 150);
    er_net_free(net);
    er_dataset_clear(&set);
    return t_done();
}
