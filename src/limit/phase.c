/* phase.c - fixed points of the variance and correlation maps of one activation.
 *
 * The correlation map is a power series in c with coefficients >= 0 (squares of Hermite coefficients), thus convex on [0, 1],
 * and 1 is a fixed point: with chi_1 <= 1 there is none below, with chi_1 > 1 just one, which bisection finds. So no
 * iteration creeps near the line of slope 1.
 */
#include <ermine/phase.h>

#include "core/buffer.h"
#include "net/net.h"

#include <ermine/memory.h>
#include <ermine/net.h>
#include <math.h>
#include <stdbool.h>

enum { HALVINGS = 200 };
static const double rounding = 1e-13; /* of a variance or slope that is meant to be fixed, or 1 */
static const double largest = 1e100, smallest = 1e-100;

struct maps {
    struct er_net *net; /* owns the layer */
    struct er_kernel_map map;
    double *table; /* of the variance that self() was last asked for; NULL: the dual has none */
    double w, b;   /* sw^2, sb^2 */
};

/* E phi(u)^2 and E phi'(u)^2 for u ~ N(0, q). */
static double self(const struct maps *m, double q, double *slope)
{
    const struct er_dual *dual = m->map.dual;
    double k = q;
    *slope = 1;
    if (dual->prepare) dual->prepare(m->map.parameter, 1, &q, m->table);
    dual->self(m->map.parameter, 1, &q, m->table, &k, slope);
    return k;
}

/* E phi(u) phi(v) and E phi'(u) phi'(v) at variance q, whose table self() has left, and covariance c q. */
static double pair(const struct maps *m, double q, double c, double *slope)
{
    const struct er_dual_side side = {&q, m->table, 0};
    double k = c * q;
    *slope = 1;
    m->map.dual->pair(m->map.parameter, 1, &side, &side, &k, slope);
    return k;
}

/* How far a layer moves a variance. */
static double drift(const struct maps *m, double q)
{
    double slope;
    return m->w * self(m, q, &slope) + m->b - q;
}

/* The fixed point next to 1 in the direction in which variances move there. */
static double fixed_variance(const struct maps *m)
{
    const double start = drift(m, 1), factor = start > 0 ? 2 : 0.5;
    if (fabs(start) <= rounding) return 1;
    double near = 1, far = 1;
    do {
        near = far;
        far *= factor;
        if (far > largest) return INFINITY;
        if (far < smallest) return 0;
    } while (drift(m, far) * start > 0);
    for (int i = 0; i < HALVINGS; i++) {
        const double middle = near + (far - near) / 2;
        if (middle == near || middle == far) break;
        if (drift(m, middle) * start > 0)
            near = middle;
        else
            far = middle;
    }
    return near + (far - near) / 2;
}

