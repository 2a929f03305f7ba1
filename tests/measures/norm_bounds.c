/* Bounds by norms and margins, once more from nothing but weights, examples and the formulas of docs/measures.md: matrices
 * written out in full, a convolution as the matrix that it is; margins by products with them; classes and their shares
 * of delta by counting up the grid. They agree to rounding, so that a constant that is not there is noticed. */
#include "t.h"

#include "oracles/svd.h"
#include "support/measured_net.h"

#include <ermine/random.h>

enum { MOST = 52, MOST_MAPS = 2, MOST_EXAMPLES = 80 };
static const double DELTA = .05, EXACT = 1e-9;

/* A map as a matrix with one row a unit; its bias, when it has one, is the last column. */
struct map {
    int rows, columns; /* columns: of the inputs, without the bias */
    bool biased;
    double w[MOST][MOST];
};

/* What follows the function between two maps: a factor, and means over squares of so many pixels a side. */
struct between {
    double factor; /* 0: none */
    int side, channels, pool;
};

/* The end and the start of a net. */
struct written {
    int maps, outputs;
    struct map end[MOST_MAPS], start[MOST_MAPS];
    double lipschitz; /* of what is between, the 1 for later biases included */
    bool erf;         /* the function, or relu */
    struct between then;
};

/* Weights lie input by input, biases behind them. */
static const float *write_dense(const float *w, int inputs, int outputs, bool biased, struct map *m)
{
    *m = (struct map){.rows = outputs, .columns = inputs, .biased = biased};
    for (int k = 0; k < inputs + biased; k++)
        for (int o = 0; o < outputs; o++) m->w[o][k] = (double)*w++;
    return w;
}

/* A 3x3 convolution of a square image that goes on from its other edge; channels lie side by side. */
static const float *write_conv(const float *w, int side, int channels, int outputs, struct map *m)
{
    const float *bias = w + 9 * channels * outputs;
    *m = (struct map){.rows = side * side * outputs, .columns = side * side * channels, .biased = true};
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++)
            for (int o = 0; o < outputs; o++) {
                double *row = m->w[(y * side + x) * outputs + o];
                for (int a = 0; a < 3; a++)
                    for (int b = 0; b < 3; b++) {
                        const int at = (y + a + side - 1) % side * side + (x + b + side - 1) % side;
                        for (int c = 0; c < channels; c++)
                            row[at * channels + c] += (double)w[((a * 3 + b) * channels + c) * outputs + o];
                    }
                row[m->columns] = (double)bias[o];
            }
    return bias + outputs;
}

/* --- margins --- */

static double function(const struct written *net, double z)
{
    return net->erf ? erf(z) : fmax(z, 0);
}

static void between(const struct written *net, int units, const double *z, double *a)
{
    const struct between *then = &net->then;
    for (int o = 0; o < units; o++) a[o] = function(net, z[o]) * (then->factor != 0 ? then->factor : 1);
    if (then->pool == 0) return;
    const int side = then->side, pool = then->pool, channels = then->channels;
    double mean[MOST] = {0};
    for (int y = 0; y < side; y++)
        for (int x = 0; x < side; x++)
            for (int c = 0; c < channels; c++)
                mean[(y / pool * (side / pool) + x / pool) * channels + c] +=
                    a[(y * side + x) * channels + c] / (pool * pool);
    memcpy(a, mean, sizeof mean);
}

static double margin_of(const struct written *net, const float *x, int label)
{
    double a[MOST] = {0}, z[MOST] = {0};
    for (int k = 0; k < net->end[0].columns; k++) a[k] = (double)x[k];
    for (int i = 0; i < net->maps; i++) {
        const struct map *m = &net->end[i];
        for (int o = 0; o < m->rows; o++) {
            z[o] = m->biased ? m->w[o][m->columns] : 0;
            for (int k = 0; k < m->columns; k++) z[o] += m->w[o][k] * a[k];
        }
        between(net, m->rows, z, a);
    }
    if (net->outputs == 1) return label == 1 ? z[0] : -z[0];
    double other = -(double)INFINITY;
    for (int o = 0; o < net->outputs; o++)
        if (o != label) other = fmax(other, z[o]);
    return z[label] - other;
}

/* Labels become what the net of three classes says, but for every ninth. */
static void label_by(const struct written *net, struct er_dataset *train)
{
    for (int i = 0; i < train->n; i++) {
        int said = 0;
        while (said < 2 && margin_of(net, train->x + i * net->end[0].columns, said) <= 0) said++;
        train->label[i] = (said + (i % 9 == 0)) % 3;
    }
}

