/* Layers that apply one function to every number: value, slope and curve against closed forms in double; NaN,
 * infinities, results in the place of arguments, and any length.
 *
 * eps = 2^-23. Allowed is eps (ulp |exact| + scale): ulp for the roundings that are relative to the result
 * (the errors that math/elementary.h states, and half of one for each operation behind them); scale, of the
 * size of the terms, where these cancel (1 - y^2 near 1) or where the argument of an exponential or a sine is
 * rounded, by half an eps of itself. Numbers below FLT_MIN are rounded to multiples of FLT_MIN eps, and then
 * multiplied by at most 240.
 */
#include "t.h"

#include "net/layer.h"

#include <float.h>

enum { SWEEP = 40007, VALUE = 0, SLOPE, CURVE, READINGS };

static const double eps = FLT_EPSILON;

/* f, f' and f'' at x of the layer with its arguments, in the order of its table. */
typedef void truth_fn(const double *argument, double x, double out[READINGS]);

static void relu(const double *c, double x, double out[READINGS])
{
    (void)c;
    out[VALUE] = x > 0 ? x : 0;
    out[SLOPE] = x > 0;
    out[CURVE] = 0;
}

static void leaky_relu(const double *c, double x, double out[READINGS])
{
    out[VALUE] = x > 0 ? x : c[0] * x;
    out[SLOPE] = x > 0 ? 1 : c[0];
    out[CURVE] = 0;
}

static void hyperbolic_tangent(const double *c, double x, double out[READINGS])
{
    (void)c;
    const double slope = 1 / (cosh(x) * cosh(x));
    out[VALUE] = tanh(x);
    out[SLOPE] = slope;
    out[CURVE] = -2 * tanh(x) * slope;
}

static void error_function(const double *c, double x, double out[READINGS])
{
    const double z = c[1] * x;
    out[VALUE] = c[0] * erf(z) + c[2];
    out[SLOPE] = c[0] * c[1] * 2 / sqrt(acos(-1)) * exp(-z * z);
    out[CURVE] = -2 * c[1] * z * out[SLOPE];
}

/* c[0]: 1 for the tanh formula. */
static void gelu(const double *c, double x, double out[READINGS])
{
    if (c[0] > 0) {
        const double k = sqrt(2 / acos(-1)), z = k * (x + 0.044715 * x * x * x),
                     slope = k * (1 + 3 * 0.044715 * x * x), curve = k * 6 * 0.044715 * x,
                     sech = 1 / (cosh(z) * cosh(z)), p = 1 / (1 + exp(-2 * z));
        out[VALUE] = x * p;
        out[SLOPE] = p + 0.5 * x * sech * slope;
        out[CURVE] = sech * slope + 0.5 * x * sech * (curve - 2 * tanh(z) * slope * slope);
    } else {
        const double density = exp(-x * x / 2) / sqrt(2 * acos(-1)), p = erfc(-x / sqrt(2)) / 2;
        out[VALUE] = x * p;
        out[SLOPE] = p + x * density;
        out[CURVE] = (2 - x * x) * density;
    }
}

static void softplus(const double *c, double x, double out[READINGS])
{
    (void)c;
    out[VALUE] = fmax(x, 0) + log1p(exp(-fabs(x)));
    out[SLOPE] = 1 / (1 + exp(-x));
    out[CURVE] = exp(-fabs(x)) / ((1 + exp(-fabs(x))) * (1 + exp(-fabs(x))));
}

static void sine(const double *c, double x, double out[READINGS])
{
    out[VALUE] = c[1] * sin(c[0] * x + c[2]);
    out[SLOPE] = c[1] * c[0] * cos(c[0] * x + c[2]);
    out[CURVE] = -c[0] * c[0] * out[VALUE];
}

static void monomial(const double *c, double x, double out[READINGS])
{
    out[VALUE] = pow(x, c[0]);
    out[SLOPE] = c[0] * pow(x, c[0] - 1);
    out[CURVE] = c[0] < 2 ? 0 : c[0] * (c[0] - 1) * pow(x, c[0] - 2);
}

static void abrelu(const double *c, double x, double out[READINGS])
{
    out[SLOPE] = x > 0 ? c[1] : c[0];
    out[VALUE] = out[SLOPE] * x;
    out[CURVE] = 0;
}

