/* From the keys of a point to specifications of data and training. */
#include "experiments/data_keys.h"
#include "experiments/train_keys.h"
#include "support/study_text.h"
#include "t.h"

static const char *const full =
    "study: s\n"
    "data: {name: gaussian-mixture, train: 30, test: 20, select: first, stratify: true, seed: "
    "9000000000000000,\n"
    "  condition: shuffled-pixels, labels: {corrupt: 0.25}, standardise: channel, dimension: 3, classes: 4,\n"
    "  noise: 0.5, separation: 2}\n"
    "model: [dense]\n"
    "train:\n"
    "  loss: mean-squared\n"
    "  adam: {rate: 0.5, beta1: 0.1, beta2: 0.2, epsilon: 0.3, weight_decay: 0.4, decoupled: true, batch: "
    "7}\n"
    "  schedule: {step: {factor: 0.6, every: 2.5}, warm_up: 1.5}\n"
    "  until: {train_error: 0.125, train_loss: 0.0625, plateau: 8}\n"
    "  epochs: 11\n"
    "  steps: 12\n"
    "  seconds: 13.5\n"
    "  record: {every: 3, early: 4}\n";

static void check_full(void)
{
    struct er_study *study = NULL;
    struct er_error err;
    T_STATUS(study_parse(full, &study, &err), ER_OK, "every key written");
    if (!study) return;
    const struct er_point *point = er_study_point(study, 0);
    const struct er_data_spec d = er_data_keys_spec(point);
    T_EQ_STR(d.name, "gaussian-mixture", "name");
    T_OK(!d.file && !d.target, "no file");
    T_OK(d.train == 30 && d.test == 20 && d.first && d.stratify, "subset");
    T_OK(d.seed == 9000000000000000, "a seed beyond 32 bits");
    T_OK(d.condition == ER_CONDITION_SHUFFLED_PIXELS && d.corrupt == 0.25, "what is randomised");
    T_OK(d.standardise == ER_STANDARDISE_CHANNEL, "standardisation");
    T_OK(d.dimension == 3 && d.classes == 4 && d.noise == 0.5 && d.separation == 2, "generator");

    const struct er_train_spec t = er_train_keys_spec(point);
    const struct er_optimiser *o = &t.optimiser;
    T_EQ_STR(o->name, "adam", "optimiser");
    T_OK(o->rate == 0.5 && o->beta1 == 0.1 && o->beta2 == 0.2 && o->epsilon == 0.3, "its rates");
    T_OK(o->weight_decay == 0.4 && o->decoupled && o->batch == 7, "its decay and batch");
    T_OK(o->momentum == 0 && !o->nesterov, "what it does not have");
    T_OK(t.schedule.kind == ER_SCHEDULE_STEP && t.schedule.factor == 0.6 && t.schedule.every == 2.5 &&
             t.schedule.warm_up == 1.5,
         "schedule");
    T_OK(t.stop.train_error == 0.125 && t.stop.train_loss == 0.0625 && t.stop.plateau == 8, "until");
    T_OK(t.stop.epochs == 11 && t.stop.steps == 12 && t.stop.seconds == 13.5, "limits");
    T_OK(t.every == 3 && t.early == 4, "records");
    er_study_free(study);
}

/* With nothing written the specifications are the defaults of their rooms, standardisation apart. */
static void check_defaults(void)
{
    struct er_study *study = NULL;
    struct er_error err;
    T_STATUS(study_parse("study: s\ndata: {name: two-spirals}\nmodel: [dense]\ntrain: {}\n", &study, &err),
             ER_OK, "nothing but what is required");
    if (!study) return;
    const struct er_data_spec d = er_data_keys_spec(er_study_point(study, 0)), u = er_data_spec_default();
    T_OK(d.train == u.train && d.test == u.test && d.first == u.first && d.stratify == u.stratify &&
             d.seed == u.seed && d.condition == u.condition && d.corrupt == u.corrupt &&
             d.dimension == u.dimension && d.classes == u.classes && d.width == u.width && isnan(d.noise) &&
             isnan(d.separation),
         "data: the defaults");
    const struct er_train_spec t = er_train_keys_spec(er_study_point(study, 0)), v = er_train_spec_default();
    T_EQ_STR(t.optimiser.name, v.optimiser.name, "the same optimiser");
    T_OK(t.optimiser.rate == v.optimiser.rate && t.optimiser.momentum == v.optimiser.momentum &&
             t.optimiser.nesterov == v.optimiser.nesterov && t.optimiser.batch == v.optimiser.batch &&
             t.optimiser.weight_decay == v.optimiser.weight_decay,
         "with the same numbers");
    T_OK(t.schedule.kind == v.schedule.kind && t.schedule.warm_up == v.schedule.warm_up, "the same schedule");
    T_OK(isnan(t.stop.train_error) && isnan(t.stop.train_loss) && t.stop.plateau == v.stop.plateau &&
             t.stop.epochs == v.stop.epochs && t.stop.steps == v.stop.steps &&
             t.stop.seconds == v.stop.seconds,
         "the same rules");
    T_OK(t.every == v.every && t.early == v.early, "the same records");
    er_study_free(study);
}

