/* Finite networks in float64: the reference's numbers (infinite-width.md, 6.7), the Jacobian of an independent oracle, the
 * three algorithms against each other, expansions against the networks that they expand. */
#include "t.h"

#include "oracles/network.h"
#include "support/net_case.h"

#include <ermine/empirical.h>
#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>
#include <string.h>

/* 6.7: weights as W1 (2 x 3), b1, W2 (3 x 2), b2; inputs; displacement. */
static const double tiny_w[] = {0.5, -1,   0.3, 1.2, 0.4,  -0.7, 0.1,  -0.2, 0.3,
                                1,   -0.5, 0.2, 0.8, -1.1, 0.6,  0.05, -0.1};
static const double tiny_x[] = {1, -0.5, 0.3, 0.8};
static const double tiny_d[] = {0.1, -0.1, 0.1,  -0.1, 0.1, -0.1, 0.1, 0.1, -0.1,
                                0.1, 0.1,  -0.1, 0.1,  0.1, -0.1, 0.1, -0.1};

struct tiny {
    struct er_model *model;
    struct er_net *net;
    struct er_finite *finite;
    struct er_finite_network network;
};

static bool tiny_open(struct tiny *t)
{
    struct er_error err = {0};
    const char *text =
        "[dense 3 init=ntk scale=1.5 bias_scale=0.5, tanh, dense 2 init=ntk scale=1.5 bias_scale=0.5]";
    *t = (struct tiny){0};
    T_STATUS(er_model_parse(text, &t->model, &err), ER_OK, "the model");
    T_STATUS(er_net_new(t->model, (struct er_shape){1, 1, 2}, 2, "cross-entropy", &t->net, &err), ER_OK,
             "the net");
    T_STATUS(er_finite_new(t->net, &t->finite, &err), ER_OK, "in float64");
    t->network = (struct er_finite_network){t->finite, tiny_w, NULL};
    return t->finite != NULL;
}

static void tiny_close(struct tiny *t)
{
    er_finite_free(t->finite);
    er_net_free(t->net);
    er_model_free(t->model);
}

/* The reference prints 13 digits: 1e-10 as it asks for, with an absolute 1e-11 below 0.1. */
static void check_all(const double *got, const double *want, int n, const char *what)
{
    for (int i = 0; i < n; i++)
        T_CLOSE(got[i], want[i], 1e-10 * fmax(fabs(want[i]), 0.1), "%s: number %d", what, i);
}

static void numbers_of_the_tiny_net(void)
{
    const double f_want[] = {-0.8288403923453, -0.2787640500682, 1.0595870237213, -0.6430832479438};
    const double theta_want[] = {2.8440006938374, -0.8373457158964, -0.8373457158964, 1.6598465783033,
                                 0.1838320386480, -0.0432860339726, -0.0432860339726, 0.1340642024981,
                                 0.1838320386480, -0.0432860339726, -0.0432860339726, 0.1340642024981,
                                 1.7363959486750, -0.3250325018327, -0.3250325018327, 1.6231640380887};
    const double k_want[] = {0.3823428957967, -0.3494800168686, -0.3494800168686, 0.7681403623123};
    struct tiny t;
    struct er_error err;
    double f[4], k[4], theta[16];
    if (!tiny_open(&t)) return;
    T_STATUS(er_finite_outputs(&t.network, 2, tiny_x, f, NULL, &err), ER_OK, "outputs");
    check_all(f, f_want, 4, "outputs");
    for (enum er_empirical_algorithm a = ER_EMPIRICAL_AUTOMATIC; a <= ER_EMPIRICAL_STRUCTURED; a++) {
        const struct er_empirical_options options = {.outputs = ER_OUTPUTS_ALL, .algorithm = a};
        T_STATUS(
            er_empirical_kernel(&t.network, 2, tiny_x, 0, NULL, &options, k, theta, NULL, NULL, NULL, &err),
            ER_OK, "%s", er_empirical_algorithm_name(a));
        check_all(theta, theta_want, 16, er_empirical_algorithm_name(a));
        check_all(k, k_want, 4, "the empirical NNGP");
    }
    tiny_close(&t);
}