static void sign(const double *c, double x, double out[READINGS])
{
    (void)c;
    out[VALUE] = (x > 0) - (x < 0);
    out[SLOPE] = out[CURVE] = 0;
}

static void sigmoid(const double *c, double x, double out[READINGS])
{
    (void)c;
    const double e = exp(-fabs(x)), slope = e / ((1 + e) * (1 + e));
    out[VALUE] = 1 / (1 + exp(-x));
    out[SLOPE] = slope;
    out[CURVE] = -slope * tanh(x / 2);
}

static void elu(const double *c, double x, double out[READINGS])
{
    out[VALUE] = x > 0 ? x : c[0] * expm1(x);
    out[SLOPE] = x > 0 ? 1 : c[0] * exp(x);
    out[CURVE] = x > 0 ? 0 : c[0] * exp(x);
}

static void swish(const double *c, double x, double out[READINGS])
{
    double p[READINGS];
    sigmoid(c, x, p);
    out[VALUE] = x * p[VALUE];
    out[SLOPE] = p[VALUE] + x * p[SLOPE];
    out[CURVE] = 2 * p[SLOPE] + x * p[CURVE];
}

static void exponential(const double *c, double x, double out[READINGS])
{
    out[VALUE] = c[0] * exp(c[1] * x);
    out[SLOPE] = c[1] * out[VALUE];
    out[CURVE] = c[1] * out[SLOPE];
}

static void gaussian(const double *c, double x, double out[READINGS])
{
    out[VALUE] = c[0] * exp(c[1] * x * x);
    out[SLOPE] = 2 * c[1] * x * out[VALUE];
    out[CURVE] = 2 * c[1] * (1 + 2 * c[1] * x * x) * out[VALUE];
}

static void gabor(const double *c, double x, double out[READINGS])
{
    (void)c;
    const double g = exp(-x * x);
    out[VALUE] = g * sin(x);
    out[SLOPE] = g * (cos(x) - 2 * x * sin(x));
    out[CURVE] = g * ((4 * x * x - 3) * sin(x) - 4 * x * cos(x));
}

static void rectified_monomial(const double *c, double x, double out[READINGS])
{
    monomial(c, x > 0 ? x : 0, out);
    if (x > 0) return;
    out[VALUE] = x == 0 && c[0] < 1;
    out[SLOPE] = out[CURVE] = 0;
}

static void polynomial(const double *c, double x, double out[READINGS])
{
    out[VALUE] = out[SLOPE] = out[CURVE] = 0;
    for (int i = 5; i >= 0; i--) {
        out[CURVE] = out[CURVE] * x + 2 * out[SLOPE];
        out[SLOPE] = out[SLOPE] * x + out[VALUE];
        out[VALUE] = out[VALUE] * x + c[i];
    }
}

static void rbf(const double *c, double x, double out[READINGS])
{
    const double r = sqrt(2 * c[0]);
    out[VALUE] = sin(r * x) + cos(r * x);
    out[SLOPE] = r * (cos(r * x) - sin(r * x));
    out[CURVE] = -r * r * out[VALUE];
}

