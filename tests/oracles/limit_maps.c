/* limit_maps.c - the linear maps of the oracle of limits: dense, conv, pools, and the laws of weights. */
#include "oracles/limit_layer.h"

#include <math.h>
#include <string.h>

struct limit_covariance limit_covariance_new(int64_t h, int64_t w, bool flat)
{
    struct limit_covariance c = {.h = h, .w = w, .flat = flat};
    const int64_t size = h * w * h * w;
    c.block = network_memory(2 * LIMIT_PAIRS * size, sizeof *c.block);
    for (int i = 0; i < LIMIT_PAIRS; i++) {
        c.k[i] = c.block + i * size;
        c.theta[i] = c.block + (LIMIT_PAIRS + i) * size;
    }
    return c;
}

void limit_covariance_clear(struct limit_covariance *c)
{
    er_free(c->block);
    *c = (struct limit_covariance){0};
}

void limit_replace(struct limit_covariance *c, struct limit_covariance by)
{
    limit_covariance_clear(c);
    *c = by;
}

/* The variances of a layer's weights (times the fan-in I) and biases, and the factors of its own tangent kernel. */
struct law {
    double w, b, tangent_w, tangent_b;
};

static struct law law_of(const struct layer *l, const struct limit_oracle *o, int64_t fan_in, int64_t fan_out)
{
    const double I = (double)fan_in, O = (double)fan_out, c = layer_number(l, "scale", 1);
    const bool bias = layer_says(l, "bias", "true", "true");
    bool ntk = layer_says(l, "init", "ntk", "he");
    struct law law = {c * c, pow(layer_number(l, "bias_scale", 0), 2), I, bias};
    if (layer_says(l, "init", "he", "he")) law.w *= 2;
    if (layer_says(l, "init", "glorot", "he")) law.w *= 2 * I / (I + O);
    if (layer_says(l, "init", "uniform", "he")) {
        law.w /= 3;
        law.b = law.w / I;
    }
    if (!isnan(o->options.weight_std)) law.w = o->options.weight_std * o->options.weight_std;
    if (!isnan(o->options.bias_std)) law.b = o->options.bias_std * o->options.bias_std;
    if (!bias) law.b = 0;
    if (o->options.parameterisation != ER_PARAMETERISATION_MODEL)
        ntk = o->options.parameterisation == ER_PARAMETERISATION_NTK;
    if (ntk) {
        law.tangent_w = law.w;
        law.tangent_b = law.b;
    }
    return law;
}

/* From means over taps, in place: K = w A K + b, Theta = w A Theta + tangent_w A K + tangent_b. */
static void apply_law(const struct limit_oracle *o, struct law law, struct limit_covariance *c)
{
    const int64_t P = c->h * c->w;
    for (int i = 0; i < LIMIT_PAIRS; i++)
        for (int64_t p = 0; p < P * P; p++) {
            const double mean = c->k[i][p];
            const double shared = !o->local || p / P == p % P;
            c->k[i][p] = shared * (law.w * mean + law.b);
            c->theta[i][p] = shared * (law.w * c->theta[i][p] + law.tangent_w * mean + law.tangent_b);
        }
}

/* f of K and of Theta of each pair, from `from` into `to`. */
typedef void each_kernel(const struct layer *l, const struct limit_covariance *from, const double *in,
                         const struct limit_covariance *to, double *out);

static void transform(const struct layer *l, struct limit_covariance *c, int64_t h, int64_t w, each_kernel *f)
{
    struct limit_covariance to = limit_covariance_new(h, w, false);
    for (int i = 0; i < LIMIT_PAIRS; i++) {
        f(l, c, c->k[i], &to, to.k[i]);
        f(l, c, c->theta[i], &to, to.theta[i]);
    }
    limit_replace(c, to);
}

static void mean_of_diagonal(const struct layer *l, const struct limit_covariance *from, const double *in,
                             const struct limit_covariance *to, double *out)
{
    (void)l;
    (void)to;
    const int64_t P = from->h * from->w;
    for (int64_t p = 0; p < P; p++) out[0] += in[p * P + p] / (double)P;
}

static void mean_of_all(const struct layer *l, const struct limit_covariance *from, const double *in,
                        const struct limit_covariance *to, double *out)
{
    (void)l;
    (void)to;
    const int64_t P = from->h * from->w;
    for (int64_t p = 0; p < P * P; p++) out[0] += in[p] / (double)(P * P);
}

/* The pixel under tap t (of all taps of the window) of output p, or OUTSIDE. */
static int64_t under(const struct window *win, int64_t p, int64_t t)
{
    const int64_t r = axis_place(&win->rows, p / win->columns.outputs, t / win->columns.k);
    const int64_t c = axis_place(&win->columns, p % win->columns.outputs, t % win->columns.k);
    return r == OUTSIDE || c == OUTSIDE ? OUTSIDE : r * win->columns.n + c;
}

/* One offset for both pixels. */
static void convolved(const struct layer *l, const struct limit_covariance *from, const double *in,
                      const struct limit_covariance *to, double *out)
{
    const struct window win = conv_window(l);
    const int64_t P = to->h * to->w, taps = win.rows.k * win.columns.k, n = from->h * from->w;
    for (int64_t p = 0; p < P; p++)
        for (int64_t q = 0; q < P; q++)
            for (int64_t t = 0; t < taps; t++) {
                const int64_t a = under(&win, p, t), b = under(&win, q, t);
                if (a != OUTSIDE && b != OUTSIDE) out[p * P + q] += in[a * n + b] / (double)taps;
            }
}

/* Each pixel its own offset. */
static void pooled(const struct layer *l, const struct limit_covariance *from, const double *in,
                   const struct limit_covariance *to, double *out)
{
    const struct window win = pool_window(l);
    const int64_t P = to->h * to->w, taps = win.rows.k * win.columns.k, n = from->h * from->w;
    const bool all = layer_says(l, "count_padding", "true", "false");
    for (int64_t p = 0; p < P; p++)
        for (int64_t q = 0; q < P; q++) {
            double sum = 0, of_p = 0, of_q = 0;
            for (int64_t t = 0; t < taps; t++) {
                of_p += all || under(&win, p, t) != OUTSIDE;
                of_q += all || under(&win, q, t) != OUTSIDE;
                for (int64_t s = 0; s < taps; s++) {
                    const int64_t a = under(&win, p, t), b = under(&win, q, s);
                    if (a != OUTSIDE && b != OUTSIDE) sum += in[a * n + b];
                }
            }
            out[p * P + q] = sum / (of_p * of_q);
        }
}

void limit_conv(const struct limit_oracle *o, const struct layer *l, struct limit_covariance *c)
{
    const struct window win = conv_window(l);
    const int64_t taps = win.rows.k * win.columns.k, groups = (int64_t)layer_number(l, "groups", 1);
    transform(l, c, l->out.h, l->out.w, convolved);
    apply_law(o, law_of(l, o, taps * l->in.c / groups, taps * l->out.c / groups), c);
}

void limit_dense(const struct limit_oracle *o, const struct layer *l, struct limit_covariance *c)
{
    transform(l, c, 1, 1, mean_of_diagonal);
    apply_law(o, law_of(l, o, shape_size(l->in), l->out.c), c);
}

void limit_avg_pool(const struct layer *l, struct limit_covariance *c)
{
    transform(l, c, l->out.h, l->out.w, pooled);
}

void limit_global_avg_pool(const struct layer *l, struct limit_covariance *c)
{
    transform(l, c, 1, 1, mean_of_all);
}
