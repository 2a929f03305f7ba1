/* align.c - weight matching: hidden layer after hidden layer an assignment problem, until nothing moves.
 *
 *     gain[i, j] = sum over tensors that touch the layer, over all that is not the layer's axis, of A_i B_j
 *
 * where B's other axis has the places of the moment. A tensor whose other axis is fixed (inputs, outputs, a bias)
 * gives the same gain at every visit: it is computed once. All sums are in double: gains of float32 would make
 * ties out of what is none, and improvements out of rounding.
 */
#include "landscape/assignment.h"
#include "landscape/units.h"
#include "math/finite.h"

#include <cblas.h>
#include <ermine/memory.h>
#include <ermine/paths.h>
#include <ermine/random.h>
#include <math.h>
#include <string.h>

static const double IMPROVES = 1e-12; /* of the sum of the gains' sizes on the way: less is rounding */

struct aligning {
    struct er_units units;
    const float *a, *b;
    int64_t *permutation;
    double **fixed;  /* gains that stay, n^2 for each layer */
    double *gain;    /* n^2 of the layer at work */
    double *va, *vb; /* a tensor of A; of B, its other axis at the places of the moment */
    int64_t *column; /* a layer's answer */
    int64_t *order;  /* of layers in a sweep */
    void *scratch;
};

/* out[h, w, c, o] = from[h, w, places_in(c), places_out(o)]. */
static void take(const struct er_units_tensor *t, const float *from, const int64_t *in, const int64_t *out,
                 double *to)
{
    const struct er_tensor_axes a = t->axes;
    for (int64_t p = 0; p < a.h * a.w; p++)
        for (int64_t c = 0; c < a.c; c++) {
            const float *row = from + t->at + (p * a.c + (in ? in[c] : c)) * a.o;
            for (int64_t o = 0; o < a.o; o++) *to++ = (double)row[out ? out[o] : o];
        }
}

/* gain += what tensor t gives to the units on its axis o, or c. */
static void add(const struct aligning *s, const struct er_units_tensor *t, bool on_outputs, double *gain)
{
    const struct er_tensor_axes a = t->axes;
    const int64_t *in = er_units_places(&s->units, t->in, s->permutation),
                  *out = er_units_places(&s->units, t->out, s->permutation);
    take(t, s->a, NULL, NULL, s->va);
    take(t, s->b, on_outputs ? in : NULL, on_outputs ? NULL : out, s->vb);
    if (on_outputs) {
        const blasint n = (blasint)a.o, rows = (blasint)(a.h * a.w * a.c);
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, n, n, rows, 1, s->va, n, s->vb, n, 1, gain, n);
        return;
    }
    const blasint n = (blasint)a.c, rest = (blasint)a.o;
    for (int64_t p = 0; p < a.h * a.w; p++)
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, n, rest, 1, s->va + p * a.c * a.o, rest,
                    s->vb + p * a.c * a.o, rest, 1, gain, n);
}

/* Adds to the gains of a layer what comes from tensors that do, or do not, stay as they are. */
static void add_all(const struct aligning *s, int64_t layer, bool staying, double *gain)
{
    for (int64_t i = 0; i < s->units.tensors; i++) {
        const struct er_units_tensor *t = &s->units.tensor[i];
        if (t->statistics) continue;
        if (t->out == layer && staying == (t->in == ER_UNITS_FIXED)) add(s, t, true, gain);
        if (t->in == layer && staying == (t->out == ER_UNITS_FIXED)) add(s, t, false, gain);
    }
}

/* A layer's best places, the others as they stand; whether they are better than those it has. */
static bool visit(struct aligning *s, int64_t layer)
{
    const int64_t n = s->units.n[layer];
    int64_t *places = s->permutation + s->units.first[layer];
    double now = 0, then = 0, size = 0;
    memcpy(s->gain, s->fixed[layer], (size_t)(n * n) * sizeof *s->gain);
    add_all(s, layer, false, s->gain);
    er_assign(n, s->gain, s->column, s->scratch);
    for (int64_t i = 0; i < n; i++) {
        now += s->gain[i * n + places[i]];
        then += s->gain[i * n + s->column[i]];
        size += fabs(s->gain[i * n + s->column[i]]);
    }
    if (!(then > now + IMPROVES * size)) return false;
    memcpy(places, s->column, (size_t)n * sizeof *places);
    return true;
}

/* <A, pi B> over the tensors that touch hidden units. */
static double match(const struct aligning *s)
{
    double sum = 0;
    for (int64_t i = 0; i < s->units.tensors; i++) {
        const struct er_units_tensor *t = &s->units.tensor[i];
        const int64_t n = t->axes.h * t->axes.w * t->axes.c * t->axes.o;
        if (t->statistics || (t->in == ER_UNITS_FIXED && t->out == ER_UNITS_FIXED)) continue;
        take(t, s->a, NULL, NULL, s->va);
        take(t, s->b, er_units_places(&s->units, t->in, s->permutation),
             er_units_places(&s->units, t->out, s->permutation), s->vb);
        for (int64_t j = 0; j < n; j++) sum += s->va[j] * s->vb[j];
    }
    return sum;
}

