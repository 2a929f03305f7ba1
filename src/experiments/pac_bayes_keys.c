/* pac_bayes_keys.c - `pac-bayes.*` of a study point -> er_pac_bayes_spec. */
#include "experiments/pac_bayes_keys.h"

#include "experiments/data_keys.h"
#include "experiments/key_rows.h"
#include "experiments/point.h"
#include "experiments/train_member.h"

#include <math.h>
#include <string.h>

/* Perez-Ortiz et al.'s least probability, by whose logarithm a loss is divided that is to be at most 1. */
static const double LEAST_PROBABILITY = 1e-4;

const struct er_schema_row er_pac_bayes_row[] = {
    MAP("pac-bayes", NULL,
        "a bound on the error of a stochastic network, found by descent on it and certified"),
    CHOICE("pac-bayes.objective", "dziugaite-roy classic quadratic kl", "dziugaite-roy",
           "bound that is minimised, of a surrogate loss; what is certified is the same for all"),
    CHOICE("pac-bayes.prior", "initial data", "initial",
           "mean of the prior: the initial weights, or those learned from a share of the training set, which "
           "has "
           "to be a random one then"),
    REAL("pac-bayes.share", "", 0, 1, "0.5",
         "share of the training set that a prior from data is learned from; the bound is of the others"),
    INTEGER("pac-bayes.epochs", "epochs", 1, 1e6, "20", "of the descent"),
    INTEGER("pac-bayes.batch", "examples", 1, 1 << 24, "100", "examples of one step of the descent"),
    REAL("pac-bayes.rate", "", 0, 1e3, "0.002", "learning rate of the means; falls to 0 along half a cosine"),
    REAL("pac-bayes.deviation_rate", "", 0, 1e3, "0.01", "the same of the logarithms of the deviations"),
    REAL("pac-bayes.deviation", "", 1e-8, 10, "0.04", "standard deviation of every weight at first"),
    INTEGER("pac-bayes.draws", "draws", 1, 1e9, "10000", "networks that are drawn for the certificate"),
    REAL("pac-bayes.delta", "", 1e-12, 1, "0.04", "probability that the bound fails"),
    REAL("pac-bayes.delta_sampling", "", 1e-12, 1, "0.01",
         "and that the draws mislead; both together below 1"),
    {0},
};

static enum er_objective objective_of(const struct er_point *point)
{
    const char *word = er_point_text(point, "pac-bayes.objective", "dziugaite-roy");
    return strcmp(word, "classic") == 0     ? ER_OBJECTIVE_CLASSIC
           : strcmp(word, "quadratic") == 0 ? ER_OBJECTIVE_QUADRATIC
           : strcmp(word, "kl") == 0        ? ER_OBJECTIVE_KL
                                            : ER_OBJECTIVE_DZIUGAITE_ROY;
}

struct er_pac_bayes_spec er_pac_bayes_keys_spec(const struct er_point *point)
{
    struct er_pac_bayes_spec spec = {.objective = objective_of(point)};
    spec.factor = 1 / (spec.objective == ER_OBJECTIVE_DZIUGAITE_ROY ? log(2) : -log(LEAST_PROBABILITY));
    spec.learned = strcmp(er_point_text(point, "pac-bayes.prior", "initial"), "data") == 0;
    spec.share = er_point_real(point, "pac-bayes.share", 0.5);
    spec.epochs = er_point_integer(point, "pac-bayes.epochs", 20);
    spec.batch = er_point_integer(point, "pac-bayes.batch", 100);
    spec.draws = er_point_integer(point, "pac-bayes.draws", 10000);
    spec.rate = er_point_real(point, "pac-bayes.rate", 0.002);
    spec.deviation_rate = er_point_real(point, "pac-bayes.deviation_rate", 0.01);
    spec.deviation = er_point_real(point, "pac-bayes.deviation", 0.04);
    spec.delta = er_point_real(point, "pac-bayes.delta", 0.04);
    spec.delta_sampling = er_point_real(point, "pac-bayes.delta_sampling", 0.01);
    return spec;
}

int64_t er_pac_bayes_keys_prior(const struct er_pac_bayes_spec *spec, int64_t n)
{
    const int64_t share = (int64_t)(spec->share * (double)n);
    return !spec->learned ? 0 : share < 1 ? 1 : share;
}

/* Given a prior that was learned from some examples the others have to be drawn independently still: files may be
 * sorted, and of a subset with so many of each class the first examples say which classes are left. */
static enum er_status check_draw(const struct er_point *point, struct er_error *err)
{
    static const char *const counted[] = {"data.stratify", "data.balance"};
    if (strcmp(er_point_text(point, "data.select", "random"), "first") == 0)
        return er_point_fail(point, "data.select", err,
                             "a prior from data needs examples in random order, and those of a file may be "
                             "sorted: leave `first` out, or take prior: initial");
    for (int i = 0; i < 2; i++)
        if (er_point_bool(point, counted[i], false))
            return er_point_fail(point, counted[i], err,
                                 "a prior from data needs examples that are drawn independently, and not so "
                                 "many of each class: leave it out, or take prior: initial");
    return ER_OK;
}

static enum er_status check_net(const struct er_point *point, struct er_error *err)
{
    struct er_shape shape;
    struct er_net *net = NULL;
    int64_t classes;
    if (!er_data_keys_shape(point, &shape, &classes)) return ER_OK;
    enum er_status status = er_train_member_net(point, shape, classes, &net, err);
    if (status == ER_OK && er_net_statistics(net) > 0)
        status =
            er_point_fail(point, "model", err,
                          "batch norm's running statistics come from the examples, and no prior has them: "
                          "leave it out, or take layer_norm");
    er_net_free(net);
    return status;
}

enum er_status er_pac_bayes_keys_check(const struct er_point *point, const struct er_data_places *places,
                                       struct er_error *err)
{
    const struct er_pac_bayes_spec spec = er_pac_bayes_keys_spec(point);
    const char *loss = er_point_text(point, "train.loss", "cross-entropy");
    if (er_point_get(point, "train.keep"))
        return er_point_fail(point, "train.keep", err, "pac-bayes studies keep no networks");
    if (strcmp(loss, "cross-entropy") != 0 && strcmp(loss, "logistic") != 0)
        return er_point_fail(point, "train.loss", err, "pac-bayes takes cross-entropy or logistic, got %s",
                             loss);
    if (!(spec.delta + spec.delta_sampling < 1))
        return er_point_fail(point, "pac-bayes.delta", err,
                             "together with delta_sampling %g, it has to be below 1",
                             spec.delta + spec.delta_sampling);
    if (spec.learned && !(spec.share > 0 && spec.share < 1))
        return er_point_fail(point, "pac-bayes.share", err, "has to be between 0 and 1, got %g", spec.share);
    enum er_status status = er_train_member_check(point, places, err);
    if (status == ER_OK && spec.learned) status = check_draw(point, err);
    return status == ER_OK ? check_net(point, err) : status;
}
