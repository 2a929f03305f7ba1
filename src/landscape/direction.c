/* direction.c - random directions, and filter normalisation. */
#include "net/network_tensors.h"

#include <ermine/landscape.h>
#include <ermine/memory.h>
#include <ermine/random.h>
#include <math.h>
#include <string.h>

void er_direction_draw(const struct er_net *net, uint64_t seed, uint64_t index, float *d)
{
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_DIRECTIONS, index));
    const int64_t P = er_net_parameters(net);
    for (int64_t i = 0; i < P; i++) d[i] = (float)er_random_normal(&r);
}

/* A tensor of weights whose last axis counts the filters: each filter of d as long as that of w. */
static void normalise(int64_t weights, int64_t filters, const float *w, float *d)
{
    for (int64_t f = 0; f < filters; f++) {
        double of_w = 0, of_d = 0;
        for (int64_t i = f; i < weights; i += filters) {
            of_w += (double)w[i] * (double)w[i];
            of_d += (double)d[i] * (double)d[i];
        }
        const double factor = of_d > 0 ? sqrt(of_w / of_d) : 0;
        for (int64_t i = f; i < weights; i += filters) d[i] = (float)(factor * (double)d[i]);
    }
}

enum er_status er_direction_normalise_filters(const struct er_net *net, const float *w, float *d,
                                              struct er_error *err)
{
    struct er_network_tensors tensors;
    const enum er_status status = er_network_tensors_new(net, &tensors, err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < tensors.n; i++) {
        const struct er_layer_tensor *t = &tensors.place[i];
        const int64_t n = t->axes.h * t->axes.w * t->axes.c * t->axes.o;
        if (t->statistics) continue;
        if (t->rank > 1)
            normalise(n, t->axes.o, w + t->at, d + t->at);
        else
            memset(d + t->at, 0, (size_t)n * sizeof *d);
    }
    er_network_tensors_clear(&tensors);
    return ER_OK;
}
