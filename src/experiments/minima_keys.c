/* minima_keys.c - `minima.*` of a study point -> er_minima_settings. */
#include "experiments/minima_keys.h"

#include "experiments/data_keys.h"
#include "experiments/key_rows.h"
#include "experiments/point.h"
#include "experiments/train_keys.h"
#include "minima/sampler.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const struct er_schema_row er_minima_keys_row[] = {
    MAP("minima", NULL, "collects minima of one model on one training set, by a sampler"),
    CHOICE("minima.sampler", ER_MINIMA_SAMPLERS, "sgd", "how minima are come by"),
    CHOICE("minima.vary", "start init batches subset all", "start",
           "what a run's seed changes: initial weights and order of the examples, one of them, the training "
           "subset, all three; the rest stays at seed 0"),
    INTEGER("minima.poison", "examples", 0, 1 << 24, "0",
            "poison: further examples, with wrong labels, learnt beside the training set"),
    INTEGER("minima.copies", "copies", 1, 1000, "1",
            "adversarial: copies of the training set with labels drawn by lot, learnt before"),
    REAL("minima.drop", "", 0, 1, "0.1",
         "adversarial: share of the values of these copies' inputs that are 0"),
    MAP("minima.pretrain", NULL, "adversarial: how the copies are learnt, by sgd without weight decay"),
    REAL("minima.pretrain.rate", "", 0, 1e9, "", "learning rate, above 0; else that of train"),
    REAL("minima.pretrain.momentum", "", 0, 1, "0.9", "share of the last step that is kept, below 1"),
    INTEGER("minima.pretrain.batch", "examples", 1, 1 << 24, "", "examples of one step; else those of train"),
    REAL("minima.pretrain.train_loss", "", 0, 1e300, "0.005",
         "until the loss on the copies is at or below it"),
    INTEGER("minima.pretrain.epochs", "epochs", 1, 1e15, "1000", "at most"),
    MAP("minima.langevin", NULL,
        "langevin: the walk, whose loss, rate and weight decay are those of train; nothing else there is "
        "used"),
    REAL("minima.langevin.temperature", "", 0, 1e9, "1e-6",
         "of the noise; 1 / examples samples the posterior of a loss that is a negative log-likelihood, with "
         "weight "
         "decay for its prior"),
    INTEGER("minima.langevin.burn", "steps", 0, 1e15, "1000", "before the weights are looked at"),
    INTEGER("minima.langevin.thin", "steps", 1, 1e15, "50", "from one look to the next"),
    INTEGER("minima.langevin.samples", "", 1, 1 << 24, "20", "how often the weights are looked at"),
    INTEGER("minima.draws", "draws", 1, 1e12, "1000000",
            "guess, prior, pattern, greedy: weights that are looked at, at most"),
    INTEGER("minima.most", "minima", 1, 1e7, "1000", "guess, prior: after so many minima the search ends"),
    REAL("minima.scale", "", 0, 1e6, "1",
         "guess, pattern, greedy: weights and biases are drawn uniformly up to it, above 0"),
    CHOICE("minima.objective", "loss normalised", "loss",
           "pattern, greedy: what is to become small; normalised: the loss of outputs divided by a third of "
           "each layer's norm"),
    REAL("minima.radius", "", 0, 1, "1e-6", "pattern, greedy: the search ends with steps below it"),
    INTEGER("minima.bins", "bins", 1, 1000, "4", "bins of the margin in each power of ten"),
    {0},
};

bool er_minima_keys_varies(const struct er_point *point, enum er_varies what)
{
    const char *word = er_point_text(point, "minima.vary", "start");
    if (strcmp(word, "all") == 0) return true;
    switch (what) {
    case ER_VARIES_INITIALISE:
        return strcmp(word, "start") == 0 || strcmp(word, "init") == 0;
    case ER_VARIES_BATCHES:
        return strcmp(word, "start") == 0 || strcmp(word, "batches") == 0;
    case ER_VARIES_SUBSET:
        break;
    }
    return strcmp(word, "subset") == 0;
}

int64_t er_minima_keys_poison(const struct er_point *point)
{
    return er_point_integer(point, "minima.poison", 0);
}

const struct er_sampler *er_minima_keys_sampler(const struct er_point *point)
{
    return er_sampler_find(er_point_text(point, "minima.sampler", "sgd"));
}

bool er_minima_keys_train(const struct er_point *point)
{
    const struct er_sampler *sampler = er_minima_keys_sampler(point);
    return sampler && sampler->info.trains;
}

double er_minima_keys_work(const struct er_point *point, const struct er_sampler *sampler, double n)
{
    const char *word = sampler->info.name;
    const struct er_train_spec spec = er_train_keys_spec(point);
    if (strcmp(word, "poison") == 0) return n + (double)er_minima_keys_poison(point);
    if (strcmp(word, "adversarial") != 0) return n;
    const double epochs = (double)er_point_integer(point, "minima.pretrain.epochs", 1);
    return n + n * (double)er_point_integer(point, "minima.copies", 1) * epochs / (double)spec.stop.epochs;
}

/* Rate and batch are the study's own unless said otherwise. */
static struct er_train_spec pretrain(const struct er_point *point)
{
    const struct er_train_spec study = er_train_keys_spec(point);
    struct er_train_spec spec = er_train_spec_default();
    spec.optimiser.rate = er_point_real(point, "minima.pretrain.rate", study.optimiser.rate);
    spec.optimiser.momentum = er_point_real(point, "minima.pretrain.momentum", 0);
    spec.optimiser.batch = er_point_integer(point, "minima.pretrain.batch", study.optimiser.batch);
    spec.stop.train_loss = er_point_real(point, "minima.pretrain.train_loss", (double)NAN);
    spec.stop.epochs = er_point_integer(point, "minima.pretrain.epochs", spec.stop.epochs);
    spec.every = study.every;
    return spec;
}

