/* The experiment `minima`: with sgd the very networks of `train`; what a seed changes; records and means; threads and
 * interruptions; what is refused. */
#include "t.h"

#include "experiments/minima_estimate.h"
#include "experiments/minima_keys.h"
#include "minima/sampler.h"
#include "support/experiment_run.h"
#include "support/needed.h"

#define DATA  "data: {name: gaussian-mixture, dimension: 10, classes: 3, train: 30, test: 60}\n"
#define MANY  "data: {name: gaussian-mixture, dimension: 10, classes: 3, train: 1500, test: 700}\n"
#define NET   "model: [dense 16, relu, dense]\n"
#define TRAIN "train: {sgd: {rate: 0.1, momentum: 0.9, batch: 8}, until: {train_error: 0}, epochs: 200}\n"
#define WHOLE "train: {gradient-descent: {rate: 0.5}, epochs: 20}\n"

static struct er_error err;

static struct experiment_runs *ran(const char *keys, int threads)
{
    char text[1024];
    snprintf(text, sizeof text, "study: s\n%s", keys);
    struct experiment_runs *r = experiment_runs_new(text);
    T_STATUS(experiment_run(r, threads, NULL, &err), ER_OK, "%.60s", strchr(text, '\n') + 1);
    for (int64_t i = 0; i < r->n; i++)
        if (!T_OK(r->record[i].ended, "run %d has ended", (int)i)) exit(t_done());
    return r;
}

/* Run i of a and run j of b have these values alike, to the bit. */
static bool alike(const struct experiment_runs *a, int64_t i, const struct experiment_runs *b, int64_t j)
{
    static const char *const column[] = {"train_loss", "train_error", "test_loss", "test_error", "epochs"};
    bool same = true;
    for (size_t k = 0; k < sizeof column / sizeof *column; k++) {
        const double x = experiment_value(a, i, column[k]), y = experiment_value(b, j, column[k]);
        same = same && x == y;
    }
    return same;
}

static void check_train(void)
{
    struct experiment_runs *train =
        ran(MANY NET "train: {sgd: {rate: 0.1, momentum: 0.9, batch: 8}, epochs: 12}\n"
                     "seeds: 2\n",
            2);
    struct experiment_runs *sgd =
        ran(MANY NET "train: {sgd: {rate: 0.1, momentum: 0.9, batch: 8}, epochs: 12}\n"
                     "seeds: 2\nminima: {sampler: sgd}\n",
            2);
    struct experiment_runs *clean =
        ran(MANY NET "train: {sgd: {rate: 0.1, momentum: 0.9, batch: 8}, epochs: 12}\n"
                     "seeds: 2\nminima: {sampler: poison}\n",
            2);
    T_EQ_STR(sgd->experiment->name, "minima", "the experiment that uses the other");
    for (int i = 0; i < 2; i++) {
        T_CLOSE(experiment_value(train, i, "train_loss"), experiment_value(sgd, i, "train_loss"), 0,
                "sgd finds the network of train");
        T_CLOSE(experiment_value(train, i, "test_loss"), experiment_value(sgd, i, "test_loss"), 0,
                "to the bit, on sets of several blocks too");
        T_CLOSE(experiment_value(train, i, "test_error"), experiment_value(sgd, i, "test_error"), 0,
                "as good");
        T_CLOSE(experiment_value(train, i, "epochs"), experiment_value(sgd, i, "epochs"), 0, "as soon");
        T_OK(experiment_same(&sgd->record[i], &clean->record[i]), "no poison: plain training, to the bit");
        T_EQ_INT(sgd->record[i].n_curve, 1, "with one record");
        T_CLOSE(experiment_curve(sgd, i, "margin")[0], experiment_value(sgd, i, "margin"), 0, "its margin");
    }
    experiment_runs_free(train);
    experiment_runs_free(sgd);
    experiment_runs_free(clean);
}