/* The default is a mean over outputs, not a sum: half of what the sum is here. */
static void trap_17_divided_by_outputs(void)
{
    const double want[] = {2.2519236360703, 0.1589481205731, 0.1589481205731, 1.6797799933818};
    struct tiny t;
    struct er_error err;
    double theta[4];
    if (!tiny_open(&t)) return;
    T_STATUS(er_empirical_kernel(&t.network, 2, tiny_x, 0, NULL, &(struct er_empirical_options){0}, NULL,
                                 theta, NULL, NULL, NULL, &err),
             ER_OK, "traced");
    check_all(theta, want, 4, "traced");
    tiny_close(&t);
}

static void trap_18_degrees_of_taylor(void)
{
    const double want[] = {-0.5270323068520, -0.5464831904879, 1.2643856023671, -0.5741760375116,
                           -0.4951841825898, -0.5372424782512, 1.2446538183390, -0.5552471938178,
                           -0.4982710232458, -0.5351887864670, 1.2445891517784, -0.5555838446026};
    const double exact[] = {-0.4985372273330, -0.5354560532779, 1.2446544864274, -0.5556447603037};
    struct tiny t;
    struct er_error err;
    double f[4 * (ER_TAYLOR_DEGREE + 1)], moved[17];
    if (!tiny_open(&t)) return;
    T_STATUS(er_finite_taylor(&t.network, tiny_d, ER_TAYLOR_DEGREE, 2, tiny_x, f, NULL, &err), ER_OK,
             "Taylor");
    check_all(f + 4, want, 12, "degrees 1 to 3");
    check_all(f + 4 * ER_TAYLOR_DEGREE, exact, 4, "degree 15");
    for (int i = 0; i < 17; i++) moved[i] = tiny_w[i] + tiny_d[i];
    t.network.w = moved;
    T_STATUS(er_finite_outputs(&t.network, 2, tiny_x, f, NULL, &err), ER_OK, "outputs");
    check_all(f, exact, 4, "the displaced net");
    T_STATUS(er_finite_taylor(&t.network, tiny_d, ER_TAYLOR_DEGREE + 1, 2, tiny_x, f, NULL, &err), ER_E_USAGE,
             "a degree too high");
    tiny_close(&t);
}

/* Nets of every layer that has a reading in float64. */
static const struct net_case nets[] = {
    {.text = "[dense 5 init=ntk scale=1.5 bias_scale=0.3, tanh, dense 4, relu, dense]", .in = {1, 1, 3}},
    {.text = "[dense 4 bias=false, tanh, gain, layer_norm, dense init=uniform]", .in = {1, 1, 3}},
    {.text = "[conv 4 3x3 init=ntk scale=1.4 bias_scale=0.2, relu, conv 2 2x3 stride=2 padding=valid, tanh, "
             "flatten, dense]",
     .in = {5, 6, 2}},
    {.text = "[conv 4 3x3 padding=circular groups=2, tanh, batch_norm, avg_pool 2 padding=same, conv 3 2x2 "
             "dilation=2, tanh, global_avg_pool, dense]",
     .in = {5, 4, 2}},
    {.text = "[conv 3 3x3, max_pool 2, tanh, lrn 3 alpha=0.3, layer_norm over=example, dense]",
     .in = {4, 5, 2}},
    {.text =
         "[conv 3 3x3, sigmoid, avg_pool 2 stride=1 padding=circular, conv 2 3x3, tanh, avg_pool 3 stride=2 "
         "padding=same count_padding=true, dense]",
     .in = {4, 5, 2}},
    {.text =
         "[multiply: [[dense 4, tanh], [dense 4, elu], [dense 4, swish]], dense 4, gelu, scale 0.7, dense]",
     .in = {1, 1, 3}},
    {.text =
         "[dense 4, add: [[tanh, dense 4], identity], concat: [tanh, [dense 3, relu]], dropout 0.3, dense]",
     .in = {1, 1, 3}},
};
enum { NETS = sizeof nets / sizeof nets[0], B = 5, O = 3 };

