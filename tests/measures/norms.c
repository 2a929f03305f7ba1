/* Networks as chains of affine maps, against their matrices written out; and the bounds made of them, against the closed
 * forms, by hand (C16 of the reference on measures) and by what must leave them as they are. */
#include "t.h"

#include "measures/margin.h"
#include "oracles/svd.h"
#include "support/measured_net.h"

#include <ermine/bounds.h>
#include <ermine/random.h>

/* A folded chain computes what the network does: relu between, in double. */
static void test_folding(void)
{
    struct measured_net net;
    struct er_chain chain = {0};
    struct er_error err = {0};
    enum { N = 40, D = 4, H = 5, K = 3 };
    if (measured_net_open(&net, "[dense 5, batch_norm, relu, dense]", "cross-entropy",
                          (struct er_shape){1, 1, D}, K, N)) {
        const struct er_network network = {.w = net.w, .statistics = net.statistics};
        struct er_plan *plan = NULL;
        float f[N * K];
        T_STATUS(er_chain_new(net.net, &network, &chain, &err), ER_OK, "chain");
        T_STATUS(er_plan_new(net.net, N, &plan, &err), ER_OK, "plan");
        void *scratch = er_alloc((int64_t)er_plan_scratch_bytes(plan), 1);
        er_plan_outputs(plan, &network, net.train.x, f, scratch);
        double off = 0;
        for (int i = 0; i < N; i++) {
            double a[H];
            for (int h = 0; h < H; h++) {
                a[h] = chain.map[0].bias[h];
                for (int k = 0; k < D; k++)
                    a[h] += (double)chain.w[chain.map[0].at + k * H + h] * (double)net.train.x[i * D + k];
                a[h] = fmax(a[h], 0);
            }
            for (int o = 0; o < K; o++) {
                double y = chain.map[1].bias[o];
                for (int h = 0; h < H; h++) y += (double)chain.w[chain.map[1].at + h * K + o] * a[h];
                off = fmax(off, fabs(y - (double)f[i * K + o]));
            }
        }
        T_CLOSE(off, 0, 2e-5, "outputs of the folded network: some roundings of float32");
        T_OK(chain.n == 2 && chain.biased == 2 && !chain.not_homogeneous,
             "two maps with biases, relu between");
        er_free(scratch);
        er_plan_free(plan);
    }
    er_chain_clear(&chain);
    measured_net_close(&net);
}

/* The extended matrix of the first map of a dense chain, and its norms. */
static void test_extended_norms(void)
{
    struct measured_net net;
    struct er_chain chain = {0};
    struct er_error err = {0};
    enum { D = 4, H = 5 };
    if (measured_net_open(&net, "[dense 5, relu, dense]", "cross-entropy", (struct er_shape){1, 1, D}, 3,
                          10)) {
        const struct er_network network = {.w = net.w};
        double extended[(H + 1) * (D + 1)] = {0}, singular[D + 1], square = 0, bound;
        struct er_rows rows;
        T_STATUS(er_chain_new(net.net, &network, &chain, &err), ER_OK, "chain");
        for (int h = 0; h < H; h++)
            for (int k = 0; k <= D; k++) extended[h * (D + 1) + k] = (double)net.w[k * H + h];
        extended[H * (D + 1) + D] = 1;
        for (int i = 0; i < (H + 1) * (D + 1); i++) square += extended[i] * extended[i];
        svd_values(H + 1, D + 1, extended, singular);
        T_STATUS(er_chain_spectral(&chain, 0, &bound, &err), ER_OK, "spectral");
        T_OK(bound >= singular[0] && bound < 1.3 * singular[0], "spectral norm %g is at most %g", singular[0],
             bound);
        T_STATUS(er_chain_rows(&chain, 0, NULL, &rows, &err), ER_OK, "rows");
        T_CLOSE(rows.square + 1, square, 1e-13 * square, "Frobenius, with the row that passes the 1 on");
        T_OK(er_chain_passes_one(&chain, 0) && !er_chain_passes_one(&chain, 1),
             "which the last map needs not");
        T_OK(rows.two_one >= sqrt(rows.square) && rows.largest <= rows.two_one &&
                 rows.largest_one >= rows.largest,
             "norms in their order");
        T_STATUS(er_chain_rows(&chain, 1, &chain, &rows, &err), ER_OK, "a difference");
        T_OK(rows.square == 0 && rows.two_one == 0 && rows.bias == 0, "to itself is nothing");
    }
    er_chain_clear(&chain);
    measured_net_close(&net);
}

