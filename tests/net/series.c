/* Taylor coefficients of every pointwise layer of the list: against its readings in float, against Taylor's theorem at a
 * second place, and along a curve against the series of the function set into each other in plain multiplications. */
#include "t.h"

#include "math/series.h"
#include "net/layer.h"
#include "net/model.h"
#include "support/written.h"

#include <float.h>

enum { POINTS = 9, ORDER = ER_SERIES_ORDER };

/* None of them near 0, where the layers with a kink have it: the step below stays on one side. */
static const double points[POINTS] = {-2.9, -1.7, -0.8, -0.45, 0.31, 0.6, 1.15, 2.1, 3.3};
static const double step = 0.125;

static bool open(const char *text, struct er_layer *out)
{
    struct er_model *model = NULL;
    if (er_model_parse(text, &model, NULL) != ER_OK) return false;
    *out = model->node[0].layer;
    er_model_free(model);
    return out->ops;
}

/* The coefficients of f(x + s) at one x, c[0 .. ORDER]. */
static void expand(const struct er_layer *l, double x, double c[ORDER + 1])
{
    double from[ORDER + 1] = {x, 1};
    er_pointwise_series(l, ORDER, 1, from, c);
}

/* How large the coefficients are: the scale of what their rounding may come to. */
static double size_of(const double c[ORDER + 1])
{
    double most = 0;
    for (int k = 0; k <= ORDER; k++) most = fmax(most, fabs(c[k]));
    return most;
}

/* Order 0 is the value and order 1 the slope that training uses; float's rounding, times what the layer's own terms
 * amplify it by (activations.c). */
static void check_float(const struct er_layer *l, const char *text)
{
    const struct er_pointwise *f = l->ops->pointwise;
    float x[POINTS], y[POINTS], one[POINTS], slope[POINTS], curve[POINTS] = {0};
    double from[3 * POINTS] = {0}, c[3 * POINTS];
    for (int i = 0; i < POINTS; i++)
        x[i] = (float)points[i], one[i] = 1, from[i] = (double)x[i], from[POINTS + i] = 1;
    f->value(l, POINTS, x, y);
    f->slope(l, POINTS, x, y, one, slope);
    if (f->curve) f->curve(l, POINTS, x, y, one, one, curve);
    er_pointwise_series(l, 2, POINTS, from, c);
    for (int i = 0; i < POINTS; i++) {
        const double tolerance =
            40 * (double)FLT_EPSILON * (1 + fabs(c[i]) + fabs(c[POINTS + i]) + fabs(c[2 * POINTS + i]));
        T_CLOSE(y[i], c[i], tolerance, "%s: value at %g", text, points[i]);
        T_CLOSE(slope[i], c[POINTS + i], tolerance, "%s: slope at %g", text, points[i]);
        T_CLOSE(curve[i], 2 * c[2 * POINTS + i], tolerance, "%s: curve at %g", text, points[i]);
    }
}

/* Taylor: c_k(x + h) = sum_j binomial(j, k) c_j(x) h^(j-k). What is cut off behind ORDER is no more than some times the
 * last terms, as the coefficients grow at most geometrically and h is far inside of the radius. */
static void check_shift(const struct er_layer *l, const char *text, double x, double h)
{
    double near[ORDER + 1], far[ORDER + 1];
    expand(l, x, near);
    expand(l, x + h, far);
    for (int k = 0; k <= 6; k++) {
        double sum = 0, binomial = 1, power = 1, last = 0;
        for (int j = k; j <= ORDER; j++) {
            const double term = binomial * power * near[j];
            sum += term;
            if (j >= ORDER - 2) last = fmax(last, fabs(term));
            binomial *= (j + 1.0) / (j + 1 - k);
            power *= h;
        }
        T_CLOSE(sum, far[k], 200 * DBL_EPSILON * (size_of(near) + size_of(far)) + 8 * last,
                "%s: coefficient %d, from %g to %g", text, k, x, x + h);
    }
}

