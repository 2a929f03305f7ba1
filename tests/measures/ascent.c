/* Ascent within a ball: the reference's quadratics (checks 30 and 31 of its section 9), and what sharpness is to be of networks. */
#include "t.h"

#include "measures/climb.h"
#include "support/measured_net.h"

#include <ermine/derivatives.h>
#include <ermine/random.h>

/* w' H w / 2 of three weights. */
static const double H3[9] = {4, 1, 0, 1, 3, -1, 0, -1, 1};

static enum er_status quadratic(void *ctx, const float *w, float *g, double *loss, struct er_error *err)
{
    const double *h = ctx;
    (void)err;
    *loss = 0;
    for (int i = 0; i < 3; i++) {
        double sum = 0;
        for (int j = 0; j < 3; j++) sum += h[3 * i + j] * (double)w[j];
        g[i] = (float)sum;
        *loss += (double)w[i] * sum / 2;
    }
    return ER_OK;
}

static struct er_climbed climb_to(const struct er_hill *hill, double rho, bool adaptive, int steps,
                                  const float *w)
{
    const struct er_climb how = {
        .rho = rho, .adaptive = adaptive, .steps = steps, .stream = er_stream(ER_PURPOSE_TEST, 1)};
    float room[6];
    struct er_error err = {0};
    struct er_climbed out = {0};
    T_STATUS(er_climb(hill, &how, w, room, &out, &err), ER_OK, "climb");
    return out;
}

static struct er_climbed climb(const struct er_hill *hill, bool adaptive, int steps, const float *w)
{
    return climb_to(hill, 0.1, adaptive, steps, w);
}

static void check_c30_sam(void)
{
    double h[9];
    memcpy(h, H3, sizeof h);
    const struct er_hill hill = {3, h, quadratic};
    const float ones[] = {1, 1, 1}, zero[] = {0, 0, 0}, w[] = {1, 2, .5f};
    struct er_climbed c = climb(&hill, false, 20, ones);
    /* points are rounded to float32: 1e-7 times a gradient of 6 */
    T_CLOSE(c.first - c.start, 0.6061834248, 1e-6, "one step");
    T_CLOSE(c.most - c.start, 0.6062049055, 1e-6, "the maximum, which is above that");
    T_CLOSE(climb(&hill, false, 1, ones).most, c.first, 0, "one step is the first of twenty");
    const struct er_climbed half =
        climb_to(&hill, 0.05, false, 1, ones); /* a step's rise is a quadratic in rho */
    T_CLOSE(4 * (half.first - half.start) - (c.first - c.start), 0.5830951895, 4e-6, "rho |g| of it");
    c = climb(&hill, false, 30, zero);
    T_OK(c.stationary && !climb(&hill, false, 1, ones).stationary, "where the gradient is 0");
    T_CLOSE(c.most, 0.0234981407, 1e-8, "there it is rho^2 lambda_max / 2, from a random direction");
    c = climb(&hill, true, 1, w);
    T_CLOSE(c.first - c.start, 1.4946424051, 2e-6, "adaptive, one step");
    T_OK(climb(&hill, true, 20, w).most >= c.first, "more steps find no less");

    struct er_error err;
    float room[6];
    const struct er_climb how = {.rho = .1, .adaptive = true, .steps = 2};
    T_STATUS(er_climb(&hill, &how, zero, room, &c, &err), ER_E_UNSUPPORTED, "a ball that is a point");
    const float far[] = {INFINITY, 0, 0};
    T_STATUS(er_climb(&hill, &how, far, room, &c, &err), ER_E_NONFINITE, "weights that are infinite");
}

/* (w - a)^2 / 2; both: the mean of a = 1 and a = -1 */
static enum er_status parabola(void *ctx, const float *w, float *g, double *loss, struct er_error *err)
{
    const double a = *(const double *)ctx, v = (double)w[0];
    (void)err;
    *loss = a == 0 ? (v * v + 1) / 2 : (v - a) * (v - a) / 2;
    *g = (float)(v - a);
    return ER_OK;
}

