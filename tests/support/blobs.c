/* blobs.c - Gaussian blobs. */
#include "support/blobs.h"

#include "t.h"

#include <ermine/memory.h>
#include <ermine/random.h>

struct er_dataset blobs_make(int64_t n, int64_t d, int64_t classes, double noise, uint64_t seed,
                             uint64_t part)
{
    struct er_dataset set = {.n = n, .shape = {1, 1, d}, .classes = classes};
    set.x = er_alloc(n * d, sizeof *set.x);
    set.label = er_alloc(n, sizeof *set.label);
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_TEST, 1 + part));
    for (int64_t i = 0; i < n; i++) {
        const int64_t k = i % classes;
        set.label[i] = (int32_t)k;
        struct er_random corner = er_random_open(seed + (uint64_t)k, er_stream(ER_PURPOSE_TEST, 0));
        for (int64_t j = 0; j < d; j++) {
            const double at = er_random_below(&corner, 2) ? 1 : -1;
            set.x[i * d + j] = (float)(at + noise * er_random_normal(&r));
        }
    }
    return set;
}

struct er_net *blobs_net(const struct er_dataset *set, const char *text, const char *loss)
{
    struct er_error err;
    struct er_model *model = NULL;
    struct er_net *net = NULL;
    T_STATUS(er_model_parse(text, &model, &err), ER_OK, "%s", text);
    if (!model) return NULL;
    T_STATUS(er_net_new(model, set->shape, set->classes, loss, &net, &err), ER_OK, "%s", text);
    er_model_free(model);
    return net;
}