static double fixed_correlation(const struct maps *m, double q)
{
    double low = 0, high = 1, slope = 0;
    for (int i = 0; i < HALVINGS; i++) {
        const double middle = low + (high - low) / 2;
        if (middle == low || middle == high) break;
        if (m->w * pair(m, q, middle, &slope) + m->b > middle * q)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void maps_close(struct maps *m)
{
    er_net_free(m->net);
    er_free(m->table);
}

/* The net of one hidden layer with this activation. */
static enum er_status net_open(const char *activation, struct er_net **out, struct er_error *err)
{
    struct er_model *model = NULL;
    struct er_buffer buffer = {0};
    char *text = NULL;
    er_buffer_format(&buffer, "dense 1, %s, dense 2", activation);
    enum er_status status = er_buffer_take(&buffer, &text, err);
    if (status == ER_OK) status = er_model_parse(text, &model, err);
    if (status == ER_OK) status = er_net_new(model, (struct er_shape){1, 1, 1}, 2, "cross-entropy", out, err);
    er_free(text);
    er_model_free(model);
    return status;
}

static enum er_status find_map(const char *activation, const struct er_net *net, struct er_kernel_map *out,
                               struct er_error *err)
{
    const struct er_layer *layer = &net->node[1].layer;
    if (net->n != 3 || !layer->ops->pointwise || !layer->ops->kernel)
        return er_fail(err, ER_E_UNSUPPORTED, "phase: %s is no activation with a kernel", activation);
    const enum er_status status = layer->ops->kernel(layer, out, err);
    if (status != ER_OK || (out->form == ER_KERNEL_POINTWISE && out->dual->slope)) return status;
    return er_fail(err, ER_E_UNSUPPORTED, "phase: %s has no slope that is finite", activation);
}

static enum er_status maps_open(const char *activation, double bias_std, struct maps *out,
                                struct er_error *err)
{
    struct maps m = {.b = bias_std * bias_std};
    if (!(bias_std >= 0 && isfinite(bias_std)))
        return er_fail(err, ER_E_USAGE, "phase: bias_std %g is not a number >= 0", bias_std);
    enum er_status status = net_open(activation, &m.net, err);
    if (status != ER_OK || !m.net) return status;
    status = find_map(activation, m.net, &m.map, err);
    if (status == ER_OK && m.map.dual->prepare) {
        m.table = er_alloc(m.map.dual->width, sizeof *m.table);
        if (!m.table) status = er_fail(err, ER_E_NOMEM, "phase: out of memory");
    }
    if (status == ER_OK)
        *out = m;
    else
        maps_close(&m);
    return status;
}

static struct er_phase phase_of(struct maps *m, double weight_std)
{
    struct er_phase p = {NAN, NAN, NAN, NAN, NAN};
    m->w = weight_std * weight_std;
    p.variance = fixed_variance(m);
    if (isinf(p.variance)) return p;
    self(m, p.variance, &p.slope_one); /* its table serves the pairs too */
    p.slope_one *= m->w;
    if (p.variance == 0) return p;
    p.correlation = 1;
    p.slope = p.slope_one;
    if (p.slope_one > 1 + rounding) {
        p.correlation = fixed_correlation(m, p.variance);
        pair(m, p.variance, p.correlation, &p.slope);
        p.slope *= m->w;
    }
    p.depth_scale = fabs(p.slope - 1) <= rounding ? (double)INFINITY : -1 / log(p.slope);
    return p;
}

enum er_status er_phase_at(const char *activation, double weight_std, double bias_std, struct er_phase *out,
                           struct er_error *err)
{
    struct maps m = {0};
    if (!(weight_std > 0 && isfinite(weight_std)))
        return er_fail(err, ER_E_USAGE, "phase: weight_std %g is not a number > 0", weight_std);
    const enum er_status status = maps_open(activation, bias_std, &m, err);
    if (status != ER_OK || !m.map.dual) return status;
    *out = phase_of(&m, weight_std);
    maps_close(&m);
    return ER_OK;
}

enum er_status er_phase_critical(const char *activation, double bias_std, double low, double high,
                                 double *weight_std, struct er_error *err)
{
    struct maps m = {0};
    if (!(low > 0 && low < high && isfinite(high)))
        return er_fail(err, ER_E_USAGE, "phase: a range of weight_std from %g to %g", low, high);
    enum er_status status = maps_open(activation, bias_std, &m, err);
    if (status != ER_OK || !m.map.dual) return status;
    const double at_low = phase_of(&m, low).slope_one - 1, at_high = phase_of(&m, high).slope_one - 1;
    if (!(at_low * at_high < 0))
        status = er_fail(err, ER_E_INPUT,
                         "phase: chi_1 is %g at weight_std %g and %g at %g: it must cross 1 between them",
                         at_low + 1, low, at_high + 1, high);
    for (int i = 0; i < HALVINGS && status == ER_OK; i++) {
        const double middle = low + (high - low) / 2;
        if (middle == low || middle == high) break;
        if ((phase_of(&m, middle).slope_one - 1) * at_low > 0)
            low = middle;
        else
            high = middle;
    }
    maps_close(&m);
    if (status == ER_OK) *weight_std = low;
    return status;
}
