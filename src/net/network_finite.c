/* network_finite.c - whether a network's numbers are numbers, tensor by tensor. */
#include "net/network_tensors.h"

#include <ermine/networks.h>
#include <math.h>
#include <stdio.h>

enum er_status er_network_not_finite(const struct er_net *net, const float *w, const float *statistics,
                                     struct er_network_flaws *out, struct er_error *err)
{
    struct er_network_tensors list = {0};
    struct er_network_flaws flaws = {0};
    enum er_status status = er_network_tensors_new(net, &list, err);
    for (int64_t i = 0; i < list.n; i++) {
        const struct er_layer_tensor *place = &list.place[i];
        const float *value = (place->statistics ? statistics : w) + place->at;
        const int64_t n = er_tensor_count(&list.tensor[i]), before = flaws.n;
        for (int64_t k = 0; k < n; k++) flaws.n += !isfinite(value[k]);
        if (before == 0 && flaws.n > 0) snprintf(flaws.first, sizeof flaws.first, "%s", list.tensor[i].name);
    }
    er_network_tensors_clear(&list);
    if (status == ER_OK) *out = flaws;
    return status;
}