static const struct row {
    const char *name;
    double argument[6];
    truth_fn *truth;
    double ulp[READINGS], scale[READINGS];
    double below[READINGS], above[READINGS]; /* at -inf and inf */
} rows[] = {
    {"relu", {0}, relu, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {INFINITY, 1, 0}},
    {"leaky_relu", {0.01}, leaky_relu, {1, 0.5, 0}, {0, 0, 0}, {-INFINITY, 0.01f, 0}, {INFINITY, 1, 0}},
    {"leaky_relu", {1.5}, leaky_relu, {0.5, 0, 0}, {0, 0, 0}, {-INFINITY, 1.5, 0}, {INFINITY, 1, 0}},
    {"tanh", {0}, hyperbolic_tangent, {1.5, 1, 2}, {0, 3, 6}, {-1, 0, 0}, {1, 0, 0}},
    {"erf", {1, 1, 0}, error_function, {1.5, 3, 4}, {0, 0.5, 1}, {-1, 0, 0}, {1, 0, 0}},
    {"gelu", {0}, gelu, {6.5, 6, 5}, {0, 1, 1}, {0, 0, 0}, {INFINITY, 1, 0}},
    {"gelu", {1}, gelu, {4, 4, 5}, {1, 3, 8}, {0, 0, 0}, {INFINITY, 1, 0}},
    {"softplus", {0}, softplus, {2, 3, 5}, {0, 0, 0}, {0, 0, 0}, {INFINITY, 1, 0}},
    {"sin", {1, 1, 0}, sine, {0.5, 0.5, 0.5}, {1, 1, 2}, {NAN, NAN, NAN}, {NAN, NAN, NAN}},
    {"sin", {3, 1, 0}, sine, {1, 1, 1}, {32, 96, 288}, {NAN, NAN, NAN}, {NAN, NAN, NAN}}, /* |3 x| <= 60 */
    {"sin", {0.5, 2, 1.5}, sine, {1, 1, 1}, {20, 10, 5}, {NAN, NAN, NAN}, {NAN, NAN, NAN}},
    {"erf", {0.5, 1.5, 0.25}, error_function, {1.5, 3, 4}, {0.5, 1, 2}, {-0.25, 0, 0}, {0.75, 0, 0}},
    {"abrelu", {-0.5, 2}, abrelu, {0, 0, 0}, {0, 0, 0}, {INFINITY, -0.5, 0}, {INFINITY, 2, 0}},
    {"sign", {0}, sign, {0, 0, 0}, {0, 0, 0}, {-1, 0, 0}, {1, 0, 0}},
    {"sigmoid", {0}, sigmoid, {3, 4, 5}, {0, 1, 1}, {0, 0, 0}, {1, 0, 0}},
    {"elu", {1}, elu, {2, 1, 1}, {0, 1, 1}, {-1, 0, 0}, {INFINITY, 1, 0}},
    {"elu", {0.3}, elu, {3, 1, 1}, {0, 1, 1}, {-0.3f, 0, 0}, {INFINITY, 1, 0}},
    {"swish", {0}, swish, {4, 5, 5}, {0, 1, 2}, {0, 0, 0}, {INFINITY, 1, 0}},
    {"exp", {1, 1}, exponential, {1.5, 1.5, 2}, {0, 0, 0}, {0, 0, 0}, {INFINITY, INFINITY, INFINITY}},
    {"exp", {2, -0.5}, exponential, {2, 2, 3}, {0, 0, 0}, {INFINITY, -INFINITY, INFINITY}, {0, 0, 0}},
    {"gaussian", {1, -1}, gaussian, {3, 4, 5}, {0.5, 1, 3}, {0, 0, 0}, {0, 0, 0}},
    {"gaussian", {-2, -0.3}, gaussian, {3, 4, 5}, {1, 2, 4}, {0, 0, 0}, {0, 0, 0}},
    {"gabor", {0}, gabor, {3, 4, 5}, {1, 2, 5}, {0, 0, 0}, {0, 0, 0}},
    {"rectified_monomial", {0}, rectified_monomial, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {1, 0, 0}},
    {"rectified_monomial", {1}, rectified_monomial, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {INFINITY, 1, 0}},
    {"rectified_monomial",
     {3},
     rectified_monomial,
     {1, 1, 0.5},
     {0, 0, 0},
     {0, 0, 0},
     {INFINITY, INFINITY, INFINITY}},
    {"polynomial",
     {0.3, -0.5, 0.25, 0.125, 0, -0.5},
     polynomial,
     {3, 3, 3},
     {2, 2, 2},
     {INFINITY, NAN, NAN},
     {-INFINITY, NAN, NAN}},
    {"rbf", {0.5}, rbf, {1, 1, 1}, {32, 32, 32}, {NAN, NAN, NAN}, {NAN, NAN, NAN}},
    {"monomial", {1}, monomial, {0, 0, 0}, {0, 0, 0}, {-INFINITY, 1, 0}, {INFINITY, 1, 0}},
    {"monomial", {2}, monomial, {0.5, 0, 0}, {0, 0, 0}, {INFINITY, -INFINITY, 2}, {INFINITY, INFINITY, 2}},
    {"monomial",
     {3},
     monomial,
     {1, 1, 0.5},
     {0, 0, 0},
     {-INFINITY, INFINITY, -INFINITY},
     {INFINITY, INFINITY, INFINITY}},
    {"monomial",
     {16},
     monomial,
     {8, 8, 8},
     {0, 0, 0},
     {INFINITY, -INFINITY, INFINITY},
     {INFINITY, INFINITY, INFINITY}},
};
enum { ROWS = sizeof rows / sizeof *rows };