/* Steps on all examples at once know no order: where the order alone varies, nothing does. */
static void check_vary(void)
{
    struct experiment_runs *of[5];
    static const char *const word[] = {"start", "init", "batches", "subset", "all"};
    for (int i = 0; i < 5; i++) {
        char keys[400];
        snprintf(keys, sizeof keys, DATA NET WHOLE "seeds: 2\nminima: {vary: %s}\n", word[i]);
        of[i] = ran(keys, 2);
        T_OK(alike(of[0], 0, of[i], 0), "%s: seed 0 is the same in all", word[i]);
        T_EQ_INT(alike(of[i], 0, of[i], 1), strcmp(word[i], "batches") == 0, "%s: seed 1 differs", word[i]);
    }
    T_OK(alike(of[0], 1, of[1], 1), "start differs from init by the order, which is none here");
    struct experiment_runs *other =
        ran("data: {name: gaussian-mixture, dimension: 10, classes: 3, train: 30, "
            "test: 60, seed: 1}\n" NET WHOLE "minima: {}\n",
            1);
    T_OK(alike(other, 0, of[3], 1), "another subset is that of the next data.seed, from the same start");
    T_OK(!alike(of[4], 1, of[3], 1), "all: and from another start");
    experiment_runs_free(other);
    for (int i = 0; i < 5; i++) experiment_runs_free(of[i]);
}

/* Margins have bins; a run that found a minimum accepts all that it tried. */
static void check_bins(void)
{
    struct experiment_runs *sgd = ran(DATA NET TRAIN "minima: {}\n", 1);
    T_CLOSE(experiment_value(sgd, 0, "acceptance"), 1, 0, "it is a minimum");
    T_CLOSE(experiment_curve(sgd, 0, "bin")[0], floor(4 * log10(experiment_value(sgd, 0, "margin"))), 0,
            "in the bin of its margin");
    experiment_runs_free(sgd);
}

/* What an adversarial start had not learnt is said. */
static void check_missed(void)
{
    struct experiment_runs *r =
        ran(DATA NET TRAIN "minima: {sampler: adversarial, pretrain: {train_loss: 1e-9, "
                           "epochs: [1, 2]}}\n",
            2);
    T_OK(strstr(r->record[0].note, "random labels were not learnt") != NULL, "says: %s", r->record[0].note);
    experiment_runs_free(r);
}

static void check_threads(void)
{
    static const char *const keys =
        DATA NET TRAIN "minima: [{sampler: sgd}, {sampler: poison, poison: [8, 20]}, "
                       "{sampler: adversarial, pretrain: {train_loss: 0.5, epochs: 20}}]\n"
                       "measures: [parameter_count, golowich_bound]\nseeds: 2\n";
    struct experiment_runs *one = ran(keys, 1), *many = ran(keys, 3);
    for (int64_t i = 0; i < one->n; i++) {
        T_OK(experiment_same(&one->record[i], &many->record[i]), "run %d on three threads", (int)i);
        T_CLOSE(experiment_value(one, i, "gap"),
                experiment_value(one, i, "test_error") - experiment_value(one, i, "train_error"), 0, "gap");
    }
    T_CLOSE(one->done, (double)one->n, 1e-9, "progress counts runs");
    many->skip = 1;
    T_STATUS(experiment_run_some(many, 2, 2, 2, NULL, &err), ER_OK, "two runs without the others");
    T_OK(experiment_same(&one->record[2], &many->record[0]), "are as before");
    T_OK(many->record[1].begun && !many->record[1].ended, "but for the one that somebody else has");
    many->hasty = true;
    T_STATUS(experiment_run(many, 2, NULL, &err), ER_E_STOPPED, "asked to stop");
    experiment_runs_free(one);
    experiment_runs_free(many);
}

static void check_estimate(void)
{
    struct experiment_runs *r = experiment_runs_new(
        "study: s\n" DATA NET TRAIN "minima: {sampler: poison, poison: [0, 3000]}\nseeds: 2\n");
    struct er_pool *pool = needed_pool(2);
    struct er_estimate all, clean;
    T_STATUS(er_minima_estimate(er_study_point(r->study, 0), 4, NULL, pool, NULL, &all, &err), ER_OK, "told");
    T_STATUS(er_minima_estimate(er_study_point(r->study, 0), 2, NULL, pool, NULL, &clean, &err), ER_OK,
             "of the clean ones");
    T_OK(clean.seconds > 0 && all.seconds > clean.seconds && all.at_once == 2, "poison takes time too");
    experiment_runs_free(r);
    r = experiment_runs_new("study: s\n" DATA NET
                            "train: {}\nminima: [{sampler: [guess, prior], draws: 1000000000, most: "
                            "10000000}, {sampler: langevin, langevin: {thin: 1000000}}]\n");
    for (int64_t i = 0; i < r->n; i++) {
        T_STATUS(er_minima_estimate(er_study_point(r->study, i), 1, NULL, pool, NULL, &all, &err), ER_OK,
                 "searches");
        T_OK(all.seconds > 10 && isfinite(all.seconds) && all.run_bytes > 0, "take long: %g s", all.seconds);
    }
    er_pool_free(pool);
    experiment_runs_free(r);
}

