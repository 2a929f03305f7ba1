/* train_nets.c - nets that runs share. */
#include "experiments/train_nets.h"

#include "experiments/train_member.h"

#include <ermine/memory.h>
#include <string.h>

enum er_status er_train_nets_new(int64_t runs, struct er_train_nets *out, struct er_error *err)
{
    *out = (struct er_train_nets){.net = er_alloc(runs, sizeof *out->net)};
    return out->net ? ER_OK : er_fail(err, ER_E_NOMEM, "train: out of memory for %lld runs", (long long)runs);
}

void er_train_nets_clear(struct er_train_nets *nets)
{
    for (int64_t i = 0; nets->net && i < nets->n; i++) er_net_free(nets->net[i].net);
    er_free(nets->net);
    *nets = (struct er_train_nets){0};
}

enum er_status er_train_nets_find(struct er_train_nets *nets, const struct er_point *point,
                                  const struct er_dataset *data, const struct er_net **out,
                                  struct er_error *err)
{
    struct er_train_net *net = nets->net;
    const char *model = er_point_text(point, "model", ""), *loss = er_point_text(point, "train.loss", "");
    for (; net < nets->net + nets->n; net++)
        if (strcmp(net->model, model) == 0 && strcmp(net->loss, loss) == 0 && net->classes == data->classes &&
            memcmp(&net->shape, &data->shape, sizeof net->shape) == 0) {
            *out = net->net;
            return ER_OK;
        }
    *net =
        (struct er_train_net){.model = model, .loss = loss, .shape = data->shape, .classes = data->classes};
    enum er_status status = er_train_member_net(point, data->shape, data->classes, &net->net, err);
    if (status != ER_OK) return status;
    nets->n++;
    *out = net->net;
    return ER_OK;
}