/* A circular convolution has as many copies of each row as there are positions: the squares of its matrix, column by
 * column from unit vectors. */
static void test_positions(void)
{
    struct measured_net net;
    struct er_chain chain = {0};
    struct er_error err = {0};
    enum { D = 4 * 4 * 2, O = 4 * 4 * 3 };
    if (measured_net_open(&net, "[conv 3 3x3 padding=circular bias=false, flatten]", "cross-entropy",
                          (struct er_shape){4, 4, 2}, O, 10)) {
        const struct er_network network = {.w = net.w};
        static float unit[D * D], f[D * O];
        static double matrix[O * D];
        double singular[D], square = 0, bound;
        struct er_plan *plan = NULL;
        struct er_rows rows;
        for (int k = 0; k < D; k++) unit[k * D + k] = 1;
        T_STATUS(er_chain_new(net.net, &network, &chain, &err), ER_OK, "chain");
        T_STATUS(er_plan_new(net.net, D, &plan, &err), ER_OK, "plan");
        void *scratch = er_alloc((int64_t)er_plan_scratch_bytes(plan), 1);
        er_plan_outputs(plan, &network, unit, f, scratch);
        for (int i = 0; i < D * O; i++) {
            matrix[i % O * D + i / O] = (double)f[i];
            square += (double)f[i] * (double)f[i];
        }
        svd_values(O, D, matrix, singular);
        T_STATUS(er_chain_rows(&chain, 0, NULL, &rows, &err), ER_OK, "rows");
        T_EQ_INT(chain.map[0].positions, 16, "positions");
        T_CLOSE(16 * rows.square, square, 1e-6 * square, "Frobenius norm of the matrix");
        T_STATUS(er_chain_spectral(&chain, 0, &bound, &err), ER_OK, "spectral");
        T_CLOSE(bound, singular[0], 3e-5 * singular[0],
                "spectral norm: without biases the map's, and a part in 10^5");
        T_OK(bound >= singular[0], "and not less");
        er_free(scratch);
        er_plan_free(plan);
    }
    er_chain_clear(&chain);
    measured_net_close(&net);
}

/* The net called NET in the reference, on the three points of its C17: relu between, one output, no biases. Our weights
 * lie input by input. */
static const float NET[] = {1, .5f, -2, 3, 2, -1}, NET_0[] = {.5f, 0, -1, 1, 1, 0};
static const char NET_TEXT[] = "[dense 2 bias=false, relu, dense bias=false]";
enum { M = 100 };

static bool open_net(struct measured_net *net)
{
    if (!measured_net_open(net, NET_TEXT, "logistic", (struct er_shape){1, 1, 2}, 2, M)) return false;
    memcpy(net->w, NET, sizeof NET);
    memcpy(net->w0, NET_0, sizeof NET_0);
    return true;
}

/* gamma and |X|_F of a measured net. */
static void look(const struct er_measured *is, double *gamma, double *frobenius)
{
    struct er_error err = {0};
    struct er_measured_run *run = NULL;
    struct er_margins margins;
    struct er_input_norms inputs;
    T_STATUS(er_measured_run_new(is, NULL, &run, &err), ER_OK, "context");
    T_STATUS(er_measured_margins(run, &margins, &err), ER_OK, "margins");
    T_STATUS(er_margin_tenth(&margins, gamma, &err), ER_OK, "a margin");
    T_STATUS(er_measured_inputs(run, &inputs, &err), ER_OK, "inputs");
    *frobenius = inputs.frobenius;
    int64_t above = 0;
    for (int64_t i = 0; i < margins.m; i++) above += margins.value[i] >= *gamma;
    T_OK(above == margins.right - (margins.right / 10 - 1), "nine tenths of what is right have that margin");
    er_measured_run_free(run);
}