static struct er_layer layer_of(const struct row *row)
{
    struct er_layer l = {.ops = er_layer_find(row->name)};
    memcpy(l.argument, row->argument, sizeof row->argument);
    return l;
}

/* All three readings of x; slope and curve along ones. */
static void read_all(const struct row *row, int64_t n, const float *x, float *out[READINGS])
{
    const struct er_layer l = layer_of(row);
    const struct er_pointwise *f = l.ops->pointwise;
    float *one = er_alloc(n, sizeof *one);
    for (int64_t i = 0; i < n; i++) one[i] = 1, out[CURVE][i] = 0;
    f->value(&l, n, x, out[VALUE]);
    f->slope(&l, n, f->from_y ? NULL : x, out[VALUE], one, out[SLOPE]);
    if (f->curve) f->curve(&l, n, f->from_y ? NULL : x, out[VALUE], one, one, out[CURVE]);
    er_free(one);
}

/* From -20 to 20, and towards 0. */
static void check_truth(const struct row *row)
{
    static const char *const name[] = {"value", "slope", "curve"};
    static float x[SWEEP], got[READINGS][SWEEP];
    for (int i = 0; i < SWEEP; i++) x[i] = 20.0f * (float)(2 * i - SWEEP) / SWEEP;
    for (int i = 0; i < 140; i++) x[2 * i] = ldexpf(1.3f, -i), x[2 * i + 1] = -x[2 * i];
    x[0] = 0;
    read_all(row, SWEEP, x, (float *[]){got[0], got[1], got[2]});
    for (int reading = 0; reading < READINGS; reading++) {
        double worst = 0, at = 0;
        for (int i = 0; i < SWEEP; i++) {
            double exact[READINGS];
            row->truth(row->argument, (double)x[i], exact);
            if (fabs(exact[reading]) > (double)FLT_MAX) continue;
            const double allowed = eps * (row->ulp[reading] * fabs(exact[reading]) + row->scale[reading]) +
                                   256 * (double)FLT_MIN * eps;
            const double error = fabs((double)got[reading][i] - exact[reading]) / allowed;
            if (!(error <= worst)) worst = isnan(error) ? (double)INFINITY : error, at = (double)x[i];
        }
        T_OK(worst <= 1, "%s %g: %s, %.3g of what is allowed at %.9g", row->name, row->argument[0],
             name[reading], worst, at);
        printf("# %s %g: %s, %.3g of what is allowed at %.9g\n", row->name, row->argument[0], name[reading],
               worst, at);
    }
}

static bool same(float a, double b)
{
    return (double)a == b || (isnan(a) && isnan(b));
}

static void check_edges(const struct row *row)
{
    const float x[] = {-INFINITY, INFINITY, NAN, -FLT_MAX, FLT_MAX};
    float got[READINGS][5];
    read_all(row, 5, x, (float *[]){got[0], got[1], got[2]});
    for (int reading = 0; reading < READINGS; reading++) {
        T_OK(same(got[reading][0], row->below[reading]), "%s %g: reading %d at -inf is %g", row->name,
             row->argument[0], reading, (double)got[reading][0]);
        T_OK(same(got[reading][1], row->above[reading]), "%s %g: reading %d at inf is %g", row->name,
             row->argument[0], reading, (double)got[reading][1]);
        if (row->truth == sine && row->argument[0] > 1) continue; /* c x is infinite */
        if (row->truth == polynomial) continue;                   /* inf - inf */
        T_OK(!isnan(got[reading][3]) && !isnan(got[reading][4]), "%s %g: reading %d of the largest numbers",
             row->name, row->argument[0], reading);
    }
    const bool step = row->truth == rectified_monomial && row->argument[0] < 1;
    T_OK(step || isnan(got[VALUE][2]), "%s: NaN passes through", row->name);
}

