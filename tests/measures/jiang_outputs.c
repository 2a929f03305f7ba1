/* Margins, outputs and capacity as Jiang et al. measure them: the closed forms of the reference on measures (section 9), and
 * what is refused. */
#include "t.h"

#include "support/measured_net.h"

/* The reference prints ten decimals. */
static void close_to(const struct er_measured *is, const char *name, double want)
{
    T_CLOSE(measured_net_value(is, name, 1), want, 6e-11 + 1e-12 * fabs(want), "%s", name);
}

/* A status of a measure, without a value. */
static void refused(const struct er_measured *is, const char *name, enum er_status want, const char *why)
{
    struct er_error err = {0};
    struct er_measured_run *run = NULL;
    double value = -7;
    T_STATUS(er_measured_run_new(is, NULL, &run, &err), ER_OK, "context");
    T_STATUS(er_measure_compute(er_measure_find(name), run, &value, &err), want, "%s", name);
    T_OK(strstr(err.msg, why) && value == -7, "%s: %s", name, err.msg);
    er_measured_run_free(run);
}

/* One input, weight 1: margins are the inputs. The element of rank 2 of 20, not one between two. */
static void check_c05_percentile_of_margins(void)
{
    static const float margin[] = {3.1f, .4f, 2.2f, -.3f, 1.7f, .9f, 5,    2.8f, .05f, 1.1f,
                                   4.2f, .6f, 3.3f, 2,    1.4f, .2f, 2.5f, 3.9f, .75f, 1.25f};
    struct measured_net net;
    if (measured_net_open(&net, "[dense bias=false]", "logistic", (struct er_shape){1, 1, 1}, 2, 20)) {
        net.w[0] = 1;
        memcpy(net.train.x, margin, sizeof margin);
        for (int i = 0; i < 20; i++) net.train.label[i] = 1;
        T_CLOSE(measured_net_value(&net.is, "inverse_margin", 1), 400, 400 * 2e-7,
                "rank 2: 0.05 in float32, not 0.185 between two ranks, which would give 29.2184075968");
        net.train.x[8] = 0;
        refused(&net.is, "inverse_margin", ER_E_UNSUPPORTED, "is 0, and not above 0: 10 %");
        net.train.x[8] = -.05f; /* which an absolute value would hide */
        refused(&net.is, "prod_of_spec_over_margin", ER_E_UNSUPPORTED, "is -0.05, and not above 0");
        net.train.n = 9; /* rank max(1, floor(9/10)) */
        net.train.x[3] = 1;
        net.train.x[8] = .25f;
        close_to(&net.is, "inverse_margin", 16);
    }
    measured_net_close(&net);
}

/* The inputs are the outputs. */
static void check_c34_c45_outputs(void)
{
    struct measured_net net;
    if (measured_net_open(&net, "[dense bias=false]", "cross-entropy", (struct er_shape){1, 1, 3}, 3, 2)) {
        const float x[] = {2, 1, 0, 0, 1, 3}, sure[] = {1000, 0, -50, 0, 1000, 1};
        memset(net.w, 0, 9 * sizeof(float));
        for (int i = 0; i < 3; i++) net.w[4 * i] = 1;
        memcpy(net.train.x, x, sizeof x);
        net.train.label[0] = 0;
        net.train.label[1] = 1;
        close_to(&net.is, "cross_entropy", 1.2887259920);
        close_to(&net.is, "entropy", 0.6783310993);
        memcpy(net.train.x, sure, sizeof sure);
        close_to(&net.is, "entropy", 0);
        close_to(&net.is, "cross_entropy", 0);
        memset(net.train.x, 0, sizeof sure);
        close_to(&net.is, "entropy", log(3));
        close_to(&net.is, "cross_entropy", log(3));
    }
    measured_net_close(&net);
    /* One output f is the pair (0, f). */
    double value[2][2] = {{0}};
    for (int pair = 0; pair < 2; pair++) {
        if (measured_net_open(&net, "[dense bias=false]", pair ? "cross-entropy" : "logistic",
                              (struct er_shape){1, 1, 1}, 2, 4)) {
            memcpy(net.w, pair ? (float[]){0, 1} : (float[]){1, 0}, (size_t)(1 + pair) * sizeof(float));
            memcpy(net.train.x, (float[]){.5f, -2, 40, 3}, 4 * sizeof(float));
            for (int i = 0; i < 4; i++) net.train.label[i] = i % 2;
            value[pair][0] = measured_net_value(&net.is, "cross_entropy", 1);
            value[pair][1] = measured_net_value(&net.is, "entropy", 1);
        }
        measured_net_close(&net);
    }
    T_CLOSE(value[0][0], value[1][0], 1e-14 * value[1][0], "cross-entropy of one output and of two");
    T_CLOSE(value[0][1], value[1][1], 1e-14, "entropy of one output and of two");
}

static void check_c49_capacity(void)
{
    struct measured_net net;
    if (measured_net_open(&net, "[conv 8 3x3, relu, conv 16 3x3, relu, conv 10 1x1, global_avg_pool]",
                          "cross-entropy", (struct er_shape){32, 32, 3}, 10, 10))
        T_CLOSE(measured_net_value(&net.is, "vc_jiang", 1), 3534613.7294777, 1e-6, "C49");
    measured_net_close(&net);
}

int main(void)
{
    check_c05_percentile_of_margins();
    check_c34_c45_outputs();
    check_c49_capacity();
    return t_done();
}