/* Of all examples, rising; returns the tenth percentile of those above 0. */
static double margins_of(const struct written *net, const struct er_dataset *train, double *margin)
{
    int wrong = 0;
    for (int i = 0; i < train->n; i++) {
        const double value = margin_of(net, train->x + i * net->end[0].columns, train->label[i]);
        int at = i;
        for (; at > 0 && margin[at - 1] > value; at--) margin[at] = margin[at - 1];
        margin[at] = value;
        wrong += value <= 0;
    }
    const int right = (int)train->n - wrong;
    T_OK(right > 10 && wrong > 0, "some are right, some wrong: %d and %d", right, wrong);
    return margin[wrong + (right / 10 > 1 ? right / 10 : 1) - 1];
}

/* The library's margins are of float32: none may be so near to gamma that this matters. */
static double share_within(const double *margin, int64_t n, double gamma)
{
    int within = 0;
    for (int64_t i = 0; i < n; i++) {
        within += margin[i] <= gamma;
        if (fabs(margin[i] - gamma) < 1e-5 * gamma)
            T_OK(false, "margin %d is as good as gamma: take another net", (int)i);
    }
    return within / (double)n;
}

/* --- norms --- */

/* The columns of a map: with its bias, when it has one. */
static int width(const struct map *m)
{
    return m->columns + m->biased;
}

/* Whether the map has one more row, which passes the 1 on to biases behind it. */
static bool passes(const struct written *net, int i)
{
    bool biases_behind = false;
    for (int j = i + 1; j < net->maps; j++) biases_behind = biases_behind || net->end[j].biased;
    return biases_behind;
}

/* Lengths of the rows, of end - start or of end: their largest, sum and sum of squares; and largest 1-norm. */
struct lengths {
    double largest, sum, squares, largest_one;
};

static struct lengths lengths_of(const struct map *m, const struct map *minus)
{
    struct lengths l = {0};
    for (int o = 0; o < m->rows; o++) {
        double square = 0, one = 0;
        for (int k = 0; k < width(m); k++) {
            const double v = m->w[o][k] - (minus ? minus->w[o][k] : 0);
            square += v * v;
            one += fabs(v);
        }
        l.largest = fmax(l.largest, sqrt(square));
        l.largest_one = fmax(l.largest_one, one);
        l.sum += sqrt(square);
        l.squares += square;
    }
    return l;
}

/* The norm of the matrix of the norms of the blocks W, b, 0, 1: which is at least that of the map. */
static double spectral(const struct map *m, bool passes_one)
{
    static double w[MOST * MOST];
    double s[MOST] = {0}, square = 0;
    for (int o = 0; o < m->rows; o++) {
        for (int k = 0; k < m->columns; k++) w[o * m->columns + k] = m->w[o][k];
        if (m->biased) square += m->w[o][m->columns] * m->w[o][m->columns];
    }
    svd_values(m->rows, m->columns, w, s);
    double blocks[] = {s[0], sqrt(square), 0, passes_one};
    svd_values(2, 2, blocks, s);
    return s[0];
}

/* |X|_F, and the largest root mean square of a coordinate; of (x, 1) with biases. */
static void inputs_of(const struct er_dataset *train, const struct map *first, double *frobenius, double *rms)
{
    double sum = 0;
    *rms = 0;
    for (int k = 0; k < width(first); k++) {
        double square = 0;
        for (int64_t i = 0; i < train->n; i++) {
            const double x = k < first->columns ? (double)train->x[i * first->columns + k] : 1;
            square += x * x;
        }
        sum += square;
        *rms = fmax(*rms, sqrt(square / (double)train->n));
    }
    *frobenius = sqrt(sum);
}

/* --- bounds --- */

/* The least 2^(j/16) that is no less; *delta becomes the share of class j. */
static double round_up(double value, double *delta)
{
    int j = -1000;
    while (pow(2, j / 16.0) < value) j++;
    const double n = j >= 0 ? 2 * j + 1 : -2 * j;
    *delta /= n * (n + 1);
    return pow(2, j / 16.0);
}

static double deviation(double m, double delta)
{
    return 3 * sqrt(log(2 / delta) / (2 * m));
}