/* f(x(s)) = sum_k c_k (x(s) - x_0)^k, by Horner's rule in truncated polynomials. */
static void check_curve(const struct er_layer *l, const char *text, double x)
{
    double c[ORDER + 1], path[ORDER + 1] = {x, 0.7, -0.4, 0.25, 0.3, -0.1}, got[ORDER + 1],
                                      slow[ORDER + 1] = {0};
    double sizes[ORDER + 1] = {0};
    expand(l, x, c);
    er_pointwise_series(l, ORDER, 1, path, got);
    for (int k = ORDER; k >= 0; k--) {
        double next[ORDER + 1] = {0}, next_sizes[ORDER + 1] = {0};
        for (int i = 0; i <= ORDER; i++)
            for (int j = 1; i + j <= ORDER; j++) {
                next[i + j] += slow[i] * path[j];
                next_sizes[i + j] += sizes[i] * fabs(path[j]);
            }
        for (int i = 0; i <= ORDER; i++) slow[i] = next[i], sizes[i] = next_sizes[i];
        slow[0] += c[k];
        sizes[0] += fabs(c[k]);
    }
    for (int k = 0; k <= ORDER; k++)
        T_CLOSE(got[k], slow[k], 100 * DBL_EPSILON * (sizes[k] + size_of(c)),
                "%s: coefficient %d along a curve at %g", text, k, x);
}

/* A lower order gives the first coefficients of a higher one, to the bit, and many numbers what each gives alone. */
static void check_places(const struct er_layer *l, const char *text)
{
    double x[(ORDER + 1) * POINTS] = {0}, y[(ORDER + 1) * POINTS], alone[ORDER + 1];
    bool same = true;
    for (int i = 0; i < POINTS; i++) x[i] = points[i], x[POINTS + i] = 1;
    for (int order = 0; order <= ORDER; order += 5) {
        er_pointwise_series(l, order, POINTS, x, y);
        for (int i = 0; i < POINTS; i++) {
            expand(l, points[i], alone);
            for (int k = 0; k <= order; k++) same = same && y[k * POINTS + i] == alone[k];
        }
    }
    T_OK(same, "%s: a coefficient depends on neither the order nor the neighbours", text);
}

/* Far out: what a formula could lose to a difference or to an infinity. */
static void check_far(void)
{
    static const struct {
        const char *text;
        double x, value, slope;
    } far[] = {
        {"softplus", -40, 4.248354255291589e-18, 4.248354255291589e-18},
        {"softplus", 800, 800, 1},
        {"gelu", -10, -7.61985302416053e-23, -7.618400096464814e-22},
        {"gelu approximate=tanh", 60, 60, 1},
        {"erf", 30, 1, 0},
        {"tanh", -400, -1, 0},
        {"relu", 0, 0, 0},
        {"leaky_relu 0.25", 0, 0, 0.25},
    };
    for (int i = 0; i < (int)(sizeof far / sizeof *far); i++) {
        struct er_layer l = {0};
        double c[ORDER + 1];
        const bool opened = open(far[i].text, &l);
        T_OK(opened, "%s", far[i].text);
        if (!opened) continue;
        expand(&l, far[i].x, c);
        T_CLOSE(c[0], far[i].value, 1e-14 * fabs(far[i].value), "%s at %g", far[i].text, far[i].x);
        T_CLOSE(c[1], far[i].slope, 1e-13 * fabs(far[i].slope), "%s: slope at %g", far[i].text, far[i].x);
        for (int k = 2; k <= ORDER; k++)
            T_OK(isfinite(c[k]), "%s: coefficient %d at %g", far[i].text, k, far[i].x);
    }
}

int main(void)
{
    static char text[WRITTEN_MOST][WRITTEN_LENGTH];
    struct er_layer_info info;
    int layers = 0;
    for (int64_t i = 0; er_layer_describe(i, &info); i++) {
        const struct er_layer_ops *ops = er_layer_find(info.name);
        if (!ops->pointwise) continue;
        T_OK(ops->pointwise->series, "%s has a series", info.name);
        const int n = ops->pointwise->series ? written_layers(ops, 1, text) : 0;
        layers += n > 0;
        for (int k = 0; k < n; k++) {
            struct er_layer l = {0};
            if (!open(text[k], &l)) continue;
            check_float(&l, text[k]);
            check_places(&l, text[k]);
            for (int p = 0; p < POINTS; p++) {
                check_shift(&l, text[k], points[p], points[p] > 0 ? step : -step);
                check_curve(&l, text[k], points[p]);
            }
        }
    }
    T_OK(layers >= 9, "%d layers", layers);
    check_far();
    return t_done();
}