/* A bound is the closed form of the norms at hand, but for the grid: at most three steps of it in the norms and margin of
 * a layer, and what it adds to the deviation. */
static void test_closed_forms(void)
{
    struct measured_net net;
    if (open_net(&net)) {
        double gamma, X;
        look(&net.is, &gamma, &X);
        const double step = exp2(1.0 / 16), ln_F = .5 * (log(14.25) + log(5));
        const double s[] = {3.6084952830, 2.2360679775}, b[] = {3.1795868016, 1.4142135624};
        const double raw[] = {er_rademacher_golowich(ln_F, 2, X, M) / gamma,
                              er_rademacher_neyshabur(ln_F, 2, X, M) / gamma,
                              er_rademacher_bartlett(er_spectral_complexity_ln(s, b, 2), 4, gamma, X, M)};
        const char *const name[] = {"golowich_bound", "neyshabur_bound", "bartlett_bound"};
        const double most[] = {step, step, pow(step, 5)};
        for (int i = 0; i < 3; i++) {
            const double value = measured_net_value(&net.is, name[i], 1);
            T_OK(value > 2 * raw[i], "%s: %g is more than twice the complexity %g", name[i], value, raw[i]);
            T_OK(value < 1 + 2 * most[i] * raw[i] + 3 * er_bound_hoeffding(M, .05 * 1e-15, true),
                 "%s: %g is not much more", name[i], value);
        }
    }
    measured_net_close(&net);
}

/* c > 0 a power of two: scaling the first matrix by c and the second by 1/c, or the second alone, or the inputs by c and the
 * first matrix by 1/c, changes the function at most by a factor, and no bound by the product of norms over the margin.
 * Steps of the grid are moved by whole powers of two; no rounding can move a value over one, since none lies on one. */
static void test_scales(void)
{
    const char *const name[] = {"golowich_bound", "neyshabur_bound", "row_norm_bound"};
    struct measured_net net;
    double before[3];
    if (open_net(&net)) {
        for (int i = 0; i < 3; i++) before[i] = measured_net_value(&net.is, name[i], 1);
        for (int k = 0; k < 4; k++) net.w[k] *= 4;
        for (int k = 4; k < 6; k++) net.w[k] /= 4;
        for (int i = 0; i < 3; i++)
            T_CLOSE(measured_net_value(&net.is, name[i], 1), before[i], 1e-12 * before[i],
                    "%s: a scale moved", name[i]);
        for (int k = 4; k < 6; k++) net.w[k] *= 32;
        for (int i = 0; i < 3; i++)
            T_CLOSE(measured_net_value(&net.is, name[i], 1), before[i], 1e-12 * before[i],
                    "%s: outputs scaled", name[i]);
        for (int k = 0; k < 4; k++) net.w[k] /= 8;
        for (int i = 0; i < 2 * M; i++) net.train.x[i] *= 8;
        for (int i = 0; i < 3; i++) { /* another class of the grid, at another price */
            const double now = measured_net_value(&net.is, name[i], 1);
            T_OK(fabs(now - before[i]) < .1, "%s: inputs scaled: %g, %g", name[i], now, before[i]);
        }
    }
    measured_net_close(&net);
}

/* A unit that nothing listens to makes norms larger and leaves the function; more distance from the start, a larger margin
 * and more examples act on the bounds in their directions. */