static void check_products(const struct written *net, const struct measured_net *of)
{
    const int d = net->maps;
    const double m = (double)of->train.n, classes = net->outputs > 1 ? 4 * net->outputs : 2;
    double margin[MOST_EXAMPLES] = {0}, frobenius = 1, rows = 1, X, rms;
    const double gamma = margins_of(net, &of->train, margin);
    inputs_of(&of->train, &net->end[0], &X, &rms);
    for (int i = 0; i < d; i++) {
        const struct lengths l = lengths_of(&net->end[i], NULL);
        const double one = passes(net, i);
        frobenius *= i == d - 1 ? l.largest : sqrt(l.squares + one);
        rows *= fmax(l.largest_one, one);
    }
    double delta = DELTA, c = round_up(frobenius / gamma, &delta);
    const double rest = share_within(margin, of->train.n, frobenius / c) + deviation(m, delta),
                 neyshabur = rest + classes * exp2(d - 1) * c * X / m,
                 golowich = rest + classes * (1 + sqrt(2 * d * log(2))) * c * X / m;
    T_CLOSE(measured_net_value(&of->is, "neyshabur_bound", 1), neyshabur, EXACT * neyshabur, "neyshabur");
    T_CLOSE(measured_net_value(&of->is, "golowich_bound", 1), golowich, EXACT * golowich, "golowich");
    delta = DELTA;
    c = round_up(rows / gamma, &delta);
    const double row_norm = share_within(margin, of->train.n, rows / c) + deviation(m, delta) +
                            classes * exp2(d - 1) * c * rms * sqrt(2 * log(2 * width(&net->end[0])) / m);
    T_CLOSE(measured_net_value(&of->is, "row_norm_bound", 1), row_norm, EXACT * row_norm, "row norms");
}

static void check_bartlett(const struct written *net, const struct measured_net *of)
{
    const double m = (double)of->train.n;
    double margin[MOST_EXAMPLES] = {0}, delta = DELTA, product = net->lipschitz, sum = 0, largest = 0, X, rms;
    inputs_of(&of->train, &net->end[0], &X, &rms);
    for (int i = 0; i < net->maps; i++) {
        const struct map *end = &net->end[i];
        const double exact = spectral(end, passes(net, i)), s = round_up(exact, &delta),
                     moved = lengths_of(end, &net->start[i]).sum,
                     b = round_up(moved > 0 ? moved : 1e-9 * exact, &delta);
        product *= s;
        sum += pow(b / s, 2.0 / 3);
        largest = fmax(largest, (end->rows + passes(net, i)) * width(end));
    }
    const double gamma = 1 / round_up(1 / margins_of(net, &of->train, margin), &delta),
                 R = product * pow(sum, 1.5);
    const double bound = share_within(margin, of->train.n, gamma) + 8 / m +
                         96 * log(m) * sqrt(log(2 * largest)) * R * X / (gamma * m) + deviation(m, delta);
    T_CLOSE(measured_net_value(&of->is, "bartlett_bound", 1), bound, EXACT * bound, "bartlett");
}

/* --- nets --- */

static struct written net; /* of the case under way */

/* From inputs 4 over units 5 to outputs. */
struct dense_case {
    const char *text;
    double lipschitz;
    int outputs;
    bool biased;
    bool still; /* the last layer has not moved */
    bool small; /* inputs and rows of the first layer below 1, the coordinate that biases add */
};

static void write_two(const float *w, bool biased, struct map *map)
{
    w = write_dense(w, 4, 5, biased, &map[0]);
    write_dense(w, 5, net.outputs, biased, &map[1]);
}

static void check_dense(const struct dense_case *c)
{
    struct measured_net of;
    const int classes = c->outputs > 1 ? c->outputs : 2, first = 5 * (4 + c->biased);
    if (measured_net_open(&of, c->text, c->outputs > 1 ? "cross-entropy" : "logistic",
                          (struct er_shape){1, 1, 4}, classes, 71)) {
        for (int64_t i = 0; i < of.train.n; i += 9) of.train.label[i] = (of.train.label[i] + 1) % classes;
        for (int64_t i = first; i < of.P && c->outputs == 1; i++) of.w[i] = -of.w[i];
        for (int64_t i = first; i < of.P && c->still; i++) of.w0[i] = of.w[i];
        for (int64_t i = 0; i < first && c->small; i++) of.w[i] *= .125f;
        for (int64_t i = 0; i < 4 * of.train.n && c->small; i++) of.train.x[i] *= .5f;
        net = (struct written){
            .maps = 2, .outputs = c->outputs, .lipschitz = c->lipschitz, .erf = c->lipschitz > 1};
        write_two(of.w, c->biased, net.end);
        write_two(of.w0, c->biased, net.start);
        if (c->lipschitz == 1) check_products(&net, &of);
        check_bartlett(&net, &of);
    }
    measured_net_close(&of);
}

