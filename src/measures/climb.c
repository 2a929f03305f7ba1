/* climb.c - steps of ascent within a ball. */
#include "measures/climb.h"

#include <ermine/random.h>
#include <math.h>

static double scale(const struct er_climb *how, const float *w, int64_t i)
{
    return how->adaptive ? fabs((double)w[i]) : 1;
}

/* |T g| */
static double length(const struct er_climb *how, int64_t P, const float *w, const float *g)
{
    double sum = 0;
    for (int64_t i = 0; i < P; i++) {
        const double v = scale(how, w, i) * (double)g[i];
        sum += v * v;
    }
    return sqrt(sum);
}

/* T g becomes a random direction. */
static void turn(const struct er_climb *how, int64_t P, const float *w, float *g)
{
    struct er_random random = er_random_open(how->seed, how->stream);
    for (int64_t i = 0; i < P; i++) {
        const double t = scale(how, w, i), v = er_random_normal(&random);
        g[i] = t > 0 ? (float)(v / t) : 0;
    }
}

/* u = w + rho T^2 g / |T g| */
static void move(const struct er_climb *how, int64_t P, const float *w, const float *g, double norm, float *u)
{
    for (int64_t i = 0; i < P; i++) {
        const double t = scale(how, w, i);
        u[i] = (float)((double)w[i] + how->rho * t * (t * (double)g[i] / norm));
    }
}

static enum er_status look(const struct er_hill *hill, const struct er_climb *how, const float *w,
                           const float *at, float *g, double *loss, double *norm, struct er_error *err)
{
    const enum er_status status = hill->gradient(hill->ctx, at, g, loss, err);
    if (status != ER_OK) return status;
    *norm = length(how, hill->P, w, g);
    if (isfinite(*loss) && isfinite(*norm)) return ER_OK;
    return er_fail(err, ER_E_NONFINITE,
                   "measures: a loss of %g with a gradient of length %g near the weights", *loss, *norm);
}

enum er_status er_climb(const struct er_hill *hill, const struct er_climb *how, const float *w, float *room,
                        struct er_climbed *out, struct er_error *err)
{
    const int64_t P = hill->P;
    float *u = room, *g = room + P;
    double loss, norm;
    enum er_status status = look(hill, how, w, w, g, &loss, &norm, err);
    if (status != ER_OK) return status;
    struct er_climbed made = {.start = loss, .most = loss, .stationary = norm == 0};
    if (made.stationary) {
        turn(how, P, w, g);
        norm = length(how, P, w, g);
        if (norm == 0)
            return er_fail(err, ER_E_UNSUPPORTED, "measures: all weights are 0, and so is the ball");
    }
    for (int k = 0; k < how->steps && norm > 0; k++) {
        move(how, P, w, g, norm, u);
        status = look(hill, how, w, u, g, &loss, &norm, err);
        if (status != ER_OK) return status;
        if (k == 0) made.first = loss;
        made.most = fmax(made.most, loss);
    }
    *out = made;
    return ER_OK;
}
