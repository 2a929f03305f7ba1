/* The experiment `pac-bayes`: certificates hold, what a prior from data leaves, random labels; threads and
 * interruptions change no bit. */
#include "t.h"

#include "support/experiment_run.h"
#include "support/study_text.h"

#include <ermine/pac_bayes.h>

#define DATA                                                                                                 \
    "data: {name: gaussian-mixture, dimension: 6, classes: 2, train: 1000, test: 500, separation: 5}\n"
#define TRAIN                                                                                                \
    "model: [dense 8, relu, dense]\ntrain: {loss: logistic, sgd: {rate: 0.1, batch: 50}, epochs: 5}\n"

static struct er_error err;

static struct experiment_runs *run(const char *text, int threads)
{
    struct experiment_runs *r = experiment_runs_new(text);
    T_STATUS(experiment_run(r, threads, NULL, &err), ER_OK, "%s", err.msg);
    return r;
}

/* The certificate once more, from its own columns: what the draws leave open, the prior's price, the examples that no
 * prior has seen. */
static void check_chain(const struct experiment_runs *r, int64_t i, double draws)
{
    const double place = round(er_prior_place(experiment_value(r, i, "prior_variance"))),
                 m = experiment_value(r, i, "bound_examples"),
                 upper = er_pac_bayes_sampled(experiment_value(r, i, "stochastic_train_error"), draws, .01);
    T_CLOSE(experiment_value(r, i, "prior_variance"), er_prior_variance((int64_t)place), 1e-15,
            "run %d: a place of the grid", (int)i);
    T_CLOSE(experiment_value(r, i, "stochastic_train_upper"), upper, 1e-15, "run %d: ebar", (int)i);
    T_CLOSE(experiment_value(r, i, "bound"),
            er_pac_bayes_kl(upper, experiment_value(r, i, "kl") + er_prior_cost(place), m, .04), 1e-15,
            "run %d: the bound is of %g examples", (int)i, m);
}

static void check_certificates(void)
{
    struct experiment_runs *r =
        run("study: s\n" DATA TRAIN
            "pac-bayes: {prior: [initial, data], share: 0.4, epochs: 10, draws: 1000, batch: 20}\nseeds: 2\n",
            2);
    T_EQ_INT(r->n, 4, "runs");
    for (int64_t i = 0; i < r->n; i++) {
        const bool learned = experiment_value(r, i, "bound_examples") == 600;
        const double bound = experiment_value(r, i, "bound"), kl = experiment_value(r, i, "kl");
        T_EQ_STR(r->record[i].outcome, "certified", "run %d", (int)i);
        T_OK(learned || experiment_value(r, i, "bound_examples") == 1000, "examples of the bound");
        T_OK(bound < .35 && bound > experiment_value(r, i, "stochastic_test_error"), "run %d: bound %g",
             (int)i, bound);
        T_OK(experiment_value(r, i, "stochastic_train_upper") >
                 experiment_value(r, i, "stochastic_train_error"),
             "draws");
        T_OK(experiment_value(r, i, "classic_bound") > bound &&
                 experiment_value(r, i, "dziugaite_roy_bound") > bound,
             "order");
        check_chain(r, i, 1000);
        T_EQ_INT(r->record[i].n_curve, 10, "a record an epoch");
        const double *curve = experiment_curve(r, i, "objective"),
                     *divergence = experiment_curve(r, i, "divergence");
        T_OK(curve[9] < curve[0] || learned, "the objective falls: %g to %g", curve[0], curve[9]);
        T_OK(fabs(divergence[9] - kl) < .2 * kl + 5, "divergence %g, kl %g", divergence[9], kl);
    }
    const double ratio = experiment_value(r, 2, "kl") / experiment_value(r, 0, "kl");
    T_OK(ratio < .5 || 1 / ratio < .5, "a learned prior leaves less to say: %g", ratio);
    experiment_runs_free(r);
}

/* Where the descent moves nothing, Q is the trained network with noise of 0.04. A prior from data is around that
 * network: KL is what a variance off by 1/200 (the grid) + 4 / (413 P / 100) (its price, 2 ln j at j = 413) leaves of P =
 * 65 weights, P r^2 / 4 = 0.0065. Around the initial weights it has the way of the training in it. */
static void check_prior_of_data(void)
{
    struct experiment_runs *r = run("study: s\n" DATA TRAIN "pac-bayes: {prior: [data, initial], share: 0.4, "
                                    "epochs: 1, rate: 1e-9, deviation_rate: 1e-9, draws: 100}\n",
                                    1);
    for (int64_t i = 0; i < r->n; i++) {
        const double kl = experiment_value(r, i, "kl");
        if (experiment_value(r, i, "bound_examples") == 600)
            T_OK(kl >= 0 && kl < .0065, "the prior is where the training on its share ended: KL %g", kl);
        else
            T_OK(kl > 10, "and else where it began: KL %g", kl);
        check_chain(r, i, 100);
    }
    experiment_runs_free(r);
}

static void check_random_labels(void)
{
    struct experiment_runs *r = run(
        "study: s\ndata: {name: gaussian-mixture, dimension: 20, classes: 2, train: 200, test: 200, labels: "
        "{corrupt: 1}}\n"
        "model: [dense 50, relu, dense]\ntrain: {loss: logistic, sgd: {rate: 0.2, batch: 20}, epochs: 150}\n"
        "pac-bayes: {epochs: 10, draws: 300, objective: quadratic}\n",
        1);
    T_OK(experiment_value(r, 0, "train_error") < .1, "random labels are fitted: %g",
         experiment_value(r, 0, "train_error"));
    T_OK(experiment_value(r, 0, "bound") > .5, "and the bound says less than a coin: %g",
         experiment_value(r, 0, "bound"));
    experiment_runs_free(r);
}