/* J of all outputs, (B O) x P, from the oracle's tangents along unit vectors, two at a time. */
static double *oracle_jacobian(const struct net_case *c)
{
    double *J = er_alloc(B * O * c->P, sizeof *J), *e = er_alloc(2 * c->P, sizeof *e), u[B * O], v[B * O];
    for (int64_t p = 0; p < c->P; p += 2) {
        const int64_t q = p + 1 < c->P ? p + 1 : p;
        e[p] = e[c->P + q] = 1;
        network_directional(c->oracle, c->w64, (struct network_direction){.w = e},
                            (struct network_direction){.w = e + c->P}, c->statistics64, false, B, c->x64,
                            NULL, (struct network_tangents){.u = u, .v = v});
        for (int i = 0; i < B * O; i++) {
            J[i * c->P + p] = u[i];
            J[i * c->P + q] = v[i];
        }
        e[p] = e[c->P + q] = 0;
    }
    er_free(e);
    return J;
}

/* Rounding: sums of a few hundred terms, some layers deep. */
static const double TOLERANCE = 1e-12;

static double size_of(const double *v, int64_t n)
{
    double most = 0;
    for (int64_t i = 0; i < n; i++) most = fmax(most, fabs(v[i]));
    return most;
}

/* theta of inputs 0 .. n1 with inputs first .. first + n2 against J J'. */
static void check_theta(const struct net_case *c, const double *J, const double *theta,
                        enum er_outputs_kept kept, int n1, int first, int n2, const char *what)
{
    const int numbers = kept == ER_OUTPUTS_MEAN ? 1 : kept == ER_OUTPUTS_DIAGONAL ? O : O * O;
    double worst = 0, largest = size_of(theta, n1 * n2 * numbers);
    for (int i = 0; i < n1; i++)
        for (int j = 0; j < n2; j++) {
            double want[O * O] = {0};
            for (int o = 0; o < O * O; o++) {
                const double *a = J + (i * O + o / O) * c->P, *b = J + ((first + j) * O + o % O) * c->P;
                const int to = kept == ER_OUTPUTS_ALL ? o : kept == ER_OUTPUTS_MEAN ? 0 : o / O;
                double sum = 0;
                for (int64_t p = 0; p < c->P; p++) sum += a[p] * b[p];
                if (kept == ER_OUTPUTS_ALL || o / O == o % O)
                    want[to] += sum / (kept == ER_OUTPUTS_MEAN ? O : 1);
            }
            for (int p = 0; p < numbers; p++)
                worst = fmax(worst, fabs(theta[(i * n2 + j) * numbers + p] - want[p]));
        }
    T_OK(worst <= TOLERANCE * largest, "%s, %s: off by %g of %g", c->text, what, worst, largest);
}

static void check_kernels(const struct net_case *c, const struct er_finite_network *network, const double *J)
{
    static double theta[B * B * O * O], again[B * B * O * O];
    struct er_error err;
    for (enum er_empirical_algorithm a = ER_EMPIRICAL_JACOBIAN; a <= ER_EMPIRICAL_STRUCTURED; a++)
        for (enum er_outputs_kept kept = ER_OUTPUTS_MEAN; kept <= ER_OUTPUTS_ALL; kept++) {
            struct er_empirical_options options = {.outputs = kept, .algorithm = a};
            const char *name = er_empirical_algorithm_name(a);
            T_STATUS(er_empirical_kernel(network, B, c->x64, 0, NULL, &options, NULL, theta, NULL, NULL, NULL,
                                         &err),
                     ER_OK, "%s, %s", c->text, name);
            check_theta(c, J, theta, kept, B, 0, B, name);
            T_STATUS(er_empirical_kernel(network, 3, c->x64, 2, c->x64 + 3 * c->D, &options, NULL, theta,
                                         NULL, NULL, NULL, &err),
                     ER_OK, "%s, %s of two sets", c->text, name);
            check_theta(c, J, theta, kept, 3, 3, 2, name);
            options.memory = 1; /* single inputs */
            T_STATUS(er_empirical_kernel(network, B, c->x64, 0, NULL, &options, NULL, again, NULL, NULL, NULL,
                                         &err),
                     ER_OK, "%s, %s in pieces", c->text, name);
            check_theta(c, J, again, kept, B, 0, B, "in pieces");
        }
}

