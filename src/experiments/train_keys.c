/* train_keys.c - `train.*` of a study point -> er_train_spec. */
#include "experiments/train_keys.h"

#include "experiments/key_rows.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

#define RATE(path, fallback) REAL(path, "", 0, 1e9, fallback, "learning rate, above 0")
#define MOMENTUM(path)       REAL(path, "", 0, 1, "0", "share of the last step that is kept, below 1")
#define NESTEROV(path)       BOOL(path, "false", "Nesterov's form of momentum")
#define WEIGHT_DECAY(path)   REAL(path, "", 0, 1e9, "0", "times the weights, added to the gradient")
#define BATCH(path)          INTEGER(path, "examples", 1, 1 << 24, "64", "examples of one step")

const struct er_schema_row er_train_keys_row[] = {
    MAP("train", NULL, "trains networks from random initial weights"),
    CHOICE("train.loss", "cross-entropy mean-squared logistic hinge", "cross-entropy", "what is minimised"),
    CHOICE("train.optimiser", "sgd adam rmsprop gradient-descent sam", "sgd",
           "follows from the map that is given below; write it when all defaults do"),
    MAP("train.sgd", "optimiser", "stochastic gradient descent"),
    RATE("train.sgd.rate", "0.1"),
    MOMENTUM("train.sgd.momentum"),
    NESTEROV("train.sgd.nesterov"),
    WEIGHT_DECAY("train.sgd.weight_decay"),
    BATCH("train.sgd.batch"),
    MAP("train.adam", "optimiser", "Adam (Kingma and Ba, 2015)"),
    RATE("train.adam.rate", "0.001"),
    REAL("train.adam.beta1", "", 0, 1, "0.9", "decay of the mean gradient, below 1"),
    REAL("train.adam.beta2", "", 0, 1, "0.999", "decay of the mean square, below 1"),
    REAL("train.adam.epsilon", "", 0, 1, "1e-8", "added to the root, above 0"),
    WEIGHT_DECAY("train.adam.weight_decay"),
    BOOL("train.adam.decoupled", "false", "weight decay apart from the gradient (AdamW)"),
    BATCH("train.adam.batch"),
    MAP("train.rmsprop", "optimiser", "RMSProp (Tieleman and Hinton, 2012)"),
    RATE("train.rmsprop.rate", "0.001"),
    REAL("train.rmsprop.decay", "", 0, 1, "0.99", "of the mean square, below 1"),
    REAL("train.rmsprop.epsilon", "", 0, 1, "1e-8", "added to the root, above 0"),
    MOMENTUM("train.rmsprop.momentum"),
    WEIGHT_DECAY("train.rmsprop.weight_decay"),
    BATCH("train.rmsprop.batch"),
    MAP("train.gradient-descent", "optimiser", "gradient descent on all examples at once"),
    RATE("train.gradient-descent.rate", "0.1"),
    MOMENTUM("train.gradient-descent.momentum"),
    NESTEROV("train.gradient-descent.nesterov"),
    WEIGHT_DECAY("train.gradient-descent.weight_decay"),
    MAP("train.sam", "optimiser", "sharpness-aware minimisation (Foret et al., 2021): two gradients a step"),
    RATE("train.sam.rate", "0.1"),
    REAL("train.sam.rho", "", 0, 1e9, "0.05", "how far uphill the gradient of a step is taken"),
    MOMENTUM("train.sam.momentum"),
    NESTEROV("train.sam.nesterov"),
    WEIGHT_DECAY("train.sam.weight_decay"),
    BATCH("train.sam.batch"),
    MAP("train.schedule", NULL, "the learning rate over time"),
    CHOICE("train.schedule.kind", "constant step cosine", "constant",
           "follows from the map that is given below; write it when all defaults do"),
    MAP("train.schedule.step", "kind", "falls by a factor every so often"),
    REAL("train.schedule.step.factor", "", 0, 1e3, "0.95", "the factor, above 0"),
    REAL("train.schedule.step.every", "epochs", 0, 1e15, "1", "how often, above 0"),
    MAP("train.schedule.cosine", "kind", "falls along half a cosine (Loshchilov and Hutter, 2017)"),
    REAL("train.schedule.cosine.floor", "", 0, 1, "0", "where it ends, as a share of the rate"),
    REAL("train.schedule.warm_up", "epochs", 0, 1e15, "0", "how long the rate rises from 0 at first"),
    MAP("train.until", NULL, "training stops at the end of the first epoch at which one of these holds"),
    REAL("train.until.train_error", "", 0, 1, "", "the training error is at or below it"),
    REAL("train.until.train_loss", "", 0, 1e300, "", "the training loss is at or below it"),
    INTEGER("train.until.plateau", "epochs", 1, 1e15, "", "so long without a new best training loss"),
    INTEGER("train.epochs", "epochs", 1, 1e15, "100", "at most"),
    INTEGER("train.steps", "steps", 1, 1e15, "", "at most; may end within an epoch"),
    REAL("train.seconds", "s", 0, 1e15, "", "of training, at most; results then depend on the machine"),
    MAP("train.seed", NULL, "parts of a run's randomness that are held while its seed varies"),
    INTEGER("train.seed.initialise", "", 0, 1e15, "", "of the initial weights; else the run's seed"),
    INTEGER("train.seed.batches", "", 0, 1e15, "", "of the order of the examples; else the run's seed"),
    {"train.remainder", "", 0, 0, "keep drop", "keep",
     "examples that do not fill an epoch's last batch: a short batch, or left out", ER_SCHEMA_CHOICE,
     ER_SCHEMA_KEYED_UNLESS_DEFAULT},
    MAP("train.record", NULL, "when a point of the curve is measured"),
    INTEGER("train.record.every", "epochs", 1, 1e15, "1", "how often; the rules of until are looked at then"),
    {"train.record.test", "", 0, 0, "every last", "every",
     "which records look at the test set: every one, or the last one only, which saves time where tests are "
     "large",
     ER_SCHEMA_CHOICE, ER_SCHEMA_KEYED_UNLESS_DEFAULT},
    INTEGER("train.record.early", "points", 0, 10000, "0", "more points within the first epoch"),
    {"train.keep", "", 1, 1e15, "init end", "",
     "moments at which the network is kept as a .safetensors file in networks/, beside the store: the "
     "initial "
     "one, the final one, at the ends of epochs",
     ER_SCHEMA_LIST, ER_SCHEMA_UNKEYED},
    {0},
};

