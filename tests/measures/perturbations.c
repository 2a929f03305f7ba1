/* Searches around a minimum: of functions of which the answer is known, of networks whose error under noise, or in a box, is
 * a closed form, and of a network with batch norm, which is the one without. */
#include "t.h"

#include "measures/counter.h"
#include "measures/folded.h"
#include "measures/perturbed.h"
#include "support/measured_net.h"
#include "support/small_net.h"

#include <ermine/random.h>

/* --- the search by itself --- */

/* A function, and the sizes it was asked for. */
struct asked {
    double (*dev)(double s);
    double s[64];
    int n;
};

static struct er_deviation ask(void *ctx, double s)
{
    struct asked *a = ctx;
    if (a->n < 64) a->s[a->n] = s;
    a->n++;
    return (struct er_deviation){a->dev(s), 0};
}

static double square(double s)
{
    return fmin(1, s * s);
}

static double cube_far_out(double s)
{
    return fmin(.9, 1e9 * s * s * s);
}

static double jump(double s)
{
    return s < .3 ? .02 : .7;
}

static double thirds(double s)
{
    return floor(3 * fmin(s, 1)) / 3;
}

static double nothing(double s)
{
    return 0 * s;
}

static double always(double s)
{
    return .5 + 0 * s;
}

static void check_c28_reference_search(void)
{
    static const double visited[] = {1, .5, .25, .375, .3125};
    struct asked a = {.dev = square};
    struct er_radius is;
    T_OK(er_reference_search(ask, &a, &is), "it comes to an end");
    T_EQ_INT(a.n, 5, "sizes visited");
    for (int i = 0; i < 5; i++) T_OK(a.s[i] == visited[i], "visit %d: %g", i, a.s[i]);
    T_OK(is.radius == .3125 && is.deviation == .09765625, "%g, dev %g", is.radius, is.deviation);
    a = (struct asked){.dev = jump};
    T_OK(!er_reference_search(ask, &a, &is) && is.evaluations == 15,
         "15 halvings do not find what is not there");
}

static void check_search(void)
{
    static const double starts[] = {1e-9, .001, .3162, 1, 50};
    struct er_error err = {0};
    struct er_radius is;
    for (int i = 0; i < 5; i++) {
        struct asked a = {.dev = square};
        T_STATUS(er_radius_search(ask, &a, starts[i], "s", &is, &err), ER_OK, "s^2 from %g", starts[i]);
        /* powers are lines in logarithms: the last step is exact, up to the 0.005 below which dev counts as that */
        T_CLOSE(is.radius, sqrt(.1), 1e-3, "s^2 from %g, %d sizes", starts[i], a.n);
        T_OK(a.n == is.evaluations && a.n < 13 && !is.jump, "few sizes: %d", a.n);
        T_OK(is.radius == a.s[a.n - 1] && is.deviation == square(is.radius),
             "a size that was tried, and dev there");
        a = (struct asked){.dev = cube_far_out};
        T_STATUS(er_radius_search(ask, &a, starts[i], "s", &is, &err), ER_OK, "1e9 s^3 from %g", starts[i]);
        T_CLOSE(is.radius, cbrt(1e-10), .05 * cbrt(1e-10), "1e9 s^3 from %g", starts[i]);
        a = (struct asked){.dev = jump};
        T_STATUS(er_radius_search(ask, &a, starts[i], "s", &is, &err), ER_OK, "a jump from %g", starts[i]);
        T_OK(is.radius < .3 && is.radius >= .3 * (1 - 2e-3) && is.deviation == .02 && is.jump, "a jump: %g",
             is.radius);
        a = (struct asked){.dev = thirds};
        T_STATUS(er_radius_search(ask, &a, starts[i], "s", &is, &err), ER_OK, "of three examples");
        T_OK(is.radius < 1. / 3 && is.radius > .333, "of three examples: %g", is.radius);
        a = (struct asked){.dev = nothing};
        T_STATUS(er_radius_search(ask, &a, starts[i], "sigma", &is, &err), ER_E_UNSUPPORTED, "0");
        T_OK(strstr(err.msg, "sigma: the training error rises by 0 at the largest size, 2"), "%s", err.msg);
        a = (struct asked){.dev = always};
        T_STATUS(er_radius_search(ask, &a, starts[i], "sigma", &is, &err), ER_E_UNSUPPORTED, "1/2");
        T_OK(strstr(err.msg, "rises by 0.5 at the least size, 1e-05"), "%s", err.msg);
    }
    T_OK(er_deviation_decided((struct er_deviation){.3, .15}) &&
             !er_deviation_decided((struct er_deviation){.3, .2}),
         "above, or perhaps not");
    T_OK(er_deviation_decided((struct er_deviation){.1, .01}) &&
             !er_deviation_decided((struct er_deviation){.1, .02}),
         "within, or perhaps not");
    T_OK(er_deviation_decided((struct er_deviation){.11, .007}) &&
             !er_deviation_decided((struct er_deviation){.11, .008}),
         "at the edge, where it matters little");
    T_OK(er_deviation_decided((struct er_deviation){-.1, .1}) &&
             er_deviation_decided((struct er_deviation){.4, 0}),
         "below; all is counted");
}

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

