/* layer_norms.c - norms of each weight matrix, computed once. */
#include "measures/layer_norms.h"
#include "measures/measured.h"
#include "net/net.h"

#include <ermine/memory.h>
#include <ermine/norm.h>
#include <math.h>

static bool moved(enum er_layer_norm which)
{
    return which == ER_LAYER_MOVED_SPECTRAL || which == ER_LAYER_MOVED_SPECTRAL_RESHAPED ||
           which == ER_LAYER_MOVED_FROBENIUS || which == ER_LAYER_MOVED_TWO_ONE;
}

static bool spectral(enum er_layer_norm which)
{
    return which != ER_LAYER_FROBENIUS && which != ER_LAYER_MOVED_FROBENIUS &&
           which != ER_LAYER_MOVED_TWO_ONE;
}

/* Whether the map is the matrix of its weights: it has one position, which sees all inputs. */
static bool is_dense(const struct er_affine *map)
{
    return map->positions == 1 && map->fan_in == map->inputs;
}

/* Frobenius or (2,1) norm of a fan_in x outputs matrix. */
static enum er_status of_rows(const struct er_affine *map, const double *w, bool two_one, double *out,
                              struct er_error *err)
{
    const int64_t O = map->outputs;
    double sum = 0, *square = er_alloc(O, sizeof *square);
    if (!square)
        return er_fail(err, ER_E_NOMEM, "measures: out of memory for norms of %lld rows", (long long)O);
    for (int64_t i = 0; i < map->fan_in; i++)
        for (int64_t o = 0; o < O; o++) square[o] += w[i * O + o] * w[i * O + o];
    for (int64_t o = 0; o < O; o++) sum += two_one ? sqrt(square[o]) : square[o];
    er_free(square);
    *out = two_one ? sum : sqrt(sum);
    return ER_OK;
}

enum er_status er_map_spectral_norm(const struct er_net *net, const struct er_affine *map, const double *w,
                                    double *out, struct er_error *err)
{
    const struct er_layer *l = &net->node[map->node].layer;
    if (is_dense(map)) {
        const enum er_status status =
            er_matrix_spectral_norm(map->fan_in, map->outputs, w + map->at, out, err);
        if (status == ER_OK) *out *= fabs(map->factor);
        return status;
    }
    float *rounded = er_alloc(l->n_parameters, sizeof *rounded);
    if (!rounded)
        return er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld weights",
                       (long long)l->n_parameters);
    for (int64_t k = 0; k < map->fan_in * map->outputs; k++) rounded[k] = (float)w[map->at + k];
    const enum er_status status = l->ops->norm(l, ER_NORM_SPECTRAL, rounded, NULL, out, err);
    er_free(rounded);
    return status;
}

/* `w`: P numbers in the net's own layout. */
static enum er_status norm_of(const struct er_folded *f, int64_t i, const double *w, enum er_layer_norm which,
                              double *out, struct er_error *err)
{
    const struct er_affine *map = &f->map[i];
    const double s = fabs(map->factor);
    const bool as_map = which == ER_LAYER_SPECTRAL || which == ER_LAYER_MOVED_SPECTRAL;
    enum er_status status;
    if (spectral(which) && as_map) return er_map_spectral_norm(f->net, map, w, out, err);
    if (spectral(which))
        status = er_matrix_spectral_norm(map->fan_in, map->outputs, w + map->at, out, err);
    else
        status = of_rows(map, w + map->at, which == ER_LAYER_MOVED_TWO_ONE, out, err);
    *out *= s;
    return status == ER_OK && !isfinite(*out)
               ? er_fail(err, ER_E_NONFINITE, "measures: a weight of matrix %lld is not finite",
                         (long long)i + 1)
               : status;
}

static enum er_status all(const struct er_folded *f, const double *w, enum er_layer_norm which, double *out,
                          struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < f->n && status == ER_OK; i++) status = norm_of(f, i, w, which, &out[i], err);
    return status;
}

/* The same of the differences to the initial network. */
static enum er_status all_moved(struct er_measured_run *run, const struct er_folded *f,
                                enum er_layer_norm which, double *out, struct er_error *err)
{
    const int64_t P = er_net_parameters(run->is.net);
    const struct er_folded *initial;
    enum er_status status = er_measured_initial_folded(run, &initial, err);
    if (status != ER_OK) return status;
    double *d = er_alloc(P, sizeof *d);
    if (!d) return er_fail(err, ER_E_NOMEM, "measures: out of memory for %lld weights", (long long)P);
    for (int64_t k = 0; k < P; k++) d[k] = f->w[k] - initial->w[k];
    status = all(f, d, which, out, err);
    er_free(d);
    return status;
}

struct norms {
    double *value; /* one a matrix */
    int64_t n;
};

static enum er_status make(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    const enum er_layer_norm norm = (enum er_layer_norm)which;
    struct norms *made = part;
    const struct er_folded *f;
    const enum er_status status = er_measured_folded(run, &f, err);
    if (status != ER_OK) return status;
    made->n = f->n;
    made->value = er_alloc(f->n, sizeof *made->value);
    if (!made->value) return er_fail(err, ER_E_NOMEM, "measures: out of memory for norms of layers");
    return moved(norm) ? all_moved(run, f, norm, made->value, err) : all(f, f->w, norm, made->value, err);
}

static void clear(void *part)
{
    er_free(((struct norms *)part)->value);
}

enum er_status er_measured_layer_norms(struct er_measured_run *run, enum er_layer_norm which,
                                       const double **out, int64_t *n, struct er_error *err)
{
#define NORM(WHICH) [WHICH] = { "norms of layers", sizeof(struct norms), make, clear, (WHICH) }
    static const struct er_part of[ER_LAYER_NORMS] = {
        NORM(ER_LAYER_SPECTRAL),       NORM(ER_LAYER_SPECTRAL_RESHAPED),
        NORM(ER_LAYER_MOVED_SPECTRAL), NORM(ER_LAYER_MOVED_SPECTRAL_RESHAPED),
        NORM(ER_LAYER_FROBENIUS),      NORM(ER_LAYER_MOVED_FROBENIUS),
        NORM(ER_LAYER_MOVED_TWO_ONE),
    };
#undef NORM
    void *part;
    const enum er_status status = er_measured_part(run, &of[which], &part, err);
    if (status != ER_OK) return status;
    const struct norms *is = part;
    *out = is->value;
    *n = is->n;
    return ER_OK;
}