static bool same_bits(const void *a, const void *b, size_t bytes)
{
    return memcmp(a, b, bytes) == 0;
}

/* In place and in pieces of every length the bits are the same; curve adds. */
static void check_places(const struct row *row)
{
    enum { N = 67 };
    const struct er_layer l = layer_of(row);
    const struct er_pointwise *f = l.ops->pointwise;
    float x[N], y[N], v[N], w[N], slope[N], curve[N], out[N], in_place[N];
    for (int i = 0; i < N; i++) {
        x[i] = (float)(i - 30) * 0.13f;
        v[i] = (float)(i % 7) - 3.1f;
        w[i] = (float)(i % 5) * 0.7f + 0.1f;
        curve[i] = (float)i;
    }
    f->value(&l, N, x, y);
    f->slope(&l, N, x, y, v, slope);
    if (f->curve) f->curve(&l, N, x, y, v, w, curve);

    memcpy(in_place, x, sizeof x);
    f->value(&l, N, in_place, in_place);
    T_OK(same_bits(in_place, y, sizeof y), "%s: value in place", row->name);
    memcpy(in_place, v, sizeof v);
    f->slope(&l, N, f->from_y ? y : x, y, in_place, in_place);
    T_OK(same_bits(in_place, slope, sizeof slope), "%s: slope in place", row->name);

    bool whole = true, guarded = true;
    for (int n = 0; n < N; n++) {
        float sum[N];
        for (int i = 0; i < N; i++) out[i] = 99, sum[i] = (float)i;
        f->value(&l, n, x, out);
        guarded = guarded && out[n] == 99;
        whole = whole && same_bits(out, y, (size_t)n * sizeof *y);
        f->slope(&l, n, x, y, v, out);
        guarded = guarded && out[n] == 99;
        whole = whole && same_bits(out, slope, (size_t)n * sizeof *y);
        if (f->curve) f->curve(&l, n, x, y, v, w, sum);
        guarded = guarded && sum[n] == (float)n;
        whole = whole && same_bits(sum, curve, (size_t)n * sizeof *y);
    }
    T_OK(whole, "%s %g: a number's bits do not depend on the length", row->name, row->argument[0]);
    T_OK(guarded, "%s %g: nothing is written beyond n", row->name, row->argument[0]);

    bool added = true;
    for (int i = 0; i < N; i++) {
        double exact[READINGS];
        row->truth(row->argument, (double)x[i], exact);
        const double term = exact[CURVE] * (double)v[i] * (double)w[i];
        added = added && fabs((double)curve[i] - (i + term)) <= 1e-4 * (i + fabs(term)) + 1e-4;
    }
    T_OK(added, "%s %g: curve adds f'' tx dy", row->name, row->argument[0]);
}

int main(void)
{
    for (int i = 0; i < ROWS; i++) {
        if (!T_OK(er_layer_find(rows[i].name), "%s is in the list", rows[i].name)) continue;
        check_truth(&rows[i]);
        check_edges(&rows[i]);
        check_places(&rows[i]);
    }
    struct er_model *model = NULL;
    struct er_error err;
    T_STATUS(er_model_parse("[gelu approximate=tanh, leaky_relu 0.2, sin 30, monomial 3]", &model, &err),
             ER_OK, "arguments are read");
    er_model_free(model);
    T_STATUS(er_model_parse("[leaky_relu -1]", &model, &err), ER_E_INPUT, "a negative slope is not from y");
    T_STATUS(er_model_parse("[monomial 17]", &model, &err), ER_E_INPUT, "a degree out of range");
    T_STATUS(er_model_parse("[monomial 1.5]", &model, &err), ER_E_INPUT, "a degree that is no integer");
    T_STATUS(er_model_parse("[gelu approximate=sigmoid]", &model, &err), ER_E_INPUT, "an unknown formula");
    T_STATUS(er_model_parse("[abrelu 0.5]", &model, &err), ER_E_INPUT, "one slope of two");
    T_STATUS(er_model_parse("[elu -1]", &model, &err), ER_E_INPUT, "a negative alpha is not from y");
    T_STATUS(er_model_parse("[gaussian rate=1]", &model, &err), ER_E_INPUT, "a bell that opens upwards");
    return t_done();
}
