/* permute.c - hidden units moved to other places.
 *
 *     out[h, w, i, o] = m[h, w, pi_in(i), pi_out(o)]       for every tensor m, (H, W, C, O) in memory
 */
#include "landscape/units.h"

#include <ermine/memory.h>
#include <ermine/paths.h>

static int64_t place(const int64_t *places, int64_t i)
{
    return places ? places[i] : i;
}

static void move(const struct er_units_tensor *t, const int64_t *in, const int64_t *out, const float *from,
                 float *to)
{
    const struct er_tensor_axes a = t->axes;
    for (int64_t p = 0; p < a.h * a.w; p++)
        for (int64_t c = 0; c < a.c; c++) {
            const float *row = from + t->at + (p * a.c + place(in, c)) * a.o;
            float *moved = to + t->at + (p * a.c + c) * a.o;
            for (int64_t o = 0; o < a.o; o++) moved[o] = row[place(out, o)];
        }
}

static enum er_status refuse(int64_t layer, int64_t i, int64_t from, const char *why, struct er_error *err)
{
    return er_fail(
        err, ER_E_USAGE,
        "units: no permutation: unit %lld of hidden layer %lld is to come from place %lld, which %s",
        (long long)i, (long long)layer + 1, (long long)from, why);
}

/* Whether every place of every layer is taken once; `taken`: false for all of them. */
static enum er_status check(const struct er_units *u, const int64_t *permutation, bool *taken,
                            struct er_error *err)
{
    for (int64_t l = 0; l < u->layers; l++)
        for (int64_t i = 0; i < u->n[l]; i++) {
            const int64_t from = permutation[u->first[l] + i];
            if (from < 0 || from >= u->n[l]) return refuse(l, i, from, "is none", err);
            if (taken[u->first[l] + from]) return refuse(l, i, from, "is taken", err);
            taken[u->first[l] + from] = true;
        }
    return ER_OK;
}

enum er_status er_net_permute(const struct er_net *net, const int64_t *permutation, const float *w,
                              const float *statistics, float *out, float *statistics_out,
                              struct er_error *err)
{
    struct er_units u;
    enum er_status status = er_units_new(net, &u, err);
    if (status != ER_OK) return status;
    bool *taken = er_alloc(u.total, sizeof *taken);
    status = taken ? check(&u, permutation, taken, err) : er_fail(err, ER_E_NOMEM, "units: out of memory");
    for (int64_t i = 0; i < u.tensors && status == ER_OK; i++) {
        const struct er_units_tensor *t = &u.tensor[i];
        move(t, er_units_places(&u, t->in, permutation), er_units_places(&u, t->out, permutation),
             t->statistics ? statistics : w, t->statistics ? statistics_out : out);
    }
    er_free(taken);
    er_units_clear(&u);
    return status;
}
