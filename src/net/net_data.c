/* net_data.c - whether a net can be run on a data set. */
#include "net/net.h"

enum er_status er_net_check_data(const struct er_net *net, const struct er_dataset *set, struct er_error *err)
{
    const int64_t inputs = er_shape_size(set->shape);
    if (inputs != net->n_in)
        return er_fail(err, ER_E_SHAPE, "the net takes %lld inputs, the data has %lld", (long long)net->n_in,
                       (long long)inputs);
    if (set->classes != net->classes)
        return er_fail(err, ER_E_SHAPE, "the net is for %lld classes, the data has %lld",
                       (long long)net->classes, (long long)set->classes);
    for (int64_t i = 0; i < set->n; i++)
        if (set->label[i] < 0 || set->label[i] >= net->classes)
            return er_fail(err, ER_E_INPUT, "example %lld has label %d, outside of 0 to %lld", (long long)i,
                           (int)set->label[i], (long long)net->classes - 1);
    return ER_OK;
}
