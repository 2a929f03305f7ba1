/* train_member.c - settings of a point as a member: net, specification, seeds. */
#include "experiments/train_member.h"

#include "core/available.h"
#include "experiments/data_keys.h"
#include "experiments/train_kept.h"
#include "experiments/train_keys.h"
#include "experiments/train_measures.h"

enum er_status er_train_member_check(const struct er_point *point, const struct er_data_places *places,
                                     struct er_error *err)
{
    (void)places;
    struct er_shape shape;
    struct er_net *net = NULL;
    int64_t classes;
    enum er_status status = er_data_keys_check(point, err);
    if (status == ER_OK) status = er_train_keys_check(point, err);
    if (status != ER_OK || !er_data_keys_shape(point, &shape, &classes)) return status;
    status = er_train_member_net(point, shape, classes, &net, err);
    if (status == ER_OK) status = er_train_kept_check(point, net, err);
    er_net_free(net);
    return status;
}

enum er_status er_train_member_net(const struct er_point *point, struct er_shape shape, int64_t classes,
                                   struct er_net **out, struct er_error *err)
{
    const struct er_setting *setting = er_point_get(point, "model");
    struct er_model *model;
    struct er_error why = {0};
    enum er_status status = er_model_parse(setting->text, &model, &why);
    if (status == ER_OK) {
        status = er_net_new(model, shape, classes, er_point_text(point, "train.loss", ""), out, &why);
        er_model_free(model);
    }
    if (status == ER_OK) return ER_OK;
    return er_fail_at(err, status, NULL, setting->line, setting->column, "%s", why.msg);
}

struct er_member er_train_member(const struct er_point *point, const struct er_split *split)
{
    return (struct er_member){.train = &split->train,
                              .test = split->test.n > 0 ? &split->test : NULL,
                              .spec = er_train_keys_spec(point),
                              .augment = er_data_keys_augment(point),
                              .seed_initialise = er_train_keys_seed(point, "train.seed.initialise"),
                              .seed_batches = er_train_keys_seed(point, "train.seed.batches"),
                              .keep = er_point_text(point, "train.keep", NULL),
                              .keep_first_epoch = er_train_measures_first_epoch(point)};
}

/* A tenth is left for the rest: curves, the store, other programs' next moments. */
size_t er_train_member_memory(void)
{
    const size_t available = er_memory_available();
    return available - available / 10;
}