static void test_monotone(void)
{
    const char *const name[] = {"golowich_bound", "neyshabur_bound", "row_norm_bound", "bartlett_bound"};
    struct measured_net net, twin;
    if (measured_net_open(&net, "[dense 6, relu, dense]", "cross-entropy", (struct er_shape){1, 1, 3}, 3,
                          400)) {
        for (int k = 0; k < 3; k++)
            net.w[24 + 5 * 3 + k] = net.w0[24 + 5 * 3 + k] = 0; /* unit 5 goes nowhere */
        double before[4];
        for (int i = 0; i < 4; i++) before[i] = measured_net_value(&net.is, name[i], 1);
        for (int k = 0; k < 4; k++) net.w[6 * k + 5] *= 20;
        for (int i = 0; i < 4; i++)
            T_OK(measured_net_value(&net.is, name[i], 1) > before[i], "%s: a larger norm", name[i]);
    }
    measured_net_close(&net);
    /* The same examples twice: the same margins, |X|_F and m grow, and so does what is known. */
    if (open_net(&net) &&
        measured_net_open(&twin, NET_TEXT, "logistic", (struct er_shape){1, 1, 2}, 2, 2 * M)) {
        memcpy(twin.w, NET, sizeof NET);
        memcpy(twin.w0, NET_0, sizeof NET_0);
        memcpy(twin.train.x, net.train.x, 2 * M * sizeof(float));
        memcpy(twin.train.x + 2 * M, net.train.x, 2 * M * sizeof(float));
        memcpy(twin.train.label, net.train.label, M * sizeof(int32_t));
        memcpy(twin.train.label + M, net.train.label, M * sizeof(int32_t));
        for (int i = 0; i < 4; i++)
            T_OK(measured_net_value(&twin.is, name[i], 1) < measured_net_value(&net.is, name[i], 1),
                 "%s: twice the examples", name[i]);
        measured_net_close(&twin);
    }
    measured_net_close(&net);
}

/* Without an example that is predicted rightly there is no margin to take. */
static void test_nothing_right(void)
{
    struct measured_net net;
    struct er_error err = {0};
    if (open_net(&net)) {
        struct er_measured_run *run = NULL;
        double value;
        memset(net.w, 0, 6 * sizeof(float)); /* all outputs 0: ties, which are wrong */
        T_STATUS(er_measured_run_new(&net.is, NULL, &run, &err), ER_OK, "context");
        T_STATUS(er_measure_compute(er_measure_find("golowich_bound"), run, &value, &err), ER_E_UNSUPPORTED,
                 "no margin");
        T_STATUS(er_measured_train_error(run, &value, &err), ER_OK, "training error");
        T_EQ_INT(value, 1, "all wrong");
        er_measured_run_free(run);
    }
    measured_net_close(&net);
}

/* Counts and dimension of models by hand. */
static void test_models(void)
{
    struct measured_net net;
    if (measured_net_open(&net, "[dense 3, relu, dense]", "logistic", (struct er_shape){1, 1, 4}, 2, 10)) {
        T_EQ_INT(measured_net_value(&net.is, "parameter_count", 1), 19, "4-3-1");
        T_CLOSE(measured_net_value(&net.is, "vc_dimension", 1), 274.5774982462, 5.0001e-11, "C48");
    }
    measured_net_close(&net);
    if (measured_net_open(&net, "[dense 3, batch_norm, relu, dense]", "logistic", (struct er_shape){1, 1, 4},
                          2, 10))
        T_CLOSE(measured_net_value(&net.is, "vc_dimension", 1), 274.5774982462, 5.0001e-11,
                "batch norm is folded");
    measured_net_close(&net);
    if (measured_net_open(&net, "[dense 3, relu, dense]", "cross-entropy", (struct er_shape){1, 1, 4}, 3,
                          10)) {
        const struct er_vc_stage stage[] = {{15, 3, 1}, {27, 3, 2}};
        T_CLOSE(measured_net_value(&net.is, "vc_dimension", 1), er_vc_dimension(stage, 2), 1e-10,
                "three outputs: three differences decide");
    }
    measured_net_close(&net);
    /* C49's net: 3 -> 8 -> 16 -> 10. */
    if (measured_net_open(&net, "[conv 8 3x3, relu, conv 16 3x3, relu, conv 10 1x1, global_avg_pool]",
                          "cross-entropy", (struct er_shape){32, 32, 3}, 10, 10))
        T_EQ_INT(measured_net_value(&net.is, "parameter_count", 1), 1562, "C49: with biases");
    measured_net_close(&net);
}

int main(void)
{
    test_folding();
    test_extended_norms();
    test_positions();
    test_closed_forms();
    test_scales();
    test_monotone();
    test_nothing_right();
    test_models();
    return t_done();
}