/* --- the net without batch norm --- */

static void check_folded(const char *text, struct er_shape shape, int64_t layers)
{
    struct measured_net m;
    struct er_error err;
    if (measured_net_open(&m, text, "cross-entropy", shape, 3, 20)) {
        struct er_normless normless = {0};
        struct er_plan *plan[2] = {NULL, NULL};
        float out[2][20 * 3], *w = NULL;
        T_STATUS(er_normless_new(m.net, &normless, &err), ER_OK, "%s", text);
        T_EQ_INT(er_net_statistics(normless.net), 0, "nothing is left of batch norm");
        T_EQ_INT(normless.layers, layers, "layers");
        w = er_alloc(er_net_parameters(normless.net), sizeof *w);
        T_STATUS(er_normless_weights(&normless, m.w, m.is.statistics, w, &err), ER_OK, "weights");
        const struct er_network network[2] = {{.w = m.w, .statistics = m.is.statistics}, {.w = w}};
        const struct er_net *const net[2] = {m.net, normless.net};
        double most = 0, scale = 0;
        for (int i = 0; i < 2; i++) {
            T_STATUS(er_plan_new(net[i], 20, &plan[i], &err), ER_OK, "plan");
            void *scratch = er_alloc((int64_t)er_plan_scratch_bytes(plan[i]), 1);
            er_plan_outputs(plan[i], &network[i], m.train.x, out[i], scratch);
            er_free(scratch);
            er_plan_free(plan[i]);
        }
        for (int i = 0; i < 60; i++) {
            most = fmax(most, fabs((double)out[0][i] - (double)out[1][i]));
            scale = fmax(scale, fabs((double)out[0][i]));
        }
        T_OK(most <= 1e-5 * scale && scale > .01, "%s: the same function, to %.2g of %.2g", text, most,
             scale);
        er_free(w);
        er_normless_clear(&normless);
        T_ALLOCATIONS(er_normless_new(m.net, &normless, &err), er_normless_clear(&normless), "folded");
    }
    measured_net_close(&m);
}

static void check_unfoldable(const char *text, struct er_shape shape)
{
    struct measured_net m;
    struct er_error err;
    struct er_normless normless;
    if (measured_net_open(&m, text, "cross-entropy", shape, 3, 20)) {
        T_STATUS(er_normless_new(m.net, &normless, &err), ER_E_UNSUPPORTED, "%s", text);
        T_OK(strstr(err.msg, "batch_norm: follows no dense layer or convolution"), "%s", err.msg);
        const struct er_network network = {.w = m.w, .statistics = m.is.statistics};
        struct er_folded folded;
        T_STATUS(er_folded_new(m.net, &network, &folded, &err), ER_E_UNSUPPORTED, "nor are its matrices");
    }
    measured_net_close(&m);
}

static void check_folding(void)
{
    const struct er_shape vector = {1, 1, 4}, image = {6, 6, 2};
    check_folded("[dense 5, batch_norm, relu, dropout 0.5, dense bias=false, batch_norm]", vector, 2);
    check_folded("[dense 5 init=ntk bias_scale=0.3, batch_norm, relu, dense init=ntk]", vector, 2);
    check_folded("[conv 3 3x3 bias=false, batch_norm affine=false, relu, flatten, dense]", image, 2);
    check_folded("[conv 3 3x3 padding=same, batch_norm, relu, add: [[conv 3 3x3 padding=same bias=false, "
                 "batch_norm], identity], "
                 "relu, global_avg_pool, dense]",
                 image, 3);
    check_folded("[dense 4, layer_norm, relu, dense]", vector, 2);
    check_unfoldable("[dense 5, relu, batch_norm, dense]", vector);
    check_unfoldable("[conv 3 3x3, flatten, batch_norm, dense]", image);
    check_unfoldable("[dense 4, add: [batch_norm, identity], relu, dense]", vector);
}

int main(void)
{
    check_c28_reference_search();
    check_search();
    check_gaussian();
    check_box();
    check_counter();
    check_folding();
    return t_done();
}