static void check_c31_m_sharpness(void)
{
    const float w = 0;
    double sum = 0, centre[] = {1, -1, 0};
    for (int b = 0; b < 2; b++) {
        const struct er_climbed c = climb(&(struct er_hill){1, &centre[b], parabola}, false, 3, &w);
        sum += (c.most - c.start) / 2;
    }
    T_CLOSE(sum, 0.105, 1e-8, "batches of one");
    const struct er_climbed c = climb(&(struct er_hill){1, &centre[2], parabola}, false, 3, &w);
    T_CLOSE(c.most - c.start, 0.005, 1e-8, "both in one");
}

/* What sharpness is to be: rising with the ball's radius to first order, larger in batches than in all, the same of one batch. */
static void test_sharpness(void)
{
    struct measured_net net;
    struct er_error err;
    if (measured_net_open(&net, "[dense 5, relu, dense]", "cross-entropy", (struct er_shape){1, 1, 4}, 3,
                          100)) {
        const double whole = measured_net_value(&net.is, "sam_sharpness", 1);
        T_CLOSE(measured_net_value(&net.is, "m_sharpness", 1), whole, 1e-4 * whole,
                "100 examples are one batch");
        T_OK(measured_net_value(&net.is, "sam_sharpness_one_step", 1) <= whole, "a step finds no more");
        struct er_derivatives *d = NULL;
        const struct er_network network = {.w = net.w};
        float *g = er_alloc(net.P, sizeof *g);
        double norm = 0, curve = 0;
        T_STATUS(er_derivatives_new(net.net, &network, &net.train, NULL, NULL, &d, &err), ER_OK, "new");
        T_STATUS(er_derivatives_gradient(d, g, NULL, NULL, &err), ER_OK, "gradient");
        for (int64_t i = 0; i < net.P; i++) norm += (double)g[i] * (double)g[i];
        curve = measured_net_value(&net.is, "lambda_max", 1);
        T_OK(whole <= .05 * sqrt(norm) + .0025 * curve && whole >= .05 * sqrt(norm) - .0025 * curve,
             "rho |g| and what curvature adds: %g, %g", whole, .05 * sqrt(norm));
        er_derivatives_free(d);
        er_free(g);
    }
    measured_net_close(&net);
    if (measured_net_open(&net, "[dense 5, relu, dense]", "cross-entropy", (struct er_shape){1, 1, 4}, 3,
                          600)) {
        const double whole = measured_net_value(&net.is, "sam_sharpness", 1),
                     batches = measured_net_value(&net.is, "m_sharpness", 1);
        T_OK(batches > whole, "five batches: %g, %g", batches, whole);
        T_OK(batches < 2 * whole, "which are much alike: %g, %g", batches, whole);
    }
    measured_net_close(&net);
    if (measured_net_open(&net, "[dense bias=false]", "mean-squared", (struct er_shape){1, 1, 2}, 2, 2)) {
        struct er_measured_run *run = NULL;
        double value = -7;
        memset(net.train.x, 0, 4 * sizeof(float));
        T_STATUS(er_measured_run_new(&net.is, NULL, &run, &err), ER_OK, "run");
        T_STATUS(er_measure_compute(er_measure_find("sam_sharpness_one_step"), run, &value, &err),
                 ER_E_UNSUPPORTED, "a gradient of 0 has no direction");
        T_STATUS(er_measure_compute(er_measure_find("hessian_tail_mass"), run, &value, &err),
                 ER_E_UNSUPPORTED, "a Hessian of 0 has no spectrum");
        T_OK(value == -7, "nothing is written");
        er_measured_run_free(run);
    }
    measured_net_close(&net);
}

int main(void)
{
    check_c30_sam();
    check_c31_m_sharpness();
    test_sharpness();
    return t_done();
}
