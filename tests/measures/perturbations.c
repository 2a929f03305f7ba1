/* Searches around a minimum: of networks whose error under noise, or in a box, is a closed form; and what is counted there. */
#include "t.h"

#include "measures/counter.h"
#include "measures/perturbed.h"
#include "support/small_net.h"

/* --- networks with a closed form --- */

enum { N = 400 };

/* Two classes by w'x, all examples of class 1: example i has the input x_i and, in a net of two inputs, a 1 behind it. */
static void line_up(struct small_net *s, float weight)
{
    for (int64_t i = 0; i < N; i++) {
        s->set.label[i] = 1;
        s->set.x[2 * i] = (float)(i + 1) / N;
        s->set.x[2 * i + 1] = 1;
    }
    s->w[0] = -weight;
    s->w[1] = weight;
    s->w[2] = s->w[3] = 0;
}

/* Example i has an input of its own, with weights -weight and weight to the two classes. */
static void one_each(struct small_net *s, float weight)
{
    for (int64_t i = 0; i < N; i++) s->set.label[i] = 1;
    for (int64_t i = 0; i < N * N; i++) s->set.x[i] = i / N == i % N;
    for (int64_t i = 0; i < N; i++) {
        s->w[2 * i] = -weight;
        s->w[2 * i + 1] = weight;
    }
}

static double radius_of(const struct small_net *s, enum er_perturbation which, int threads, uint64_t seed)
{
    const struct er_measured is = {.net = s->net,
                                   .w = s->w,
                                   .train = &s->set,
                                   .train_error = (double)NAN,
                                   .test_error = (double)NAN,
                                   .seed = seed};
    struct er_measured_run *run = NULL;
    struct er_pool *pool = NULL;
    struct er_radius found = {.radius = (double)NAN};
    struct er_error err = {0};
    enum er_status status = threads ? er_pool_new(threads, &pool, &err) : ER_OK;
    if (status == ER_OK) status = er_measured_run_new(&is, pool, &run, &err);
    if (status == ER_OK) status = er_measured_radius(run, which, &found, &err);
    T_OK(status == ER_OK, "a radius: %s", err.msg);
    er_measured_run_free(run);
    er_pool_free(pool);
    return found.radius;
}

static const double QUANTILE = 1.2815515655446004; /* of the standard normal, at 0.9 */

/* Noise of a variance v a weight: example i is wrong with probability Phi(-1 / sqrt(2 v)), of weights of its own; so dev is a mean
 * of 10 N independent ones, of standard error 0.0047, over a slope of 0.22 in ln s: 2 % of s each. */
static void check_gaussian(void)
{
    const double sigma = 1 / (QUANTILE * sqrt(2)), epsilon = ER_PERTURBED_EPSILON;
    struct small_net s;
    if (small_net_open(&s, "[dense bias=false]", "cross-entropy", N, N, 2)) {
        one_each(&s, .5f);
        const double plain = radius_of(&s, ER_PERTURBATION_SIGMA, 0, 3);
        T_CLOSE(plain, sigma, .08 * sigma, "sigma, to 4 standard errors");
        T_OK(plain == radius_of(&s, ER_PERTURBATION_SIGMA, 3, 3), "the same on 3 threads");
        T_OK(plain < radius_of(&s, ER_PERTURBATION_SIGMA, 0, 4) ||
                 plain > radius_of(&s, ER_PERTURBATION_SIGMA, 0, 4),
             "each seed has its own");
        const double relative = 2 * sqrt(sigma * sigma - epsilon * epsilon);
        T_CLOSE(radius_of(&s, ER_PERTURBATION_SIGMA_MAGNITUDE, 0, 3), relative, .08 * relative,
                "in parts of weights of 1/2");
        T_CLOSE(radius_of(&s, ER_PERTURBATION_SIGMA_RGM, 0, 3), sqrt(sigma), .08 * sqrt(sigma),
                "the reference's own is the root of it");
        one_each(&s, 1);
        T_CLOSE(radius_of(&s, ER_PERTURBATION_SIGMA, 0, 3), 2 * plain, .02 * plain, "twice the weights");
    }
    small_net_close(&s);
}