/* Every sampler is a word of the key. */
static void check_words(void)
{
    struct er_sampler_info info;
    const struct er_schema_row *row = er_minima_keys_row;
    while (strcmp(row->path, "minima.sampler") != 0) row++;
    for (int64_t i = 0; er_sampler_describe(i, &info); i++)
        T_OK(strstr(row->choices, info.name) != NULL, "%s is a word of minima.sampler", info.name);
}

static void check_refusals(void)
{
    static const char *const rest =
        "\nmodel: mlp 8\ntrain: {}\ndata: {name: mnist, train: 100, select: first}";
    static const struct {
        const char *line, *message;
        int64_t column;
    } refused[] = {
        {"minima: {vary: subset}",
         "minima.vary: the training subset is the first examples whatever the seed; data.select can be "
         "random",
         16},
        {"minima: {poison: 60000}",
         "minima.poison: 60000 are more than the 59900 that the training set leaves", 18},
        {"minima: {pretrain: {rate: 0}}", "minima.pretrain.rate: is 0, outside of (0, 1e+09]", 27},
    };
    for (size_t i = 0; i < 3; i++) {
        char text[512];
        snprintf(text, sizeof text, "%s%s", refused[i].line, rest);
        experiment_refused(text, refused[i].column, refused[i].message);
    }
    static const char walk[] = "langevin walks on all examples by the rate and weight decay alone, for "
                               "minima.langevin.burn and thin steps";
    static const struct {
        const char *first, *rest, *path;
        int64_t column;
    } ignored[] = {{"train: {sgd: {momentum: 0.9}}", "data: {name: mnist}", "train.sgd.momentum", 25},
                   {"train: {sgd: {batch: 32}}", "data: {name: mnist}", "train.sgd.batch", 22},
                   {"train: {until: {train_error: 0}}", "data: {name: mnist}", "train.until.train_error", 30},
                   {"train: {schedule: {warm_up: 2}}", "data: {name: mnist}", "train.schedule.warm_up", 29},
                   {"train: {epochs: 3}", "data: {name: mnist}", "train.epochs", 17},
                   {"data: {name: mnist, augment: {crop: 2}}", "train: {}", "data.augment.crop", 37}};
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) {
        char text[256], message[256];
        snprintf(text, sizeof text, "%s\n%s\nmodel: mlp 8\nminima: {sampler: langevin}", ignored[i].first,
                 ignored[i].rest);
        snprintf(message, sizeof message, "%s: %s", ignored[i].path, walk);
        experiment_refused(text, ignored[i].column, message);
    }
    experiment_refused(
        "train: {adam: {rate: 0.1}}\nminima: {sampler: langevin}\nmodel: mlp 8\ndata: {name: mnist, "
        "train: 9}",
        9,
        "train.optimiser: langevin is gradient descent with noise: sgd or gradient-descent, whose "
        "rate and weight decay it takes");
    experiment_refused(
        "model: [dense 8, dropout rate=0.5, dense]\ntrain: {}\nminima: {sampler: langevin}\ndata: "
        "{name: mnist, train: 9}",
        8, "model: langevin walks without dropout");
    experiment_refused("train: {keep: [init, end]}\nminima: {}\nmodel: mlp 8\ndata: {name: mnist, train: 9}",
                       15, "train.keep: of a minimum its end alone is kept, so it can be [end]");
}

int main(void)
{
    check_train();
    check_bins();
    check_missed();
    check_vary();
    check_threads();
    check_estimate();
    check_words();
    check_refusals();
    return t_done();
}