static struct er_langevin langevin(const struct er_point *point)
{
    return (struct er_langevin){.temperature = er_point_real(point, "minima.langevin.temperature", 0),
                                .burn = er_point_integer(point, "minima.langevin.burn", 0),
                                .thin = er_point_integer(point, "minima.langevin.thin", 1),
                                .samples = er_point_integer(point, "minima.langevin.samples", 1)};
}

struct er_minima_settings er_minima_keys_settings(const struct er_point *point)
{
    return (struct er_minima_settings){
        .poison = er_minima_keys_poison(point),
        .seed_poison = er_data_keys_spec(point).seed,
        .copies = er_point_integer(point, "minima.copies", 1),
        .drop = er_point_real(point, "minima.drop", 0),
        .pretrain = pretrain(point),
        .langevin = langevin(point),
        .draws = er_point_integer(point, "minima.draws", 1),
        .most = er_point_integer(point, "minima.most", 1),
        .scale = er_point_real(point, "minima.scale", 1),
        .objective = (enum er_objective)er_point_real(point, "minima.objective", ER_OBJECTIVE_LOSS),
        .radius = er_point_real(point, "minima.radius", 1)};
}

/* A message of er_train_check() begins with its field, which is the last name of the key. */
static enum er_status check_pretrain(const struct er_point *point, struct er_error *err)
{
    const struct er_train_spec spec = pretrain(point);
    struct er_error why = {0};
    char path[96];
    if (er_train_check(&spec, &why) == ER_OK) return ER_OK;
    const size_t field = strcspn(why.msg, " ");
    snprintf(path, sizeof path, "minima.pretrain.%.*s", (int)field, why.msg);
    return er_point_fail(point, path, err, "%s", why.msg + field + 1);
}

/* What a sampler that does not train is told, against its own ranges. */
static enum er_status check_search(const struct er_point *point, const struct er_sampler *sampler,
                                   struct er_error *err)
{
    const char *word = sampler->info.name;
    const struct er_minima_settings asked = er_minima_keys_settings(point);
    if (!sampler->info.trains && strstr(er_point_text(point, "model", ""), "batch_norm"))
        return er_point_fail(point, "model", err,
                             "this sampler has no batches to take statistics of batch_norm from");
    const bool walks = strcmp(word, "pattern") == 0 || strcmp(word, "greedy") == 0;
    if ((walks || strcmp(word, "guess") == 0) && asked.scale <= 0)
        return er_point_fail(point, "minima.scale", err, "must be above 0");
    if (walks && !(asked.radius > 0 && asked.radius < 1))
        return er_point_fail(point, "minima.radius", err, "must be between 0 and 1");
    if (walks && asked.objective == ER_OBJECTIVE_NORMALISED && er_point_get(point, "train.until.train_loss"))
        return er_point_fail(point, "minima.objective", err,
                             "a search that lowers the normalised loss can't end at train.until.train_loss");
    return ER_OK;
}

/* Whether a walk does what a key of `train` or `data.augment` says: its loss, rate, weight decay and seeds. */
static bool walks_by(const char *path)
{
    static const char *const used[] = {"train.loss",
                                       "train.optimiser",
                                       "train.sgd.rate",
                                       "train.sgd.weight_decay",
                                       "train.gradient-descent.rate",
                                       "train.gradient-descent.weight_decay",
                                       "train.seed.initialise",
                                       "train.seed.batches"};
    bool is = false;
    for (size_t i = 0; i < sizeof used / sizeof *used; i++) is = is || strcmp(path, used[i]) == 0;
    return is;
}

/* What the study says of training and a walk does not do. */
static enum er_status check_walk(const struct er_point *point, struct er_error *err)
{
    const char *optimiser = er_point_text(point, "train.optimiser", "sgd");
    if (strcmp(optimiser, "sgd") != 0 && strcmp(optimiser, "gradient-descent") != 0)
        return er_point_fail(
            point, "train.optimiser", err,
            "langevin is gradient descent with noise: sgd or gradient-descent, whose rate and weight "
            "decay it takes");
    for (int64_t i = 0; i < point->n; i++) {
        const struct er_setting *said = point->setting[i];
        const char *path = said->row->path;
        const bool trains = strncmp(path, "train.", 6) == 0,
                   augments = strncmp(path, "data.augment", 12) == 0;
        if (said->line > 0 && (trains || augments) && !walks_by(path))
            return er_point_fail(point, path, err,
                                 "langevin walks on all examples by the rate and weight decay alone, for "
                                 "minima.langevin.burn and thin steps");
    }
    const char *dropout = strstr(er_point_text(point, "model", ""), "dropout");
    return dropout ? er_point_fail(point, "model", err, "langevin walks without dropout") : ER_OK;
}

enum er_status er_minima_keys_check(const struct er_point *point, const struct er_sampler *sampler,
                                    const char *key, struct er_error *err)
{
    if (!sampler) return er_point_fail(point, key, err, "there is no such sampler");
    enum er_status status = check_search(point, sampler, err);
    if (status == ER_OK && strcmp(sampler->info.name, "langevin") == 0) status = check_walk(point, err);
    if (status == ER_OK) status = check_pretrain(point, err);
    if (status != ER_OK) return status;
    if (er_minima_keys_varies(point, ER_VARIES_SUBSET) && er_data_keys_spec(point).first)
        return er_point_fail(
            point, "minima.vary", err,
            "the training subset is the first examples whatever the seed; data.select can be random");
    return ER_OK;
}