/* In a box of half-widths a and c the outputs differ by x_i (1 - 2 a) - 2 c at worst, which is below 0 for x_i < 2 c / (1 - 2 a):
 * a line of examples of which so many parts lie below. */
static void check_box(void)
{
    struct small_net s;
    if (small_net_open(&s, "[dense bias=false]", "cross-entropy", N, 2, 2)) {
        line_up(&s, .5f);
        const double alpha = radius_of(&s, ER_PERTURBATION_ALPHA, 0, 3), want = .1 / 2.2;
        /* a dev of 1/N more or less is 2.5 % of 0.1 */
        T_CLOSE(alpha, want, .03 * want, "alpha: 2 alpha / (1 - 2 alpha) = 0.1");
        T_OK(alpha == radius_of(&s, ER_PERTURBATION_ALPHA, 3, 3), "the same on 3 threads");
        const double epsilon = ER_PERTURBED_EPSILON, relative = 1 - 2 * epsilon - 20 * epsilon;
        T_CLOSE(radius_of(&s, ER_PERTURBATION_ALPHA_MAGNITUDE, 0, 3), relative, .003,
                "alpha': 2 eps / (1 - alpha' - 2 eps) = 0.1");
    }
    small_net_close(&s);
}

/* --- what is counted --- */

static void perturb_nothing(const void *ctx, int64_t draw, float *w)
{
    const struct small_net *s = ctx;
    (void)draw;
    memcpy(w, s->w, (size_t)s->P * sizeof *w);
}

/* Draw k makes all wrong for k < 3. */
static void perturb_some(const void *ctx, int64_t draw, float *w)
{
    const struct small_net *s = ctx;
    for (int64_t i = 0; i < s->P; i++) w[i] = draw < 3 ? -s->w[i] : s->w[i];
}

static void check_counter(void)
{
    struct small_net s;
    struct er_error err;
    if (small_net_open(&s, "[dense bias=false]", "cross-entropy", N, 2, 2)) {
        struct er_counter counter;
        line_up(&s, .5f);
        for (int64_t i = 0; i < 40; i++) s.set.label[10 * i] = 0; /* a tenth is wrong */
        T_STATUS(er_counter_new(s.net, &s.set, NULL, &counter, &err), ER_OK, "counter");
        T_CLOSE(er_counter_error(&counter, s.w), .1, 1e-15, "all of them");
        counter.evaluated = 0;
        struct er_deviation is = er_counter_deviation(&counter, 0, 10, perturb_nothing, &s);
        T_OK(is.off < .01 && fabs(is.value - .1) <= .01 - is.off, "within: %g +- %g", is.value, is.off);
        T_OK(counter.evaluated <= 10 * N, "%d pairs", (int)counter.evaluated);
        is = er_counter_deviation(&counter, .095, 10, perturb_nothing, &s);
        T_OK(is.value + is.off < .09, "below: %g +- %g", is.value, is.off);
        counter.evaluated = 0;
        is = er_counter_deviation(&counter, .1, 10, perturb_some, &s); /* 3/10 (0.9 - 0.1) */
        T_OK(is.value - is.off > .11 && counter.evaluated < 10 * N, "above: %g +- %g", is.value, is.off);
        is = er_counter_deviation(&counter, .22, 10, perturb_some, &s);
        T_OK(fabs(is.value - .12) < 1e-12 || is.value - is.off > .11, "near the edge: %g +- %g", is.value,
             is.off);
        /* a file sorted by class: no piece is of one half alone (of 32 that are drawn, with probability 2^-31) */
        for (int64_t at = 0, low = 0; at < counter.blocks * counter.rows && at < N; at++) {
            low += counter.order[at] < N / 2;
            if ((at + 1) % counter.rows != 0) continue;
            T_OK(low > 0 && low < counter.rows, "a piece of %d has %d of the first half", (int)counter.rows,
                 (int)low);
            low = 0;
        }
        er_counter_clear(&counter);
        T_ALLOCATIONS(er_counter_new(s.net, &s.set, NULL, &counter, &err), er_counter_clear(&counter),
                      "counter");
    }
    small_net_close(&s);
}

int main(void)
{
    check_gaussian();
    check_box();
    check_counter();
    return t_done();
}
