/* path.c - places on a path, and what barriers are made of. */
#include "landscape/path.h"

#include <ermine/paths.h>
#include <math.h>

const char *er_path_kind_text(enum er_path_kind kind)
{
    static const char *const text[] = {"line", "bezier", "chain"};
    return text[kind];
}

struct er_path_shares er_path_shares(enum er_path_kind kind, double t)
{
    const double s = 1 - t;
    if (kind == ER_PATH_LINE) return (struct er_path_shares){s, 0, t};
    if (kind == ER_PATH_BEZIER) return (struct er_path_shares){s * s, 2 * t * s, t * t};
    if (t <= 0.5) return (struct er_path_shares){1 - 2 * t, 2 * t, 0};
    return (struct er_path_shares){0, 2 * s, 2 * t - 1};
}

void er_path_at(const struct er_path *path, int64_t P, double t, float *w)
{
    const struct er_path_shares k = er_path_shares(path->kind, t);
    const float *a = path->a, *b = path->b, *c = path->kind == ER_PATH_LINE ? path->a : path->bend;
    for (int64_t i = 0; i < P; i++)
        w[i] = (float)(k.a * (double)a[i] + k.bend * (double)c[i] + k.b * (double)b[i]);
}

static double value_of(const struct er_path_point *p, enum er_path_value of)
{
    switch (of) {
    case ER_PATH_TRAIN_LOSS:
        return p->train_loss;
    case ER_PATH_TRAIN_ERROR:
        return p->train_error;
    case ER_PATH_TEST_LOSS:
        return p->test_loss;
    default:
        return p->test_error;
    }
}

/* The larger one; NaN where one is. */
static double larger(double a, double b)
{
    return isnan(a) || isnan(b) ? (double)NAN : fmax(a, b);
}

double er_path_barrier(const struct er_path_point *point, int64_t n, enum er_path_value of)
{
    const double first = value_of(&point[0], of), last = value_of(&point[n - 1], of);
    double most = larger(0, first - first + (last - last)); /* NaN where an end is not finite */
    for (int64_t i = 1; i < n - 1; i++) {
        const double chord = first + point[i].t * (last - first);
        most = larger(most, value_of(&point[i], of) - chord);
    }
    return most;
}

double er_path_most(const struct er_path_point *point, int64_t n, enum er_path_value of)
{
    double most = value_of(&point[0], of);
    for (int64_t i = 1; i < n; i++) most = larger(most, value_of(&point[i], of));
    return most;
}