/* A key of the chosen optimiser, or of the chosen kind of schedule. */
static double member_real(const struct er_point *point, const char *map, const char *member, const char *key,
                          double fallback)
{
    char path[96];
    snprintf(path, sizeof path, "%s.%s.%s", map, member, key);
    return er_point_real(point, path, fallback);
}

static struct er_optimiser read_optimiser(const struct er_point *point, struct er_optimiser usual)
{
    static const char map[] = "train";
    char path[96];
    struct er_optimiser o = usual;
    o.name = er_point_text(point, "train.optimiser", usual.name);
    o.rate = member_real(point, map, o.name, "rate", usual.rate);
    o.momentum = member_real(point, map, o.name, "momentum", 0);
    o.nesterov = member_real(point, map, o.name, "nesterov", 0) != 0;
    o.weight_decay = member_real(point, map, o.name, "weight_decay", 0);
    o.decoupled = member_real(point, map, o.name, "decoupled", 0) != 0;
    o.beta1 = member_real(point, map, o.name, "beta1", usual.beta1);
    o.beta2 = member_real(point, map, o.name, "beta2", member_real(point, map, o.name, "decay", usual.beta2));
    o.epsilon = member_real(point, map, o.name, "epsilon", usual.epsilon);
    o.rho = member_real(point, map, o.name, "rho", usual.rho);
    snprintf(path, sizeof path, "train.%s.batch", o.name);
    o.batch = er_point_integer(point, path, 0); /* an optimiser without the key takes all examples */
    return o;
}

