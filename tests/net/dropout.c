/* Dropout: the documented mask in every reading, its moments, and what it is a function of. */
#include "t.h"

#include "oracles/network.h"
#include "support/net_case.h"

#include <ermine/random.h>

/* Float sums of some dozen terms of size 1, scaled by up to 2: 200 roundings. */
static const double tolerance = 200 * 0x1p-23;

static struct er_error err;

/* The mask as the file of the layer documents it: 1 for kept. */
static void mask_of(uint64_t seed, uint64_t layer, uint64_t step, double rate, int64_t n, double *mask)
{
    for (int64_t e = 0; e < n; e++) {
        uint32_t word[4];
        er_random_words(seed, er_stream(ER_PURPOSE_DROPOUT, layer), (step << 32) + (uint64_t)e / 4, word);
        mask[e] = (double)word[e % 4] < rint(rate * 0x1p32) ? 0 : 1;
    }
}

/* All readings, with the documented masks given to the oracle. `layer` and `width` are those of the dropout
 * layers. */
static void check(const char *text, struct er_shape in, int layers, const uint64_t *layer, const double *rate,
                  const int64_t *width)
{
    struct net_case c = {.text = text, .loss = "cross-entropy", .in = in, .B = 21, .classes = 3, .seed = 6};
    if (net_case_open(&c)) {
        double *mask[2] = {NULL, NULL};
        T_EQ_INT(network_dropouts(c.oracle), layers, "%s: dropout layers", text);
        for (int i = 0; i < layers; i++) {
            T_EQ_INT(network_dropout_units(c.oracle, i), width[i], "%s: values of layer %d", text, i);
            mask[i] = er_alloc(c.B * width[i], sizeof *mask[i]);
            mask_of(c.network.seed, layer[i], c.network.step, rate[i], c.B * width[i], mask[i]);
        }
        net_case_check(&c, tolerance);
        net_case_check_examples(&c, tolerance);
        network_set_masks(c.oracle, (const double *const *)mask);
        T_OK(!er_net_mixes_rows(c.net), "%s does not mix rows", text);
        c.network.training = true;
        net_case_check(&c, tolerance);
        for (int i = 0; i < layers; i++) er_free(mask[i]);
    }
    net_case_close(&c);
}

/* Outputs of a layer of its own on ones: f = m / (1 - rate), behind `gain` for a parameter. */
static void draw(const char *rate, int64_t rows, int64_t units, uint64_t seed, uint64_t step, bool training,
                 int parts, float *f)
{
    char text[64];
    snprintf(text, sizeof text, "[gain, dropout %s]", rate);
    struct net_case c = {.text = text, .loss = "mean-squared", .in = {1, 1, units}, .B = rows, .seed = 1};
    c.classes = units;
    if (net_case_open(&c)) {
        c.w[0] = 1;
        for (int64_t i = 0; i < rows * units; i++) c.x[i] = 1;
        c.network.seed = seed;
        c.network.step = step;
        c.network.training = training;
        net_case_run(&c, (struct er_plan_call){.outputs = f}, parts);
    }
    net_case_close(&c);
}

/* n draws of probability q: the share of dropped values is q to five standard deviations, those of
 * neighbours, rows and steps are independent of each other. */
static void check_moments(const char *text)
{
    enum { ROWS = 128, UNITS = 75, N = ROWS * UNITS };
    static float f[N], later[N];
    const double q = strtod(text, NULL), sigma = sqrt(q * (1 - q) / N);
    const double kept = (double)(float)(1 / (1 - q));
    double dropped = 0, sum = 0, square = 0;
    int others = 0;
    draw(text, ROWS, UNITS, 3, 0, true, 1, f);
    draw(text, ROWS, UNITS, 3, 1, true, 1, later);
    for (int i = 0; i < N; i++) {
        others += f[i] != 0 && (double)f[i] != kept;
        dropped += f[i] == 0;
        sum += (double)f[i];
        square += ((double)f[i] - 1) * ((double)f[i] - 1);
    }
    T_EQ_INT(others, 0, "dropout %s: all of ones is 0 or 1 / (1 - rate)", text);
    T_CLOSE(dropped / N, q, 5 * sigma, "dropout %s: share of dropped values", text);
    T_CLOSE(sum / N, 1, 5 * sigma / (1 - q), "dropout %s: mean of ones", text);
    /* (y - 1)^2 is 1 or (q / (1 - q))^2: its mean is q / (1 - q), its deviation |1 - 2 q| / (1 - q)^2 sigma
     */
    T_CLOSE(square / N, q / (1 - q), 5 * sigma * (fabs(1 - 2 * q) / ((1 - q) * (1 - q))) + 1e-6,
            "dropout %s: variance of ones", text);
    const int shift[] = {1, 2, 3, 4, UNITS};
    for (int s = 0; s < 6; s++) {
        double both = 0;
        const int n = s < 5 ? N - shift[s] : N;
        for (int i = 0; i < n; i++) both += f[i] == 0 && (s < 5 ? f[i + shift[s]] : later[i]) == 0;
        /* pairs that share a value are correlated: variance at most q^2 (1 - q^2) + 2 q^3 (1 - q) each */
        const double deviation = sqrt((q * q * (1 - q * q) + 2 * q * q * q * (1 - q)) / n);
        T_CLOSE(both / n, q * q, 5 * deviation, "dropout %s: dropped together, case %d", text, s);
    }
}