/* f, J v, J' v, Theta v and the curvature along a direction against the oracle's. */
static void check_products(const struct net_case *c, const struct er_finite_network *network, const double *J)
{
    struct er_random r = er_random_open(c->seed, er_stream(ER_PURPOSE_TEST, 3));
    double *d = er_alloc(2 * c->P, sizeof *d), *g = d + c->P, f[3 * B * O], v[B * O], out[B * O];
    double want[B * O], tangent[B * O], curve[B * O], worst = 0;
    struct er_error err;
    for (int64_t i = 0; i < c->P; i++) d[i] = er_random_normal(&r);
    for (int i = 0; i < B * O; i++) v[i] = er_random_normal(&r);
    const struct network_direction along = {.w = d};
    network_directional(c->oracle, c->w64, along, along, c->statistics64, false, B, c->x64, NULL,
                        (struct network_tangents){.f = want, .u = tangent, .uv = curve});
    T_STATUS(er_finite_taylor(network, d, 2, B, c->x64, f, NULL, &err), ER_OK, "%s: Taylor", c->text);
    for (int i = 0; i < B * O; i++) {
        worst = fmax(worst, fabs(f[i] - want[i]));
        worst = fmax(worst, fabs(f[B * O + i] - want[i] - tangent[i]));
        worst = fmax(worst, fabs(f[2 * B * O + i] - want[i] - tangent[i] - curve[i] / 2));
    }
    T_OK(worst <= TOLERANCE * (1 + size_of(f, 3 * B * O)), "%s: expansion to second order, off by %g",
         c->text, worst);
    T_STATUS(er_finite_vjp(network, B, c->x64, v, g, NULL, &err), ER_OK, "%s: J' v", c->text);
    worst = 0;
    for (int64_t p = 0; p < c->P; p++) {
        double sum = 0;
        for (int i = 0; i < B * O; i++) sum += J[i * c->P + p] * v[i];
        worst = fmax(worst, fabs(sum - g[p]));
    }
    T_OK(worst <= TOLERANCE * (1 + size_of(g, c->P)), "%s: J' v, off by %g", c->text, worst);
    T_STATUS(er_empirical_product(network, B, c->x64, 0, NULL, v, out, NULL, &err), ER_OK, "%s: Theta v",
             c->text);
    worst = 0;
    for (int i = 0; i < B * O; i++) {
        double sum = 0;
        for (int64_t p = 0; p < c->P; p++) sum += J[i * c->P + p] * g[p];
        worst = fmax(worst, fabs(sum - out[i]));
    }
    T_OK(worst <= TOLERANCE * (1 + size_of(out, B * O)), "%s: Theta v, off by %g", c->text, worst);
    er_free(d);
}

static void every_layer_against_the_oracle(void)
{
    for (int i = 0; i < NETS; i++) {
        struct net_case c = nets[i];
        struct er_finite *finite = NULL;
        struct er_error err;
        c.loss = "cross-entropy";
        c.B = B;
        c.classes = O;
        c.seed = 5 + (uint64_t)i;
        if (net_case_open(&c)) {
            T_STATUS(er_finite_new(c.net, &finite, &err), ER_OK, "%s in float64", c.text);
            const struct er_finite_network network = {finite, c.w64, c.statistics64};
            double *J = oracle_jacobian(&c);
            if (finite) check_kernels(&c, &network, J);
            if (finite) check_products(&c, &network, J);
            er_free(J);
        }
        er_finite_free(finite);
        net_case_close(&c);
    }
}