/* Left in training, in descent and before the draws. */
static void check_interruptions(void)
{
    static const char text[] =
        "study: s\n" DATA TRAIN "pac-bayes: {objective: [kl, classic], epochs: 3, draws: 200}\n";
    struct experiment_runs *whole = run(text, 1), *left = experiment_runs_new(text);
    int stops = 0;
    left->leave_after = 1;
    for (;; stops++) {
        for (int64_t i = 0; i < left->n; i++) left->state[i].taken = 0;
        left->leave_after = 1 + stops * 3 % 11;
        atomic_store(&left->stop, false);
        const enum er_status status = experiment_run(left, 2, NULL, &err);
        if (status == ER_OK || stops > 500) break;
        T_STATUS(status, ER_E_STOPPED, "left");
    }
    T_OK(stops > 5 && stops < 500, "after %d interruptions", stops);
    for (int64_t i = 0; i < left->n; i++)
        T_OK(experiment_same(&whole->record[i], &left->record[i]), "run %d is the same to the bit", (int)i);
    experiment_runs_free(left);
    experiment_runs_free(whole);
}

/* Damaged states are left alone: the run begins afresh. */
static void check_damage(void)
{
    static const char text[] = "study: s\n" DATA TRAIN "pac-bayes: {epochs: 2, draws: 100}\n";
    struct experiment_runs *whole = run(text, 1), *left = experiment_runs_new(text);
    for (int64_t after = 40; after <= 70; after += 30) { /* of 100 steps of training, then 20 of descent */
        left->leave_after = after;
        left->state[0].taken = 0;
        atomic_store(&left->stop, false);
        T_STATUS(experiment_run(left, 1, NULL, &err), ER_E_STOPPED, "left");
        left->leave_after = 1000000;
        for (size_t k = 1; k < 6; k++) {
            unsigned char *byte = (unsigned char *)left->state[0].bytes + k * left->state[0].n / 6;
            struct experiment_state kept = left->state[0];
            kept.bytes = malloc(kept.n);
            if (!kept.bytes) abort();
            memcpy(kept.bytes, left->state[0].bytes, kept.n);
            *byte ^= 16;
            atomic_store(&left->stop, false);
            T_STATUS(experiment_run(left, 1, NULL, &err), ER_OK, "damaged");
            T_OK(experiment_same(&whole->record[0], &left->record[0]), "the same to the bit");
            free(left->state[0].bytes);
            left->state[0] = kept;
        }
    }
    experiment_runs_free(left);
    experiment_runs_free(whole);
}

static void check_estimate(void)
{
    struct experiment_runs *r =
        experiment_runs_new("study: s\n" DATA TRAIN "pac-bayes: {epochs: 20}\nseeds: 3\n");
    struct er_pool *pool = NULL;
    struct er_estimate estimate = {0};
    T_STATUS(er_pool_new(1, &pool, &err), ER_OK, "pool");
    T_STATUS(r->experiment->estimate(er_study_point(r->study, 0), 3, NULL, pool, NULL, &estimate, &err),
             ER_OK, "estimate");
    T_OK(estimate.seconds > 0 && estimate.run_bytes > 9 * 65 * sizeof(float), "%g s, %zu bytes",
         estimate.seconds, estimate.run_bytes);
    er_pool_free(pool);
    experiment_runs_free(r);
}

static void refuse(const char *head, const char *rest, const char *message)
{
    struct er_study *study = NULL;
    char text[512];
    snprintf(text, sizeof text, "study: s\n%s%s", head, rest);
    T_STATUS(study_parse(text, &study, &err), ER_E_INPUT, "%s", text);
    T_EQ_STR(err.msg, message, "says");
    er_study_free(study);
}

static void check_refusals(void)
{
    static const char learned[] = "model: mlp 4\npac-bayes: {prior: data}\n";
    static const char *const wrong[][2] = {
        {"model: mlp 4\ntrain: {loss: hinge}\npac-bayes: {}\n",
         "train.loss: pac-bayes takes cross-entropy or logistic, got hinge"},
        {"model: [dense 4, batch_norm, relu, dense]\ntrain: {loss: logistic}\npac-bayes: {}\n",
         "model: batch norm's running statistics come from the examples, and no prior has them: leave it "
         "out, or "
         "take layer_norm"},
        {"model: mlp 4\npac-bayes: {delta: 0.6, delta_sampling: 0.5}\n",
         "pac-bayes.delta: together with delta_sampling 1.1, it has to be below 1"},
        {"model: mlp 4\npac-bayes: {prior: data, share: 1}\n",
         "pac-bayes.share: has to be between 0 and 1, got 1"},
        {"model: mlp 4\ntrain: {keep: [end]}\npac-bayes: {}\n",
         "train.keep: pac-bayes studies keep no networks"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) refuse(DATA, wrong[i][0], wrong[i][1]);
    refuse(
        "data: {name: mnist, select: first}\n", learned,
        "data.select: a prior from data needs examples in random order, and those of a file may be sorted: "
        "leave `first` out, or take prior: initial");
    refuse("data: {name: mnist, train: 100, stratify: true}\n", learned,
           "data.stratify: a prior from data needs examples that are drawn independently, and not so many of "
           "each class: leave it out, or take prior: initial");
    refuse("data: {name: mnist, train: 100, balance: true}\n", learned,
           "data.balance: a prior from data needs examples that are drawn independently, and not so many of "
           "each class: leave it out, or take prior: initial");
}

int main(void)
{
    check_certificates();
    check_prior_of_data();
    check_random_labels();
    check_interruptions();
    check_damage();
    check_estimate();
    check_refusals();
    return t_done();
}