/* A key of generators that the one above lacks. */
static void check_width(void)
{
    struct er_study *study = NULL;
    struct er_error err;
    T_STATUS(
        study_parse("study: s\ndata: {name: teacher, width: 6}\nmodel: [dense]\ntrain: {}\n", &study, &err),
        ER_OK, "a teacher");
    if (!study) return;
    T_EQ_INT(er_data_keys_spec(er_study_point(study, 0)).width, 6, "its width");
    er_study_free(study);
}

/* Words and what they mean. */
static void check_words(void)
{
    static const struct {
        const char *data;
        enum er_standardise standardise;
        enum er_condition condition;
    } word[] = {
        {"{name: mnist}", ER_STANDARDISE_IMAGE, ER_CONDITION_TRUE_LABELS},
        {"{name: two-spirals}", ER_STANDARDISE_FEATURE, ER_CONDITION_TRUE_LABELS},
        {"{file: a.csv}", ER_STANDARDISE_FEATURE, ER_CONDITION_TRUE_LABELS},
        {"{name: mnist, standardise: none, condition: true-labels}", ER_STANDARDISE_NONE,
         ER_CONDITION_TRUE_LABELS},
        {"{name: mnist, standardise: image, condition: random-labels}", ER_STANDARDISE_IMAGE,
         ER_CONDITION_RANDOM_LABELS},
        {"{name: mnist, standardise: channel, condition: shuffled-pixels}", ER_STANDARDISE_CHANNEL,
         ER_CONDITION_SHUFFLED_PIXELS},
        {"{name: mnist, standardise: feature, condition: random-pixels}", ER_STANDARDISE_FEATURE,
         ER_CONDITION_RANDOM_PIXELS},
        {"{name: mnist, standardise: set}", ER_STANDARDISE_SET, ER_CONDITION_TRUE_LABELS},
        {"{file: a.csv, standardise: image, condition: gaussian}", ER_STANDARDISE_IMAGE,
         ER_CONDITION_GAUSSIAN},
    };
    for (size_t i = 0; i < sizeof word / sizeof *word; i++) {
        struct er_study *study = NULL;
        struct er_error err;
        char yaml[256];
        snprintf(yaml, sizeof yaml, "study: s\nmodel: [dense]\ntrain: {}\ndata: %s\n", word[i].data);
        T_STATUS(study_parse(yaml, &study, &err), ER_OK, "%s", yaml);
        if (!study) continue;
        const struct er_data_spec spec = er_data_keys_spec(er_study_point(study, 0));
        T_EQ_INT(spec.standardise, word[i].standardise, "standardise of %s", word[i].data);
        T_EQ_INT(spec.condition, word[i].condition, "condition of %s", word[i].data);
        er_study_free(study);
    }
}

/* What came later: where nothing is written, all is as before. */
static void check_smaller(void)
{
    static const struct {
        const char *data;
        int64_t crop, pool;
        enum er_task task;
        enum er_draw draw;
        int64_t side, classes;
    } word[] = {
        {"{name: mnist}", 0, 1, ER_TASK_AS_READ, ER_DRAW_ALL, 28, 10},
        {"{name: mnist, crop: 24, pool: 4}", 24, 4, ER_TASK_AS_READ, ER_DRAW_ALL, 6, 10},
        {"{name: mnist, pool: 2, labels: {task: classes}}", 0, 2, ER_TASK_CLASSES, ER_DRAW_ALL, 14, 10},
        {"{name: cifar-10, crop: 28, labels: {task: parity}}", 28, 1, ER_TASK_PARITY, ER_DRAW_ALL, 28, 2},
        {"{name: mnist, labels: {corrupt: 0.2, draw: wrong}}", 0, 1, ER_TASK_AS_READ, ER_DRAW_WRONG, 28, 10},
    };
    for (size_t i = 0; i < sizeof word / sizeof *word; i++) {
        struct er_study *study = NULL;
        struct er_error err;
        struct er_shape shape = {0};
        int64_t classes = 0;
        char yaml[256];
        snprintf(yaml, sizeof yaml, "study: s\nmodel: [dense]\ntrain: {}\ndata: %s\n", word[i].data);
        T_STATUS(study_parse(yaml, &study, &err), ER_OK, "%s", yaml);
        if (!study) continue;
        const struct er_data_spec spec = er_data_keys_spec(er_study_point(study, 0));
        T_OK(spec.crop == word[i].crop && spec.pool == word[i].pool, "%s: crop and pool", word[i].data);
        T_OK(spec.task == word[i].task && spec.draw == word[i].draw, "%s: task and draw", word[i].data);
        er_data_keys_shape(er_study_point(study, 0), &shape, &classes);
        T_OK(shape.height == word[i].side && shape.width == word[i].side, "%s: the shape", word[i].data);
        T_EQ_INT(classes, word[i].classes, "%s: the classes", word[i].data);
        er_study_free(study);
    }
}

