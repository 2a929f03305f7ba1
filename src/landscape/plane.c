/* plane.c - planes and lines through minima, and around one. */
#include <ermine/landscape.h>
#include <ermine/memory.h>
#include <math.h>
#include <string.h>

static const double ON_A_LINE = 1e-6;

static double dot(int64_t n, const float *a, const float *b)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += (double)a[i] * (double)b[i];
    return sum;
}

/* (b - a).v, in float64 throughout. */
static double dot_step(int64_t n, const float *a, const float *b, const float *v)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += ((double)b[i] - (double)a[i]) * (double)v[i];
    return sum;
}

static double distance(int64_t n, const float *a, const float *b)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) {
        const double d = (double)b[i] - (double)a[i];
        sum += d * d;
    }
    return sqrt(sum);
}

static enum er_status plane_new(const struct er_net *net, const struct er_network *minimum, int64_t minima,
                                int64_t axes, struct er_plane *plane, struct er_error *err)
{
    const int64_t P = er_net_parameters(net), S = er_net_statistics(net);
    *plane = (struct er_plane){.net = net, .minima = minima};
    for (int64_t m = 0; m < minima; m++) plane->minimum[m].is = minimum[m];
    bool memory = true;
    for (int64_t k = 0; k < axes; k++) {
        plane->w[k] = er_alloc(P, sizeof *plane->w[k]);
        plane->statistics[k] = S ? er_alloc(S, sizeof *plane->statistics[k]) : NULL;
        memory = memory && plane->w[k] && (plane->statistics[k] || !S);
    }
    if (memory) {
        memcpy(plane->w[0], minimum[0].w, (size_t)P * sizeof(float));
        if (S) memcpy(plane->statistics[0], minimum[0].statistics, (size_t)S * sizeof(float));
        return ER_OK;
    }
    er_plane_clear(plane);
    er_fail(err, ER_E_NOMEM, "plane: out of memory for networks of %lld parameters", (long long)P);
    return ER_E_NOMEM;
}

void er_plane_clear(struct er_plane *plane)
{
    for (int k = 0; k < 3; k++) {
        er_free(plane->w[k]);
        er_free(plane->statistics[k]);
    }
    *plane = (struct er_plane){0};
}

/* out = ((to - from) - along u) / length; u NULL: without that part. */
static void axis(int64_t n, const float *from, const float *to, double along, const float *u, double length,
                 float *out)
{
    for (int64_t i = 0; i < n; i++) {
        const double step = (double)to[i] - (double)from[i];
        out[i] = (float)((step - (u ? along * (double)u[i] : 0)) / length);
    }
}

static void axes_of(struct er_plane *plane, const struct er_network *to, int k, double along, double length)
{
    const float *u = k == 2 ? plane->w[1] : NULL;
    axis(er_net_parameters(plane->net), plane->w[0], to->w, along, u, length, plane->w[k]);
    if (!plane->statistics[0] || !plane->statistics[k]) return;
    axis(er_net_statistics(plane->net), plane->statistics[0], to->statistics, along,
         u ? plane->statistics[1] : NULL, length, plane->statistics[k]);
}

static enum er_status lay(struct er_plane *plane, const struct er_network *minimum, struct er_error *err)
{
    const int64_t P = er_net_parameters(plane->net);
    const double B = distance(P, minimum[0].w, minimum[1].w);
    if (!isfinite(B)) return er_fail(err, ER_E_NONFINITE, "plane: a weight of a minimum is infinite or NaN");
    if (!(B > 0)) return er_fail(err, ER_E_USAGE, "plane: its first two minima are the same network");
    axes_of(plane, &minimum[1], 1, 0, B);
    plane->minimum[1].a = B;
    if (plane->minima < 3) return ER_OK;
    const double C = distance(P, minimum[0].w, minimum[2].w),
                 a = dot_step(P, minimum[0].w, minimum[2].w, plane->w[1]);
    if (!isfinite(C)) return er_fail(err, ER_E_NONFINITE, "plane: a weight of a minimum is infinite or NaN");
    axes_of(plane, &minimum[2], 2, a, 1);
    const double b = sqrt(dot(P, plane->w[2], plane->w[2]));
    if (!(b > ON_A_LINE * C))
        return er_fail(err, ER_E_USAGE, "plane: its three minima lie on one line, to %g of their distance",
                       C > 0 ? b / C : 0);
    axes_of(plane, &minimum[2], 2, a, b);
    plane->minimum[2].a = a;
    plane->minimum[2].b = b;
    return ER_OK;
}

enum er_status er_plane_through(const struct er_net *net, const struct er_network *minimum, int64_t minima,
                                struct er_plane *out, struct er_error *err)
{
    struct er_plane plane;
    if (minima < 2 || minima > 3)
        return er_fail(err, ER_E_USAGE, "plane: goes through 2 or 3 minima, not through %lld",
                       (long long)minima);
    enum er_status status = plane_new(net, minimum, minima, minima, &plane, err);
    if (status != ER_OK) return status;
    status = lay(&plane, minimum, err);
    if (status == ER_OK)
        *out = plane;
    else
        er_plane_clear(&plane);
    return status;
}

enum er_status er_plane_around(const struct er_net *net, const struct er_network *minimum, uint64_t seed,
                               struct er_plane *out, struct er_error *err)
{
    struct er_plane plane;
    enum er_status status = plane_new(net, minimum, 1, 3, &plane, err);
    if (status != ER_OK) return status;
    for (int k = 1; k < 3 && status == ER_OK; k++) {
        er_direction_draw(net, seed, (uint64_t)k - 1, plane.w[k]);
        status = er_direction_normalise_filters(net, minimum->w, plane.w[k], err);
    }
    if (status == ER_OK)
        *out = plane;
    else
        er_plane_clear(&plane);
    return status;
}

void er_plane_project(const struct er_plane *plane, const float *w, double *a, double *b, double *off)
{
    const int64_t P = er_net_parameters(plane->net);
    double along = dot_step(P, plane->w[0], w, plane->w[1]), beside = 0, rest = 0;
    if (plane->w[2]) beside = dot_step(P, plane->w[0], w, plane->w[2]);
    for (int64_t i = 0; off && i < P; i++) {
        const double d = (double)w[i] - (double)plane->w[0][i] - along * (double)plane->w[1][i] -
                         (plane->w[2] ? beside * (double)plane->w[2][i] : 0);
        rest += d * d;
    }
    *a = along;
    *b = beside;
    if (off) *off = sqrt(rest);
}