/* Parameters of the largest tensor. */
static int64_t largest_tensor(const struct er_units *u)
{
    int64_t most = 0;
    for (int64_t i = 0; i < u->tensors; i++) {
        const struct er_tensor_axes a = u->tensor[i].axes;
        const int64_t n = a.h * a.w * a.c * a.o;
        most = n > most ? n : most;
    }
    return most;
}

static bool allocate(struct aligning *s)
{
    const struct er_units *u = &s->units;
    const int64_t most = largest_tensor(u);
    int64_t widest = 0;
    s->fixed = er_alloc(u->layers, sizeof *s->fixed);
    bool all = s->fixed != NULL;
    for (int64_t l = 0; l < u->layers && all; l++) {
        s->fixed[l] = er_alloc(u->n[l] * u->n[l], sizeof **s->fixed);
        widest = u->n[l] > widest ? u->n[l] : widest;
        all = s->fixed[l] != NULL;
    }
    s->gain = er_alloc(widest * widest, sizeof *s->gain);
    s->va = er_alloc(most, sizeof *s->va);
    s->vb = er_alloc(most, sizeof *s->vb);
    s->column = er_alloc(widest, sizeof *s->column);
    s->order = er_alloc(u->layers, sizeof *s->order);
    s->scratch = er_alloc(er_assign_bytes(widest), 1);
    return all && s->gain && s->va && s->vb && s->column && s->order && s->scratch;
}

static void clear(struct aligning *s)
{
    for (int64_t l = 0; s->fixed && l < s->units.layers; l++) er_free(s->fixed[l]);
    er_free(s->fixed);
    er_free(s->gain);
    er_free(s->va);
    er_free(s->vb);
    er_free(s->column);
    er_free(s->order);
    er_free(s->scratch);
    er_units_clear(&s->units);
}

static enum er_status sweep_all(struct aligning *s, uint64_t seed, const struct er_progress *progress,
                                struct er_alignment *out, struct er_error *err)
{
    for (int64_t l = 0; l < s->units.layers; l++) {
        for (int64_t i = 0; i < s->units.n[l]; i++) s->permutation[s->units.first[l] + i] = i;
        add_all(s, l, true, s->fixed[l]);
    }
    *out = (struct er_alignment){.before = match(s)};
    for (bool moves = true; moves; out->sweeps++) {
        struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_ALIGN, (uint64_t)out->sweeps));
        er_random_permutation(&r, s->units.layers, s->order);
        moves = false;
        for (int64_t i = 0; i < s->units.layers; i++) {
            if (er_progress_stopped(progress)) return er_fail(err, ER_E_STOPPED, "align: stopped");
            moves |= visit(s, s->order[i]);
        }
    }
    for (int64_t l = 0; l < s->units.layers; l++)
        for (int64_t i = 0; i < s->units.n[l]; i++) out->moved += s->permutation[s->units.first[l] + i] != i;
    out->after = match(s);
    return ER_OK;
}

enum er_status er_net_align_bytes(const struct er_net *net, double *bytes, struct er_error *err)
{
    struct er_units units;
    double sum = 0;
    int64_t widest = 0;
    const enum er_status status = er_units_new(net, &units, err);
    if (status != ER_OK) return status;
    for (int64_t l = 0; l < units.layers; l++) {
        sum += 8 * (double)units.n[l] * (double)units.n[l];
        widest = units.n[l] > widest ? units.n[l] : widest;
    }
    *bytes = sum + 8 * (double)widest * (double)widest + 16 * (double)largest_tensor(&units);
    er_units_clear(&units);
    return ER_OK;
}

static enum er_status check(const char *what, const struct er_net *net, const float *w, struct er_error *err)
{
    const int64_t i = er_first_not_finite(er_net_parameters(net), w);
    if (i < 0) return ER_OK;
    return er_fail(err, ER_E_NONFINITE, "align: parameter %lld of %s is %g", (long long)i, what,
                   (double)w[i]);
}

enum er_status er_net_align(const struct er_net *net, const float *a, const float *b, uint64_t seed,
                            const struct er_progress *progress, int64_t *permutation,
                            struct er_alignment *out, struct er_error *err)
{
    struct aligning s = {.a = a, .b = b, .permutation = permutation};
    struct er_alignment done;
    enum er_status status = check("the first network", net, a, err);
    if (status == ER_OK) status = check("the second network", net, b, err);
    if (status == ER_OK) status = er_units_new(net, &s.units, err);
    if (status != ER_OK) return status;
    if (allocate(&s))
        status = sweep_all(&s, seed, progress, &done, err);
    else
        status =
            er_fail(err, ER_E_NOMEM, "align: out of memory for %lld hidden units", (long long)s.units.total);
    if (status == ER_OK) *out = done;
    clear(&s);
    return status;
}