static void check_augment(void)
{
    static const char *const word[] = {"zero", "reflect", "edge"};
    static const enum er_augment_padding padding[] = {ER_AUGMENT_ZERO, ER_AUGMENT_REFLECT, ER_AUGMENT_EDGE};
    const struct er_shape tall = {9, 4, 3}, large = {5, 6, 1};
    struct er_study *study = NULL;
    struct er_error err;
    for (int i = 0; i < 3; i++) {
        char yaml[256];
        snprintf(yaml, sizeof yaml,
                 "study: s\nmodel: [dense]\ntrain: {}\n"
                 "data: {file: a.npz, standardise: none, augment: {crop: 4, padding: %s, flip: true}}\n",
                 word[i]);
        study = NULL;
        T_STATUS(study_parse(yaml, &study, &err), ER_OK, "a file, whose shape is not known, %s", word[i]);
        if (!study) return;
        const struct er_point *point = er_study_point(study, 0);
        const struct er_augment augment = er_data_keys_augment(point);
        T_OK(augment.crop == 4 && augment.padding == padding[i] && augment.flip, "crop, padding and flip");
        T_STATUS(er_data_keys_augment_check(point, large, &err), ER_OK, "5 x 6 pixels are enough");
        T_STATUS(er_data_keys_augment_check(point, tall, &err), ER_E_INPUT, "9 x 4 are not");
        T_OK(err.line == 4 && err.column == 56, "said at the key");
        er_study_free(study);
    }
    study = NULL;
    T_STATUS(study_parse("study: s\ndata: {name: two-spirals}\nmodel: [dense]\ntrain: {}\n", &study, &err),
             ER_OK, "nothing of it");
    if (!study) return;
    const struct er_augment none = er_data_keys_augment(er_study_point(study, 0));
    T_OK(er_augment_is_none(&none), "is no augmentation");
    er_study_free(study);
}

static const char *choices_of(const char *path)
{
    for (int64_t i = 0; er_schema_row(i); i++)
        if (strcmp(er_schema_row(i)->path, path) == 0) return er_schema_row(i)->choices;
    return "";
}

/* The words that the schema offers are those that the rooms know. */
static void check_registries(void)
{
    struct er_loss_info loss;
    struct er_optimiser_info optimiser;
    char words[512] = "";
    for (int64_t i = 0; er_loss_describe(i, &loss); i++) {
        const size_t used = strlen(words);
        snprintf(words + used, sizeof words - used, "%s%s", i ? " " : "", loss.name);
    }
    T_EQ_STR(choices_of("train.loss"), words, "losses");
    words[0] = '\0';
    for (int64_t i = 0; er_optimiser_describe(i, &optimiser); i++) {
        const size_t used = strlen(words);
        snprintf(words + used, sizeof words - used, "%s%s", i ? " " : "", optimiser.name);
    }
    T_EQ_STR(choices_of("train.optimiser"), words, "optimisers");
}

static void check_shapes(void)
{
    struct er_study *study = NULL;
    struct er_error err;
    struct er_shape shape = {0};
    int64_t classes = 0;
    T_STATUS(study_parse(full, &study, &err), ER_OK, "a generator with a dimension");
    if (!study) return;
    T_OK(er_data_keys_shape(er_study_point(study, 0), &shape, &classes), "its shape is known");
    T_OK(shape.height == 1 && shape.width == 1 && shape.channels == 3 && classes == 4, "from its keys");
    er_study_free(study);
    study = NULL;
    T_STATUS(study_parse("study: s\ndata: {name: mnist}\nmodel: [dense]\ntrain: {}\n", &study, &err), ER_OK,
             "a set");
    if (!study) return;
    T_OK(er_data_keys_shape(er_study_point(study, 0), &shape, &classes), "its shape is known");
    T_OK(shape.height == 28 && shape.width == 28 && shape.channels == 1 && classes == 10, "from its name");
    er_study_free(study);
    study = NULL;
    T_STATUS(study_parse("study: s\ndata: {file: a}\nmodel: [dense]\ntrain: {}\n", &study, &err), ER_OK,
             "a file");
    if (!study) return;
    T_OK(!er_data_keys_shape(er_study_point(study, 0), &shape, &classes),
         "a file's is not known before it is read");
    er_study_free(study);
}

/* The canonical text of a list is rising, whatever was written; a run whose key has it not keeps its key. */
static void check_classes_kept(void)
{
    struct er_study *study = NULL;
    struct er_error err;
    T_STATUS(
        study_parse("study: s\ndata: {name: mnist, balance: true, labels: {only: [8, 3]}}\nmodel: [dense]\n"
                    "train: {}",
                    &study, &err),
        ER_OK, "two classes, balanced");
    if (!study) return;
    const struct er_point *point = er_study_point(study, 0);
    const struct er_data_spec d = er_data_keys_spec(point);
    struct er_shape shape;
    int64_t classes = 0;
    T_EQ_STR(d.only, "3 8", "classes kept");
    T_OK(d.balance, "balanced");
    T_OK(er_data_keys_shape(point, &shape, &classes) && classes == 2, "two classes");
    er_study_free(study);
}

int main(void)
{
    check_full();
    check_defaults();
    check_width();
    check_words();
    check_smaller();
    check_augment();
    check_registries();
    check_shapes();
    check_classes_kept();
    return t_done();
}
