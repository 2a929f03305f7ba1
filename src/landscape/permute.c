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

/* Whether every place of every layer is taken once. */
static enum er_status check(const struct er_units *u, const int64_t *permutation, struct er_error *err)
{
    bool *taken = er_alloc(u->total, sizeof *taken);
    enum er_status status = taken ? ER_OK : er_fail(err, ER_E_NOMEM, "units: out of memory");
    for (int64_t l = 0; l < u->layers && status == ER_OK; l++)
        for (int64_t i = 0; i < u->n[l] && status == ER_OK; i++) {
            const int64_t from = permutation[u->first[l] + i];
            if (from < 0 || from >= u->n[l] || taken[u->first[l] + from])
                status =
                    er_fail(err, ER_E_USAGE,
                            "units: no permutation: unit %lld of hidden layer %lld is to come from place "
                            "%lld, which %s",
                            (long long)i, (long long)l + 1, (long long)from,
                            from < 0 || from >= u->n[l] ? "is none" : "is taken");
            else
                taken[u->first[l] + from] = true;
        }
    er_free(taken);
    return status;
}

enum er_status er_net_permute(const struct er_net *net, const int64_t *permutation, const float *w,
                              const float *statistics, float *out, float *statistics_out,
                              struct er_error *err)
{
    struct er_units u;
    enum er_status status = er_units_new(net, &u, err);
    if (status != ER_OK) return status;
    status = check(&u, permutation, err);
    for (int64_t i = 0; i < u.tensors && status == ER_OK; i++) {
        const struct er_units_tensor *t = &u.tensor[i];
        move(t, er_units_places(&u, t->in, permutation), er_units_places(&u, t->out, permutation),
             t->statistics ? statistics : w, t->statistics ? statistics_out : out);
    }
    er_units_clear(&u);
    return status;
}
