/* Descent in the eigenvectors of Theta: steps and momentum against plain iteration, the momentum flow against its
 * differential equation, kernels that are singular. */
#include <ermine/predict.h>

#include "support/needed.h"
#include "support/toy_kernels.h"
#include "t.h"
#include <float.h>

enum { N = TOY_TRAIN, M = TOY_TEST };
static struct toy_kernels toy;
static struct er_pool *pool;
static struct er_error err;
static const struct er_ridge no_ridge;

static struct er_flow *needed_flow(int64_t n, int64_t outputs, const double *theta)
{
    struct er_flow *f = NULL;
    T_STATUS(er_flow_new(n, outputs, theta, &f, &err), ER_OK, "flow");
    if (!f) abort();
    return f;
}

/* Outputs at the training and test examples of the toy. */
static void both(const struct er_flow *flow, const struct er_descent_options *o, double *train, double *test)
{
    double alpha[N];
    T_STATUS(er_flow_train(flow, o, toy_targets, NULL, train, NULL, &err), ER_OK, "train");
    T_STATUS(er_flow_weights(flow, o, toy_targets, NULL, alpha, &err), ER_OK, "weights");
    T_STATUS(er_predict_mean(M, N, toy.theta_test, 1, alpha, NULL, test, pool, NULL, &err), ER_OK, "test");
}

static void check_known_steps(const struct er_flow *flow)
{
    double train[N], test[M];
    const double rates[] = {er_flow_max_rate(flow, no_ridge, 0), er_flow_max_rate(flow, no_ridge, 0.9)};
    toy_check(2, rates, (const double[]){0.7900641005402146, 1.5011217910264074}, "largest rate");
    toy_check(N, er_flow_eigenvalues(flow),
              (const double[]){5.5577975191297, 6.0923991861324, 7.5943205062696}, "eigenvalues");
    T_CLOSE(er_flow_condition(flow, no_ridge), 7.5943205062696 / 5.5577975191297, 1e-11, "condition");
    struct er_descent_options o = {.kind = ER_DESCENT_STEPS, .rate = 0.3, .time = 5};
    both(flow, &o, train, test);
    toy_check(N, train, (const double[]){0.9914041995228, -0.4989757344876, 0.2514591413950}, "steps");
    toy_check(M, test, (const double[]){0.1716272711866, -0.6877022267055}, "steps, test");
    o = (struct er_descent_options){.kind = ER_DESCENT_HEAVY_BALL, .rate = 0.1, .momentum = 0.9, .time = 5};
    both(flow, &o, train, test);
    toy_check(N, train, (const double[]){1.5993251238919, -0.8514162098678, 0.4568085657783}, "heavy ball");
    toy_check(M, test, (const double[]){0.2582903536221, -1.1312022773620}, "heavy ball, test");
}

/* k steps by hand, with momentum and a ridge: alpha <- alpha - rate v, v <- beta v + (f - y + r alpha) / (n O). */
static void iterate(const struct er_descent_options *o, double r, double *train, double *test)
{
    double alpha[N] = {0}, v[N] = {0};
    for (int step = 0; step <= (int)o->time; step++) {
        for (int i = 0; i < N; i++) {
            train[i] = 0;
            for (int j = 0; j < N; j++) train[i] += toy.theta_train[i * N + j] * alpha[j];
        }
        if (step == (int)o->time) break;
        for (int i = 0; i < N; i++)
            v[i] = o->momentum * v[i] + (train[i] - toy_targets[i] + r * alpha[i]) / N;
        for (int i = 0; i < N; i++) alpha[i] -= o->rate * v[i];
    }
    for (int i = 0; i < M; i++) {
        test[i] = 0;
        for (int j = 0; j < N; j++) test[i] += toy.theta_test[i * N + j] * alpha[j];
    }
}

