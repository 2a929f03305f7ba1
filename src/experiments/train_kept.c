/* train_kept.c - networks that a study keeps. */
#include "experiments/train_kept.h"

#include <inttypes.h>
#include <stdio.h>

const char *er_train_kept_moments(const struct er_point *point)
{
    return er_point_text(point, "train.keep", "");
}

enum er_status er_train_kept_check(const struct er_point *point, const struct er_net *net,
                                   struct er_error *err)
{
    const struct er_setting *setting = er_point_get(point, "train.keep");
    struct er_error why = {0};
    const enum er_status status = setting ? er_network_check(net, &why) : ER_OK;
    if (status == ER_OK) return ER_OK;
    return er_fail_at(err, status == ER_E_UNSUPPORTED ? ER_E_INPUT : status, NULL, setting->line,
                      setting->column, "train.keep: %s", why.msg);
}

struct er_kept_network er_train_kept(const struct er_point *point, const struct er_member *member,
                                     const struct er_kept *kept, char moment[ER_TRAIN_MOMENT])
{
    if (kept->moment == ER_KEPT_EPOCH)
        snprintf(moment, ER_TRAIN_MOMENT, "epoch-%" PRId64, kept->epoch);
    else
        snprintf(moment, ER_TRAIN_MOMENT, "%s", kept->moment == ER_KEPT_INIT ? "init" : "end");
    return (struct er_kept_network){.moment = moment,
                                    .epoch = kept->epoch,
                                    .step = kept->step,
                                    .net = member->net,
                                    .description = {.model = er_point_text(point, "model", ""),
                                                    .input = member->train->shape,
                                                    .classes = member->train->classes,
                                                    .loss = er_point_text(point, "train.loss", "")},
                                    .w = kept->w,
                                    .statistics = kept->statistics};
}
