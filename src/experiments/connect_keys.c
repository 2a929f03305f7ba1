/* connect_keys.c - `connect.*` of a study point. */
#include "experiments/connect_keys.h"

#include "experiments/data_keys.h"
#include "experiments/key_rows.h"
#include "experiments/minima_keys.h"
#include "experiments/point.h"
#include "experiments/train_member.h"

#include <string.h>

const struct er_schema_row er_connect_keys_row[] = {
    MAP("connect", NULL, "joins two minima of one model by a path: how high the loss rises on the way"),
    CHOICE("connect.from", ER_MINIMA_SAMPLERS, "sgd", "the sampler of the minimum at t = 0"),
    CHOICE("connect.to", ER_MINIMA_SAMPLERS, "sgd",
           "the sampler of the minimum at t = 1, whose seed is another one"),
    CHOICE("connect.start", "different same", "different",
           "initial weights of each one's own, or those of the first for both: then the order of the "
           "examples differs "
           "alone, and the sampler"),
    CHOICE(
        "connect.path", "line bezier chain", "line",
        "a straight line, or a curve whose bend is trained: a quadratic Bezier curve, two straight pieces"),
    BOOL("connect.align", "false",
         "permutes the hidden units of the second minimum so that it comes near the first (weight matching)"),
    INTEGER("connect.points", "points", 3, 4096, "25",
            "places on the path that are measured, the ends included"),
    MAP("connect.bend", NULL, "how the bend of a curve is trained: by Adam, a batch and a place t a step"),
    INTEGER("connect.bend.steps", "steps", 1, 1e12, "1500", "how many"),
    REAL("connect.bend.rate", "", 0, 1e9, "0.003", "learning rate, above 0"),
    INTEGER("connect.bend.batch", "examples", 1, 1 << 24, "100", "examples of one step"),
    {0},
};

static enum er_path_kind kind_of(const char *word)
{
    for (enum er_path_kind kind = ER_PATH_LINE; kind < ER_PATH_CHAIN; kind++)
        if (strcmp(word, er_path_kind_text(kind)) == 0) return kind;
    return ER_PATH_CHAIN;
}

struct er_connect_settings er_connect_keys_settings(const struct er_point *point)
{
    const struct er_path_training usual = er_path_training_default();
    return (struct er_connect_settings){
        .end = {er_sampler_find(er_point_text(point, "connect.from", "sgd")),
                er_sampler_find(er_point_text(point, "connect.to", "sgd"))},
        .same_start = strcmp(er_point_text(point, "connect.start", "different"), "same") == 0,
        .kind = kind_of(er_point_text(point, "connect.path", "line")),
        .align = er_point_bool(point, "connect.align", false),
        .points = er_point_integer(point, "connect.points", 25),
        .training = {.rate = er_point_real(point, "connect.bend.rate", usual.rate),
                     .steps = er_point_integer(point, "connect.bend.steps", usual.steps),
                     .batch = er_point_integer(point, "connect.bend.batch", usual.batch),
                     .seed = point->seed}};
}

/* Whether the model's hidden units can change places, where the data's name tells its shape. */
static enum er_status check_units(const struct er_point *point, struct er_error *err)
{
    struct er_shape shape;
    struct er_net *net = NULL;
    struct er_error why = {0};
    int64_t classes;
    if (!er_data_keys_shape(point, &shape, &classes)) return ER_OK;
    enum er_status status = er_train_member_net(point, shape, classes, &net, err);
    if (status != ER_OK) return status;
    status = er_net_units(net, NULL, NULL, &why);
    er_net_free(net);
    return status == ER_OK ? ER_OK : er_point_fail(point, "connect.align", err, "%s", why.msg);
}

enum er_status er_connect_keys_check(const struct er_point *point, const struct er_data_places *places,
                                     struct er_error *err)
{
    const struct er_connect_settings settings = er_connect_keys_settings(point);
    enum er_status status = er_train_member_check(point, places, err);
    if (status == ER_OK) status = er_minima_keys_check(point, settings.end[0], "connect.from", err);
    if (status == ER_OK) status = er_minima_keys_check(point, settings.end[1], "connect.to", err);
    if (status != ER_OK) return status;
    if (!(settings.training.rate > 0))
        return er_point_fail(point, "connect.bend.rate", err, "must be above 0");
    if (er_point_get(point, "train.keep"))
        return er_point_fail(point, "train.keep", err, "connect studies keep no networks");
    return settings.align ? check_units(point, err) : ER_OK;
}