static void check_iteration(const struct er_flow *flow)
{
    static const struct er_descent_options run[] = {
        {.kind = ER_DESCENT_STEPS, .rate = 0.2, .time = 1},
        {.kind = ER_DESCENT_STEPS, .rate = 0.3, .time = 7, .ridge = {0.5, true}},
        {.kind = ER_DESCENT_STEPS, .rate = 0.78, .time = 40}, /* rate lambda / n above 1 */
        {.kind = ER_DESCENT_STEPS,
         .rate = 0.9,
         .time = 11,
         .ridge = {0.01, false}}, /* unstable, still finite */
        {.kind = ER_DESCENT_HEAVY_BALL, .rate = 0.1, .time = 30, .momentum = 0.9, .ridge = {0.5, true}},
        {.kind = ER_DESCENT_HEAVY_BALL, .rate = 1.4, .time = 9, .momentum = 0.9},
    };
    double train[N], test[M], want[N], want_test[M];
    for (size_t i = 0; i < sizeof run / sizeof *run; i++) {
        both(flow, &run[i], train, test);
        iterate(&run[i], er_ridge_added(run[i].ridge, N, toy.theta_train), want, want_test);
        const double scale = 1 + fabs(want[0]); /* rounding of some ten steps of order `scale` */
        for (int j = 0; j < N; j++) T_CLOSE(train[j], want[j], 1e-13 * scale, "run %d, train", (int)i);
        for (int j = 0; j < M; j++) T_CLOSE(test[j], want_test[j], 1e-13 * scale, "run %d, test", (int)i);
    }
    struct er_descent_options o = {.kind = ER_DESCENT_STEPS, .rate = 0.8, .time = (double)INFINITY};
    double alpha[N];
    T_STATUS(er_flow_weights(flow, &o, toy_targets, NULL, alpha, &err), ER_E_NONFINITE, "diverges");
    T_OK(strstr(err.msg, "0.790064") != NULL, "the largest rate is named: %s", err.msg);
    o.time = 1e6;
    T_STATUS(er_flow_weights(flow, &o, toy_targets, NULL, alpha, &err), ER_E_NONFINITE, "diverges");
    o.time = 2.5;
    T_STATUS(er_flow_weights(flow, &o, toy_targets, NULL, alpha, &err), ER_E_USAGE, "half a step");
    o.rate = 0;
    T_STATUS(er_flow_weights(flow, &o, toy_targets, NULL, alpha, &err), ER_E_USAGE, "no rate");
    o = (struct er_descent_options){.kind = ER_DESCENT_HEAVY_BALL, .rate = 0.1, .time = 3, .momentum = 1};
    T_STATUS(er_flow_weights(flow, &o, toy_targets, NULL, alpha, &err), ER_E_USAGE, "momentum 1");
}

/* K and targets of two outputs: each learns half as fast. */
static void trap_01_outputs_are_in_the_exponent(const struct er_flow *flow)
{
    struct er_flow *two = needed_flow(N, 2, toy.theta_train);
    double y[N * 2], train[N * 2], want[N], loss, want_loss;
    for (int i = 0; i < N; i++) {
        y[2 * i] = toy_targets[i];
        y[2 * i + 1] = -3 * toy_targets[i];
    }
    struct er_descent_options o = er_descent_defaults();
    o.time = 2;
    T_STATUS(er_flow_train(two, &o, y, NULL, train, &loss, &err), ER_OK, "two outputs");
    o.time = 1;
    T_STATUS(er_flow_train(flow, &o, toy_targets, NULL, want, &want_loss, &err), ER_OK, "one output");
    for (int i = 0; i < N; i++) {
        T_CLOSE(train[2 * i], want[i], 4 * DBL_EPSILON, "half as fast");
        T_CLOSE(train[2 * i + 1], -3 * want[i], 12 * DBL_EPSILON, "outputs are independent");
    }
    T_CLOSE(loss, 5 * want_loss, 1e-15, "the loss is a mean over outputs");
    T_CLOSE(er_flow_max_rate(two, no_ridge, 0), 2 * er_flow_max_rate(flow, no_ridge, 0), 1e-14,
            "twice the rate");
    er_flow_free(two);
}

/* Two equal examples and one that is orthogonal: eigenvalues 0, 2, 3 with simple eigenvectors; and the zero kernel. */
static void trap_13_eigenvalues_that_are_0(void)
{
    static const double theta[] = {1, 1, 0, 1, 1, 0, 0, 0, 3}, zero[N * N];
    static const double nearly[] = {1, 1 + 1e-15, 0, 1 + 1e-15, 1, 0, 0, 0, 3}; /* an eigenvalue below 0 */
    const double y[] = {1, 0.5, 2};
    struct er_descent_options o = er_descent_defaults();
    double alpha[N], train[N];
    const enum er_descent kind[] = {ER_DESCENT_FLOW, ER_DESCENT_STEPS, ER_DESCENT_HEAVY_BALL,
                                    ER_DESCENT_MOMENTUM_FLOW};
    for (int which = 0; which < 2; which++) {
        struct er_flow *flow = needed_flow(N, 1, which ? nearly : theta);
        for (int k = 0; k < 4; k++) {
            o = (struct er_descent_options){
                .kind = kind[k], .rate = 0.5, .time = (double)INFINITY, .momentum = 0.5};
            T_STATUS(er_flow_weights(flow, &o, y, NULL, alpha, &err), ER_OK, "to the end");
            const double want[N] = {0.375, 0.375, 2.0 / 3};
            for (int i = 0; i < N; i++) T_CLOSE(alpha[i], want[i], 1e-14, "least-norm weights, kind %d", k);
            o.time = 3;
            T_STATUS(er_flow_weights(flow, &o, y, NULL, alpha, &err), ER_OK, "finite time");
            T_STATUS(er_flow_train(flow, &o, y, NULL, train, NULL, &err), ER_OK, "finite time");
            T_CLOSE(train[0], train[1], 1e-14, "equal inputs have equal outputs");
        }
        o = er_descent_defaults();
        o.time = 6;
        T_STATUS(er_flow_weights(flow, &o, y, NULL, alpha, &err), ER_OK, "flow");
        /* rate time / (n O) = 2: along (1, -1)/sqrt 2 psi is 2, along (1, 1)/sqrt 2 it is (1 - exp(-4)) / 2 */
        const double even = 0.75 * -expm1(-4) / 2, odd = 0.25 * 2;
        T_CLOSE(alpha[0], even + odd, 1e-14, "psi(0) is the time");
        T_CLOSE(alpha[1], even - odd, 1e-14, "psi(0) is the time");
        er_flow_free(flow);
    }
    struct er_flow *flow = needed_flow(N, 1, zero);
    T_STATUS(er_flow_train(flow, &o, y, NULL, train, NULL, &err), ER_OK, "the zero kernel");
    for (int i = 0; i < N; i++) T_CLOSE(train[i], 0, 0, "learns nothing");
    T_OK(isinf(er_flow_condition(flow, no_ridge)), "its condition is infinite");
    er_flow_free(flow);
}

