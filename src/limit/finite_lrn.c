/* finite_lrn.c - local response normalisation in float64, as src/net/layers/lrn.c says: y = x s^-beta, s = k + a sum of x^2
 * over a window of channels.
 */
#include "limit/finite.h"

enum { SIZE, ALPHA, BETA, K };

/* Channels first .. last of the window of channel c. */
static void window_of(const struct er_layer *l, int64_t c, int64_t *first, int64_t *last)
{
    const int64_t size = (int64_t)l->argument[SIZE], from = c - size / 2, to = c + (size - 1) / 2;
    *first = from < 0 ? 0 : from;
    *last = to >= l->in.channels ? l->in.channels - 1 : to;
}

/* The polynomial s of channel c of a pixel whose coefficients k lie at x + k step. */
static void sum_window(const struct er_layer *l, int64_t c, int order, const double *x, int64_t step,
                       double *s)
{
    int64_t first, last;
    window_of(l, c, &first, &last);
    for (int k = 0; k <= order; k++) {
        double sum = 0;
        for (int j = 0; j <= k; j++)
            for (int64_t i = first; i <= last; i++) sum += x[j * step + i] * x[(k - j) * step + i];
        s[k] = (k == 0 ? l->argument[K] : 0) + l->argument[ALPHA] / l->argument[SIZE] * sum;
    }
}

static void forward(const struct er_layer *l, const struct er_finite_call *call)
{
    const int64_t C = l->in.channels, values = call->rows * l->n_in;
    for (int64_t at = 0; at < values; at++) {
        double s[ER_TAYLOR_DEGREE + 1], r[ER_TAYLOR_DEGREE + 1];
        sum_window(l, at % C, call->order, call->x + at - at % C, values, s);
        er_finite_power(call->order, s, -l->argument[BETA], r);
        for (int k = 0; k <= call->order; k++) {
            double sum = 0;
            for (int j = 0; j <= k; j++) sum += call->x[j * values + at] * r[k - j];
            call->y[k * values + at] = sum;
        }
    }
}

/* dx_j = dy_j s_j^-beta - 2 a beta x_j sum of dy_c x_c s_c^(-beta-1) over the c that have j in their window. */
static void backward(const struct er_layer *l, const struct er_finite_call *call)
{
    const int64_t C = l->in.channels;
    const double beta = l->argument[BETA], a = l->argument[ALPHA] / l->argument[SIZE];
    for (int64_t at = 0; at < call->rows * l->n_in; at++) {
        const double *x = call->x + at - at % C;
        double *dx = call->dx + at - at % C;
        double s, r, r_over_s;
        int64_t first, last;
        sum_window(l, at % C, 0, x, 0, &s);
        window_of(l, at % C, &first, &last);
        er_finite_power(0, &s, -beta, &r);
        er_finite_power(0, &s, -beta - 1, &r_over_s);
        dx[at % C] += call->dy[at] * r;
        for (int64_t i = first; i <= last; i++)
            dx[i] -= 2 * a * beta * x[i] * call->dy[at] * x[at % C] * r_over_s;
    }
}

const struct er_finite_ops er_finite_lrn = {.name = "lrn", .forward = forward, .backward = backward};