/* Wide layers, few outputs: the structured way. Many outputs of a cheap net and few inputs: products. */
static void the_cheaper_one_is_taken(void)
{
    static const struct {
        const char *text;
        int64_t classes, n;
        enum er_empirical_algorithm want;
    } row[] = {{"[dense 300, relu, dense 300, relu, dense]", 2, 100, ER_EMPIRICAL_STRUCTURED},
               {"[dense 4, relu, dense]", 4000, 1, ER_EMPIRICAL_PRODUCTS}};
    for (int i = 0; i < 2; i++) {
        struct er_model *model = NULL;
        struct er_net *net = NULL;
        struct er_finite *finite = NULL;
        struct er_error err;
        T_STATUS(er_model_parse(row[i].text, &model, &err), ER_OK, "%s", row[i].text);
        T_STATUS(er_net_new(model, (struct er_shape){1, 1, 9}, row[i].classes, "cross-entropy", &net, &err),
                 ER_OK, "a net");
        T_STATUS(er_finite_new(net, &finite, &err), ER_OK, "in float64");
        const struct er_empirical_options options = {.outputs = ER_OUTPUTS_ALL};
        const struct er_empirical_plan plan = er_empirical_plan(finite, row[i].n, 0, &options, 1);
        T_EQ_STR(er_empirical_algorithm_name(plan.algorithm), er_empirical_algorithm_name(row[i].want),
                 "%s, %lld inputs: %.3g, %.3g, %.3g flops", row[i].text, (long long)row[i].n, plan.flops[1],
                 plan.flops[2], plan.flops[3]);
        T_OK(plan.bytes > 0, "bytes are counted");
        er_finite_free(finite);
        er_net_free(net);
        er_model_free(model);
    }
}

static enum er_status make(const struct er_net *net, const double *x, double *theta,
                           struct er_finite **finite, struct er_error *err)
{
    enum er_status status = er_finite_new(net, finite, err);
    if (status != ER_OK) return status;
    const struct er_finite_network network = {*finite, tiny_w, NULL};
    for (enum er_empirical_algorithm a = ER_EMPIRICAL_JACOBIAN;
         a <= ER_EMPIRICAL_STRUCTURED && status == ER_OK; a++)
        status = er_empirical_kernel(&network, 1, x, 1, x + 2, &(struct er_empirical_options){.algorithm = a},
                                     NULL, theta, NULL, NULL, NULL, err);
    if (status == ER_OK) status = er_empirical_product(&network, 2, x, 0, NULL, tiny_d, theta, NULL, err);
    if (status != ER_OK) er_finite_free(*finite);
    return status;
}

static void failures(void)
{
    struct tiny t;
    struct er_finite *finite = NULL;
    struct er_error err;
    double theta[4], x[4] = {1, (double)NAN, 0, 0};
    if (!tiny_open(&t)) return;
    T_STATUS(er_empirical_kernel(&t.network, 2, x, 0, NULL, &(struct er_empirical_options){0}, NULL, theta,
                                 NULL, NULL, NULL, &err),
             ER_E_NONFINITE, "a NaN among the inputs");
    T_ALLOCATIONS(make(t.net, tiny_x, theta, &finite, &err), er_finite_free(finite),
                  "each allocation fails once");
    double f[16], g[17];
    T_ALLOCATIONS(er_finite_outputs(&t.network, 2, tiny_x, f, NULL, &err), (void)0, "outputs");
    T_ALLOCATIONS(er_finite_taylor(&t.network, tiny_d, 3, 2, tiny_x, f, NULL, &err), (void)0, "expansions");
    T_ALLOCATIONS(er_finite_vjp(&t.network, 2, tiny_x, tiny_d, g, NULL, &err), (void)0, "a gradient");
    tiny_close(&t);
}

int main(void)
{
    numbers_of_the_tiny_net();
    trap_17_divided_by_outputs();
    trap_18_degrees_of_taylor();
    every_layer_against_the_oracle();
    the_cheaper_one_is_taken();
    failures();
    return t_done();
}