static struct er_schedule read_schedule(const struct er_point *point, struct er_schedule usual)
{
    static const char map[] = "train.schedule";
    struct er_schedule s = usual;
    const char *kind = er_point_text(point, "train.schedule.kind", "constant");
    s.kind = strcmp(kind, "step") == 0     ? ER_SCHEDULE_STEP
             : strcmp(kind, "cosine") == 0 ? ER_SCHEDULE_COSINE
                                           : ER_SCHEDULE_CONSTANT;
    s.factor = member_real(point, map, kind, "factor", usual.factor);
    s.every = member_real(point, map, kind, "every", usual.every);
    s.floor = member_real(point, map, kind, "floor", usual.floor);
    s.warm_up = er_point_real(point, "train.schedule.warm_up", usual.warm_up);
    return s;
}

struct er_train_spec er_train_keys_spec(const struct er_point *point)
{
    struct er_train_spec spec = er_train_spec_default();
    spec.optimiser = read_optimiser(point, spec.optimiser);
    spec.schedule = read_schedule(point, spec.schedule);
    spec.stop.train_error = er_point_real(point, "train.until.train_error", (double)NAN);
    spec.stop.train_loss = er_point_real(point, "train.until.train_loss", (double)NAN);
    spec.stop.plateau = er_point_integer(point, "train.until.plateau", 0);
    spec.stop.epochs = er_point_integer(point, "train.epochs", spec.stop.epochs);
    spec.stop.steps = er_point_integer(point, "train.steps", 0);
    spec.stop.seconds = er_point_real(point, "train.seconds", 0);
    spec.drop_rest = strcmp(er_point_text(point, "train.remainder", "keep"), "drop") == 0;
    spec.every = er_point_integer(point, "train.record.every", spec.every);
    spec.test_last = strcmp(er_point_text(point, "train.record.test", "every"), "last") == 0;
    spec.early = er_point_integer(point, "train.record.early", spec.early);
    return spec;
}

uint64_t er_train_keys_seed(const struct er_point *point, const char *path)
{
    const struct er_setting *setting = er_point_get(point, path);
    return setting ? (uint64_t)setting->integer : point->seed;
}

/* The setting below `train` that a message of er_train_check() begins with: its field, as "rate", or
 * "schedule.factor" for train.schedule.step.factor. NULL when none is. */
static const struct er_setting *setting_at_fault(const struct er_point *point, const char *message)
{
    char field[64];
    snprintf(field, sizeof field, "%.*s", (int)strcspn(message, " "), message);
    const char *dot = strchr(field, '.'), *last = dot ? dot + 1 : field;
    for (int64_t i = 0; i < point->n; i++) {
        const char *path = point->setting[i]->row->path, *name = strrchr(path, '.');
        if (strncmp(path, "train.", 6) != 0 || strcmp(name + 1, last) != 0) continue;
        if (!dot || strncmp(path + 6, field, (size_t)(dot - field) + 1) == 0) return point->setting[i];
    }
    return NULL;
}

enum er_status er_train_keys_check(const struct er_point *point, struct er_error *err)
{
    const struct er_train_spec spec = er_train_keys_spec(point);
    struct er_error why = {0};
    const enum er_status status = er_train_check(&spec, &why);
    if (status == ER_OK) return ER_OK;
    const struct er_setting *setting = setting_at_fault(point, why.msg);
    if (!setting) return er_fail(err, ER_E_INPUT, "train: %s", why.msg);
    return er_fail_at(err, ER_E_INPUT, NULL, setting->line, setting->column, "%s%s", setting->row->path,
                      why.msg + strcspn(why.msg, " "));
}
