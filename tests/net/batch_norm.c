/* Batch normalisation: every reading in training and evaluation by the oracle, the running moments, and what
 * normalising makes invisible. */
#include "t.h"

#include "oracles/network.h"
#include "support/net_case.h"

#include <ermine/random.h>

/* Float sums of some dozen terms of size 1; channels of a few values have slopes of up to about 10, cubed in
 * second derivatives: 400 roundings. */
static const double tolerance = 400 * 0x1p-23;

static const struct er_shape vector = {1, 1, 5}, image = {3, 3, 2}, deep = {2, 2, 35};

static struct er_error err;

static void check(const char *text, struct er_shape in, const char *loss, int64_t B)
{
    struct net_case c = {.text = text, .loss = loss, .in = in, .B = B, .classes = 3, .seed = 5};
    if (net_case_open(&c)) {
        T_OK(er_net_mixes_rows(c.net), "%s mixes rows", text);
        c.network.training = true;
        net_case_check(&c, tolerance);
        c.network.training = false;
        net_case_check(&c, tolerance);
        net_case_check_examples(&c, tolerance);
    }
    net_case_close(&c);
}

/* In training no row has a gradient of its own. */
static void check_refusal(void)
{
    struct net_case c = {.text = "[dense 4, batch_norm, dense]",
                         .loss = "cross-entropy",
                         .in = vector,
                         .B = 3,
                         .classes = 2,
                         .seed = 1};
    if (net_case_open(&c)) {
        float *g = er_alloc(c.B * c.P, sizeof *g);
        void *scratch = er_alloc((int64_t)er_plan_scratch_bytes(c.plan), 1);
        c.network.training = true;
        T_STATUS(er_plan_examples(c.plan, &c.network, c.x, c.label, g, NULL, scratch, &err), ER_E_UNSUPPORTED,
                 "examples in training");
        T_OK(strstr(err.msg, "batch_norm"), "names the layer: %s", err.msg);
        er_free(g);
        er_free(scratch);
    }
    net_case_close(&c);
}

/* Steps move the running moments as the oracle says, whatever the number of threads; without a place for
 * them, and in evaluation, nothing moves. Five steps, each rounded to float. */
static void check_statistics(const char *text, struct er_shape in, int64_t B)
{
    struct net_case c = {.text = text, .loss = "cross-entropy", .in = in, .B = B, .classes = 3, .seed = 8};
    if (net_case_open(&c)) {
        float *start = er_alloc(c.S, sizeof *start), *w = er_alloc(c.P, sizeof *w);
        float *last = er_alloc(c.S, sizeof *last);
        er_net_initialise(c.net, 1, w, start);
        for (int parts = 1; parts <= 3; parts++) {
            memcpy(c.statistics, start, (size_t)c.S * sizeof *start);
            network_start_statistics(c.oracle, c.statistics64);
            for (int64_t i = 0; i < c.S; i++)
                T_CLOSE(start[i], c.statistics64[i], 0, "%s: statistic %d at the start", text, (int)i);
            c.network.training = true;
            for (uint64_t step = 0; step < 5; step++) {
                net_case_draw(10 + step, B * c.D, c.x);
                for (int64_t i = 0; i < B * c.D; i++) c.x64[i] = (double)c.x[i];
                net_case_run(&c, (struct er_plan_call){.statistics_next = c.statistics}, parts);
                network_update_statistics(c.oracle, c.w64, c.statistics64, B, c.x64);
            }
            for (int64_t i = 0; i < c.S; i++)
                T_CLOSE(c.statistics[i], c.statistics64[i], 20 * 0x1p-23 * (1 + fabs(c.statistics64[i])),
                        "%s: statistic %d after five steps", text, (int)i);
            T_OK(parts == 1 || memcmp(last, c.statistics, (size_t)c.S * sizeof *last) == 0,
                 "%s: the same bits on %d threads", text, parts);
            memcpy(last, c.statistics, (size_t)c.S * sizeof *last);
        }
        net_case_run(&c, (struct er_plan_call){.outputs = NULL}, 1);
        c.network.training = false;
        net_case_run(&c, (struct er_plan_call){.statistics_next = c.statistics}, 1);
        T_OK(memcmp(last, c.statistics, (size_t)c.S * sizeof *last) == 0, "%s: nothing moves", text);
        er_free(start);
        er_free(w);
        er_free(last);
    }
    net_case_close(&c);
}

/* One row, one pixel: the value is its own mean, the output beta; there is no unbiased variance, and the
 * running one stays. */