static void check_conv(void)
{
    struct measured_net of;
    if (measured_net_open(&of, "[conv 3 3x3 padding=circular, relu, flatten, dense]", "cross-entropy",
                          (struct er_shape){4, 4, 2}, 3, 80)) {
        net = (struct written){.maps = 2, .outputs = 3, .lipschitz = 1};
        write_dense(write_conv(of.w, 4, 2, 3, &net.end[0]), 48, 3, true, &net.end[1]);
        write_dense(write_conv(of.w0, 4, 2, 3, &net.start[0]), 48, 3, true, &net.start[1]);
        check_products(&net, &of);
        check_bartlett(&net, &of);
    }
    measured_net_close(&of);
}

/* Means have constants below 1: 1/2 over squares of 2 pixels a side, 1/4 over all 16. They don't shrink the 1 that the
 * bias of the dense layer needs; without that bias they count in full. */
static void check_pooling(void)
{
    static const struct {
        const char *text;
        int pool;
        bool biased; /* the dense layer */
        double lipschitz;
    } cases[] = {
        {"[conv 3 3x3 padding=circular, relu, avg_pool 2, flatten, dense]", 2, true, 1},
        {"[conv 3 3x3 padding=circular, relu, global_avg_pool, dense]", 4, true, 1},
        {"[conv 3 3x3 padding=circular, relu, avg_pool 2, flatten, dense bias=false]", 2, false, 1 / 2.0},
        {"[conv 3 3x3 padding=circular, relu, global_avg_pool, dense bias=false]", 4, false, 1 / 4.0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int inputs = 3 * (4 / cases[i].pool) * (4 / cases[i].pool);
        struct measured_net of;
        if (measured_net_open(&of, cases[i].text, "cross-entropy", (struct er_shape){4, 4, 2}, 3, 80)) {
            net = (struct written){
                .maps = 2, .outputs = 3, .lipschitz = cases[i].lipschitz, .then = {0, 4, 3, cases[i].pool}};
            write_dense(write_conv(of.w, 4, 2, 3, &net.end[0]), inputs, 3, cases[i].biased, &net.end[1]);
            write_dense(write_conv(of.w0, 4, 2, 3, &net.start[0]), inputs, 3, cases[i].biased, &net.start[1]);
            label_by(&net, &of.train);
            check_bartlett(&net, &of);
        }
        measured_net_close(&of);
    }
}

static void check_scale(void)
{
    static const struct {
        const char *text;
        double factor;
        bool biased; /* the last layer */
        double lipschitz;
    } cases[] = {
        {"[dense 5, relu, scale 0.5, dense]", .5, true, 1},
        {"[dense 5, relu, scale 0.5, dense bias=false]", .5, false, .5},
        {"[dense 5, relu, scale 4, scale 0.5, dense]", 2, true, 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct measured_net of;
        if (measured_net_open(&of, cases[i].text, "cross-entropy", (struct er_shape){1, 1, 4}, 3, 71)) {
            net = (struct written){.maps = 2,
                                   .outputs = 3,
                                   .lipschitz = cases[i].lipschitz,
                                   .then = {.factor = cases[i].factor}};
            write_dense(write_dense(of.w, 4, 5, true, &net.end[0]), 5, 3, cases[i].biased, &net.end[1]);
            write_dense(write_dense(of.w0, 4, 5, true, &net.start[0]), 5, 3, cases[i].biased, &net.start[1]);
            label_by(&net, &of.train);
            check_bartlett(&net, &of);
        }
        measured_net_close(&of);
    }
}

/* Batch norm in evaluation, as weights of the layer before it; they are kept as float32, biases as float64. */
static const float *fold(const float *w, const float *statistics, struct map *m)
{
    for (int o = 0; o < m->rows; o++) {
        const double r = (double)w[o] / sqrt((double)statistics[m->rows + o] + (double)1e-5f);
        for (int k = 0; k < m->columns; k++) m->w[o][k] = (double)(float)(m->w[o][k] * r);
        double *bias = &m->w[o][m->columns];
        *bias = (double)w[m->rows + o] + r * (*bias - (double)statistics[o]);
    }
    return w + 2 * (ptrdiff_t)m->rows;
}

static void check_batch_norm(void)
{
    struct measured_net of;
    if (measured_net_open(&of, "[dense 5, batch_norm, relu, dense]", "cross-entropy",
                          (struct er_shape){1, 1, 4}, 3, 71)) {
        net = (struct written){.maps = 2, .outputs = 3, .lipschitz = 1};
        const float *w = write_dense(of.w, 4, 5, true, &net.end[0]),
                    *w0 = write_dense(of.w0, 4, 5, true, &net.start[0]);
        write_dense(fold(w, of.statistics, &net.end[0]), 5, 3, true, &net.end[1]);
        write_dense(fold(w0, of.statistics0, &net.start[0]), 5, 3, true, &net.start[1]);
        label_by(&net, &of.train);
        check_products(&net, &of);
        check_bartlett(&net, &of);
    }
    measured_net_close(&of);
}

/* A function with arguments is the plain one between factors, and has the bound of that net. */
static void check_arguments(void)
{
    static const char *const same[][2] = {
        {"[dense 5, abrelu 0 1, dense]", "[dense 5, relu, dense]"},
        {"[dense 5, scale 1, abrelu -0.5 -3, scale 1, dense]",
         "[dense 5, scale -1, leaky_relu 6, scale 0.5, dense]"},
        {"[dense 5, scale 1, erf amplitude=-3 scale=2, scale 1, dense]",
         "[dense 5, scale 2, erf, scale -3, dense]"},
        {"[dense 5, scale 1, sin 2 amplitude=0.5, scale 1, dense]",
         "[dense 5, scale 2, sin, scale 0.5, dense]"},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        double bound[2] = {0};
        for (int k = 0; k < 2; k++) {
            struct measured_net of;
            if (measured_net_open(&of, same[i][k], "cross-entropy", (struct er_shape){1, 1, 4}, 3, 70))
                bound[k] = measured_net_value(&of.is, "bartlett_bound", 1);
            measured_net_close(&of);
        }
        T_CLOSE(bound[0], bound[1], EXACT * bound[1], "%s", same[i][0]);
    }
}

/* Measures that a net has no value of. */
static void check_uncovered(const char *text, const char *measure)
{
    struct measured_net of;
    struct er_pool *pool = NULL;
    struct er_measured_run *run = NULL;
    struct er_error err = {0};
    double value = 0;
    if (measured_net_open(&of, text, "cross-entropy", (struct er_shape){1, 1, 4}, 3, 70) &&
        er_pool_new(1, &pool, &err) == ER_OK && er_measured_run_new(&of.is, pool, &run, &err) == ER_OK)
        T_STATUS(er_measure_compute(er_measure_find(measure), run, &value, &err), ER_E_UNSUPPORTED, "%s: %s",
                 measure, text);
    er_measured_run_free(run);
    er_pool_free(pool);
    measured_net_close(&of);
}

/* 4 -> 5 -> 3 with batch norm: 25 + 10 + 18 parameters and 10 statistics, of 32 bits. */
static void check_parameters(void)
{
    struct measured_net of;
    if (measured_net_open(&of, "[dense 5, batch_norm, relu, dense]", "cross-entropy",
                          (struct er_shape){1, 1, 4}, 3, 70)) {
        of.is.train_error = .25;
        of.is.test_error = .5;
        const double bound = .25 + sqrt((32 * 63 * log(2) + log(20)) / 140);
        T_CLOSE(measured_net_value(&of.is, "parameter_bound", 1), bound, EXACT * bound, "parameters");
        T_CLOSE(measured_net_value(&of.is, "test_set_bound", 1), .5 + sqrt(log(20) / 100), EXACT, "test set");
    }
    measured_net_close(&of);
}

int main(void)
{
    static const char plain[] = "[dense 5, relu, dense]",
                      unbiased[] = "[dense 5 bias=false, relu, dense bias=false]";
    const struct dense_case dense[] = {
        {plain, 1, 3, true, false, false},
        {plain, 1, 3, true, true, false},
        {plain, 1, 3, true, false, true},
        {unbiased, 1, 3, false, false, false},
        {unbiased, 1, 1, false, false, false},
        {plain, 1, 1, true, false, false},
        {"[dense 5, erf, dense]", 2 / sqrt(acos(-1)), 3, true, false, false},
    };
    for (size_t i = 0; i < sizeof dense / sizeof *dense; i++) check_dense(&dense[i]);
    check_conv();
    check_pooling();
    check_scale();
    check_batch_norm();
    check_parameters();
    check_arguments();
    check_uncovered("[dense 5, sin phase=0.5, dense]", "bartlett_bound");
    check_uncovered("[dense 5, erf shift=1, dense]", "bartlett_bound");
    check_uncovered("[dense 5, multiply: [identity, relu], dense]", "vc_dimension");
    return t_done();
}