/* e'' = -mu e - g e', e(0) = 1, e'(0) = 0 by Runge and Kutta's method of order 4. */
static double oscillator(double mu, double g, double s)
{
    enum { STEPS = 4000 };
    const double h = s / STEPS;
    double e = 1, v = 0;
    for (int i = 0; i < STEPS; i++) {
        double ke[4], kv[4];
        for (int k = 0; k < 4; k++) {
            const double part = k == 0 ? 0 : k == 3 ? h : h / 2;
            ke[k] = v + (k ? part * kv[k - 1] : 0);
            kv[k] = -mu * (e + (k ? part * ke[k - 1] : 0)) - g * ke[k];
        }
        e += h / 6 * (ke[0] + 2 * ke[1] + 2 * ke[2] + ke[3]);
        v += h / 6 * (kv[0] + 2 * kv[1] + 2 * kv[2] + kv[3]);
    }
    return e;
}

/* Rates and times at which modes swing, creep, and are at the border between; early and late. */
static void trap_19_momentum_flows_in_the_root_of_the_rate(const struct er_flow *flow)
{
    double train[N], test[M];
    struct er_descent_options o = {.kind = ER_DESCENT_MOMENTUM_FLOW, .rate = 0.1, .time = 5, .momentum = 0.9};
    both(flow, &o, train, test);
    toy_check(N, train, (const double[]){1.4246768252234, -0.7772678748663, 0.4276410182031},
              "momentum flow");
    toy_check(M, test, (const double[]){0.2225579839980, -1.0165061028388}, "momentum flow, test");
    static const double value[] = {0,   1e-9, 1e-3, 0.02,
                                   0.1, 1,    4}; /* of a diagonal kernel: 0.25 n is the border */
    enum { V = sizeof value / sizeof *value };
    double theta[V * V] = {0}, y[V], out[V], alpha[V];
    for (int i = 0; i < V; i++) {
        theta[i * V + i] = value[i] * V;
        y[i] = 1;
    }
    struct er_flow *diagonal = needed_flow(V, 1, theta);
    for (int moving = 0; moving < 2; moving++)
        for (int late = 0; late < 6; late++) {
            const double momentum = 0.8 * moving, time = 0.03 * pow(6, late);
            o = (struct er_descent_options){
                .kind = ER_DESCENT_MOMENTUM_FLOW, .rate = 1.0 / 4, .time = time, .momentum = momentum};
            const double g = (1 - momentum) / 0.5, s = 0.5 * time;
            T_STATUS(er_flow_train(diagonal, &o, y, NULL, out, NULL, &err), ER_OK, "momentum flow");
            T_STATUS(er_flow_weights(diagonal, &o, y, NULL, alpha, &err), ER_OK, "momentum flow");
            for (int i = 0; i < V; i++) {
                const double left = oscillator(value[i], g, s);
                T_CLOSE(1 - out[i], left, 1e-7, "mu = %g, s = %g, g = %g", value[i], s, g);
                if (value[i] >= 1e-3) T_CLOSE(alpha[i], (1 - left) / (value[i] * V), 1e-5, "its weights");
            }
            /* mu = 0: psi = (s - (1 - exp(-g s)) / g) / (g n O) */
            const double push = (s + expm1(-g * s) / g) / (g * V);
            T_CLOSE(alpha[0], push, 1e-6 * (1 + push), "a force alone, s = %g, g = %g", s, g);
            T_CLOSE(alpha[1], push, 1e-6 * (1 + push), "and nearly alone");
        }
    er_flow_free(diagonal);
}

int main(void)
{
    toy = toy_kernels(1.5, 0.1);
    pool = needed_pool(2);
    struct er_flow *flow = needed_flow(N, 1, toy.theta_train), *none = NULL;
    check_known_steps(flow);
    check_iteration(flow);
    trap_01_outputs_are_in_the_exponent(flow);
    trap_13_eigenvalues_that_are_0();
    trap_19_momentum_flows_in_the_root_of_the_rate(flow);
    toy.theta_train[1] = (double)NAN;
    T_STATUS(er_flow_new(N, 1, toy.theta_train, &none, &err), ER_E_NONFINITE, "NaN in a kernel");
    T_STATUS(er_flow_new(0, 1, toy.theta_train, &none, &err), ER_E_USAGE, "no examples");
    T_STATUS(er_flow_new(40000, 1, toy.theta_train, &none, &err), ER_E_LIMIT, "too many examples");
    er_flow_free(flow);
    er_pool_free(pool);
    return t_done();
}
