/* simplex.c - the points are kept in the order of their values, the best first. */
#include "math/simplex.h"

#include <math.h>
#include <string.h>

struct point {
    double x[ER_SIMPLEX_MOST], value;
};

struct search {
    const struct er_simplex *s;
    struct point point[ER_SIMPLEX_MOST + 1];
    int64_t evaluations;
};

static enum er_status evaluate(struct search *w, struct point *p, struct er_error *err)
{
    const enum er_status status = w->s->function(w->s->ctx, p->x, &p->value, err);
    if (isnan(p->value)) p->value = INFINITY;
    w->evaluations++;
    return status;
}

/* Equal values stay in the order in which they came. */
static void sort(struct search *w)
{
    for (int64_t i = 1; i <= w->s->d; i++) {
        const struct point p = w->point[i];
        int64_t j = i;
        for (; j > 0 && p.value < w->point[j - 1].value; j--) w->point[j] = w->point[j - 1];
        w->point[j] = p;
    }
}

/* The point at `middle` + factor (middle - worst). */
static struct point along(const struct search *w, const double *middle, double factor)
{
    struct point p = {.value = INFINITY};
    for (int64_t i = 0; i < w->s->d; i++) p.x[i] = middle[i] + factor * (middle[i] - w->point[w->s->d].x[i]);
    return p;
}

static enum er_status shrink(struct search *w, struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int64_t j = 1; j <= w->s->d && status == ER_OK; j++) {
        for (int64_t i = 0; i < w->s->d; i++) w->point[j].x[i] = (w->point[0].x[i] + w->point[j].x[i]) / 2;
        status = evaluate(w, &w->point[j], err);
    }
    return status;
}

static enum er_status step(struct search *w, struct er_error *err)
{
    const int64_t d = w->s->d;
    struct point *worst = &w->point[d];
    double middle[ER_SIMPLEX_MOST] = {0};
    for (int64_t j = 0; j < d; j++)
        for (int64_t i = 0; i < d; i++) middle[i] += w->point[j].x[i] / (double)d;
    struct point reflected = along(w, middle, 1);
    enum er_status status = evaluate(w, &reflected, err);
    if (status != ER_OK) return status;
    if (reflected.value < w->point[0].value) {
        struct point further = along(w, middle, 2);
        status = evaluate(w, &further, err);
        *worst = further.value < reflected.value ? further : reflected;
    } else if (reflected.value < w->point[d - 1].value)
        *worst = reflected;
    else {
        const bool outside = reflected.value < worst->value;
        struct point nearer = along(w, middle, outside ? 0.5 : -0.5);
        status = evaluate(w, &nearer, err);
        if (status != ER_OK) return status;
        if (nearer.value < worst->value && !(outside && nearer.value > reflected.value))
            *worst = nearer;
        else
            status = shrink(w, err);
    }
    return status;
}

static bool small(const struct search *w)
{
    const int64_t d = w->s->d;
    for (int64_t j = 1; j <= d; j++)
        for (int64_t i = 0; i < d; i++)
            if (fabs(w->point[j].x[i] - w->point[0].x[i]) >= w->s->tolerance) return false;
    return w->point[d].value - w->point[0].value < w->s->tolerance;
}

enum er_status er_simplex_minimise(const struct er_simplex *simplex, double *x,
                                   struct er_simplex_report *report, struct er_error *err)
{
    const int64_t d = simplex->d;
    struct search w = {.s = simplex};
    enum er_status status = ER_OK;
    for (int64_t j = 0; j <= d && status == ER_OK; j++) {
        memcpy(w.point[j].x, x, (size_t)d * sizeof *x);
        if (j > 0) w.point[j].x[j - 1] += simplex->step;
        status = evaluate(&w, &w.point[j], err);
        if (status == ER_OK && j == 0 && !isfinite(w.point[0].value))
            status = er_fail(err, ER_E_NONFINITE, "simplex: the start has no finite value");
    }
    const double start = w.point[0].value;
    sort(&w);
    while (status == ER_OK && !small(&w) && w.evaluations < simplex->evaluations) {
        status = step(&w, err);
        sort(&w);
    }
    if (status != ER_OK) return status;
    memcpy(x, w.point[0].x, (size_t)d * sizeof *x);
    *report = (struct er_simplex_report){start, w.point[0].value, w.evaluations, small(&w)};
    return ER_OK;
}