static bool all_ones(int64_t n, const float *f)
{
    bool ones = true;
    for (int64_t i = 0; i < n; i++) ones = ones && f[i] == 1;
    return ones;
}

static bool same(int64_t n, const float *a, const float *b)
{
    int64_t i = 0;
    while (i < n && a[i] == b[i]) i++;
    return i == n;
}

static void check_function(void)
{
    enum { ROWS = 30, UNITS = 37, N = ROWS * UNITS };
    static float f[N], other[N];
    draw("0.5", ROWS, UNITS, 3, 7, true, 1, f);
    for (int parts = 1; parts <= 3; parts++) {
        draw("0.5", ROWS, UNITS, 3, 7, true, parts, other);
        T_OK(same(N, f, other), "the same on %d threads", parts);
    }
    draw("0.5", 11, UNITS, 3, 7, true, 2, other);
    T_OK(same((int64_t)11 * UNITS, f, other), "a smaller batch has the same rows");
    draw("0.5", ROWS, UNITS, 3, 8, true, 1, other);
    T_OK(!same(N, f, other), "another step");
    draw("0.5", ROWS, UNITS, 4, 7, true, 1, other);
    T_OK(!same(N, f, other), "another seed");
    draw("0.5", ROWS, UNITS, 3, 7, false, 1, other);
    T_OK(all_ones(N, other), "evaluation is the identity");
    draw("0", ROWS, UNITS, 3, 7, true, 1, other);
    T_OK(all_ones(N, other), "rate 0 drops nothing");
}

/* Two layers one after the other draw masks of their own: of ones, 1/4 gets through both, not 1/2. */
static void check_layers(void)
{
    struct net_case c = {.text = "[gain, dropout 0.5, dropout 0.5]",
                         .loss = "mean-squared",
                         .in = {1, 1, 50},
                         .B = 80,
                         .classes = 50,
                         .seed = 1};
    if (net_case_open(&c)) {
        enum { N = 80 * 50 };
        static float f[N];
        double kept = 0;
        c.w[0] = 1;
        for (int i = 0; i < N; i++) c.x[i] = 1;
        c.network.training = true;
        net_case_run(&c, (struct er_plan_call){.outputs = f}, 1);
        for (int i = 0; i < N; i++) kept += f[i] != 0;
        T_CLOSE(kept / N, 0.25, 5 * sqrt(0.25 * 0.75 / N), "masks of two layers are independent");
    }
    net_case_close(&c);
}

static void check_limits(void)
{
    struct er_model *model = NULL;
    struct er_net *net = NULL;
    struct er_plan *plan = NULL;
    T_STATUS(er_model_parse("[dropout, dense]", &model, &err), ER_E_INPUT, "no rate");
    T_STATUS(er_model_parse("[dropout 1, dense]", &model, &err), ER_E_INPUT, "rate 1");
    T_STATUS(er_model_parse("[dropout -0.1, dense]", &model, &err), ER_E_INPUT, "rate -0.1");
    T_STATUS(er_model_parse("[dropout 0.5, dense]", &model, &err), ER_OK, "rate 0.5");
    T_STATUS(er_net_new(model, (struct er_shape){1, 1, 1025}, 2, "hinge", &net, &err), ER_OK, "net");
    T_STATUS(er_plan_new(net, 1 << 24, &plan, &err), ER_E_LIMIT, "1025 2^24 values");
    T_OK(strstr(err.msg, "2^34"), "says the bound: %s", err.msg);
    er_net_free(net);
    er_model_free(model);
}

int main(void)
{
    const struct er_shape vector = {1, 1, 5}, image = {3, 3, 2};
    check("[dense 6, dropout 0.3, tanh, dense]", vector, 1, (uint64_t[]){1}, (double[]){0.3}, (int64_t[]){6});
    check("[dropout 0.2, flatten, dense 7, tanh, dropout 0.5, dense]", image, 2, (uint64_t[]){0, 4},
          (double[]){0.2, 0.5}, (int64_t[]){18, 7});
    check_moments("0.5");
    check_moments("0.1");
    check_moments("0.9");
    check_function();
    check_layers();
    check_limits();
    return t_done();
}