static void check_single(void)
{
    struct net_case c = {
        .text = "[batch_norm momentum=0.25]", .loss = "mean-squared", .in = {1, 1, 3}, .B = 1, .seed = 3};
    c.classes = 3;
    if (net_case_open(&c)) {
        float f[3], dw[6], dx[3], before[6];
        memcpy(before, c.statistics, sizeof before);
        c.network.training = true;
        net_case_run(&c,
                     (struct er_plan_call){.statistics_next = c.statistics,
                                           .scale = 1,
                                           .outputs = f,
                                           .backward = true,
                                           .dw = dw,
                                           .dx = dx},
                     1);
        for (int i = 0; i < 3; i++) {
            T_CLOSE(f[i], c.w[3 + i], 0, "output %d is beta", i);
            T_CLOSE(dx[i], 0, 0, "nothing gets through to x[%d]", i);
            T_CLOSE(dw[i], 0, 0, "nor to gamma[%d]", i);
            T_CLOSE(c.statistics[i], 0.75 * (double)before[i] + 0.25 * (double)c.x[i], 0x1p-22,
                    "running mean %d", i);
            T_CLOSE(c.statistics[3 + i], before[3 + i], 0, "running variance %d", i);
        }
    }
    net_case_close(&c);
}

/* Weights W before a batch_norm: outputs of a W, a > 0, are those of W, and the gradient is orthogonal to W;
 * both but for epsilon / v. */
static void check_invariance(void)
{
    struct net_case c = {.text = "[dense 6 bias=false, batch_norm epsilon=1e-12, tanh, dense]",
                         .loss = "cross-entropy",
                         .in = vector,
                         .B = 30,
                         .classes = 3,
                         .seed = 4};
    if (net_case_open(&c)) {
        const int64_t n = c.D * 6, all = c.B * c.O;
        float *f = er_alloc(all, sizeof *f), *other = er_alloc(all, sizeof *other);
        float *dw = er_alloc(c.P, sizeof *dw);
        double along = 0, length = 0, slope = 0;
        c.network.training = true;
        net_case_run(&c, (struct er_plan_call){.outputs = f, .scale = 1.0f / 30, .backward = true, .dw = dw},
                     1);
        for (int64_t i = 0; i < n; i++) {
            along += (double)c.w[i] * (double)dw[i];
            length += (double)c.w[i] * (double)c.w[i];
            slope += (double)dw[i] * (double)dw[i];
        }
        T_OK(slope > 1e-4, "there is a gradient");
        T_CLOSE(along / sqrt(length * slope), 0, 50 * 0x1p-23, "which is orthogonal to the weights");
        for (int64_t i = 0; i < n; i++) c.w[i] *= 3.7f;
        net_case_run(&c, (struct er_plan_call){.outputs = other}, 1);
        for (int64_t i = 0; i < all; i++)
            T_CLOSE(other[i], f[i], 1e-5, "f[%d] does not see their size", (int)i);
        c.network.training = false;
        net_case_run(&c, (struct er_plan_call){.outputs = f}, 1);
        double off = 0;
        for (int64_t i = 0; i < all; i++) off = fmax(off, fabs((double)f[i] - (double)other[i]));
        T_OK(off > 0.1, "evaluation does");
        er_free(f);
        er_free(other);
        er_free(dw);
    }
    net_case_close(&c);
}

/* A channel far from 0: the moments are those of its numbers, not of their roundings. With x = 4096 + e,
 * multiples of 2^-11, differences are exact. */
static void check_offset(void)
{
    enum { B = 64 };
    struct net_case c = {
        .text = "[batch_norm]", .loss = "mean-squared", .in = {1, 1, 1}, .B = B, .classes = 1, .seed = 3};
    c.classes = 2;
    c.in.channels = 2;
    if (net_case_open(&c)) {
        float f[2 * B];
        double want[2 * B];
        for (int i = 0; i < 2 * B; i++) {
            c.x[i] = (float)(4096 + rint(2048 * (double)c.x[i]) / 2048);
            c.x64[i] = (double)c.x[i];
        }
        c.network.training = true;
        net_case_run(&c, (struct er_plan_call){.outputs = f}, 1);
        network_outputs(c.oracle, c.w64, NULL, true, B, c.x64, want);
        for (int i = 0; i < 2 * B; i++) /* the mean is a float: 4096 2^-24 of a standard deviation or so */
            T_CLOSE(f[i], want[i], 4096 * 0x1p-23, "f[%d], 4096 standard deviations from 0", i);
    }
    net_case_close(&c);
}

int main(void)
{
    check("[dense 6, batch_norm, tanh, dense]", vector, "cross-entropy", 21);
    check("[dense 6, batch_norm affine=false, relu, dense]", vector, "mean-squared", 21);
    check("[batch_norm, flatten, dense 5, tanh, dense]", image, "cross-entropy", 9);
    check("[batch_norm affine=false epsilon=0.1, flatten, dense]", image, "cross-entropy", 9);
    check("[batch_norm, tanh, flatten, dense]", deep, "cross-entropy", 7);
    check("[dense 37, batch_norm, relu, dense 5, batch_norm epsilon=0.01, tanh, dense]", vector,
          "cross-entropy", 23);
    check("[dense 5, add: [[batch_norm, tanh, dense 5, batch_norm], identity], dense]", vector,
          "mean-squared", 19);
    check_refusal();
    check_statistics("[dense 6, batch_norm, tanh, dense]", vector, 21);
    check_statistics("[batch_norm momentum=0.3, flatten, dense 20, batch_norm, tanh, dense]", image, 9);
    check_statistics("[batch_norm momentum=1, flatten, dense]", deep, 4);
    check_single();
    check_invariance();
    check_offset();
    return t_done();
}
