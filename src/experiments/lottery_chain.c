/* lottery_chain.c - rounds of training, each on the mask that the last one left. */
#include "experiments/lottery_chain.h"

#include "experiments/data_keys.h"
#include "experiments/lottery_prune.h"
#include "experiments/seal.h"
#include "experiments/train_member.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* What a state begins with; behind it the values of the rounds done, the mask and what diverged. */
struct head {
    char seal[ER_SEAL];
    int64_t done, parameters;
    double seconds;
};

int64_t er_lottery_trainings(const struct er_point *point)
{
    const int64_t rounds = er_point_integer(point, "lottery.rounds", 1);
    return er_point_bool(point, "lottery.control", true) ? 2 * rounds - 1 : rounds;
}

static size_t state_bytes(const struct er_lottery_chain *chain)
{
    return sizeof(struct head) + (size_t)(ER_LOTTERY_COLUMNS * chain->rounds) * sizeof *chain->value +
           (size_t)er_net_parameters(chain->net) + sizeof chain->diverged;
}

enum er_status er_lottery_chain_state(const struct er_lottery_chain *chain, void **state, size_t *bytes,
                                      struct er_error *err)
{
    const struct head head = {
        .done = chain->done, .parameters = er_net_parameters(chain->net), .seconds = chain->seconds};
    const size_t values = (size_t)(ER_LOTTERY_COLUMNS * chain->rounds) * sizeof *chain->value;
    *bytes = state_bytes(chain);
    unsigned char *at = er_alloc((int64_t)*bytes, 1);
    *state = at;
    if (!at) return er_fail(err, ER_E_NOMEM, "lottery: out of memory for a checkpoint of %zu bytes", *bytes);
    memcpy(at, &head, sizeof head);
    memcpy(at += sizeof head, chain->value, values);
    memcpy(at += values, chain->mask, (size_t)head.parameters);
    memcpy(at + head.parameters, chain->diverged, sizeof chain->diverged);
    er_seal_set(*state, *bytes);
    return ER_OK;
}

/* Takes a state up; one that is damaged or can't be this run's is left alone. */
static void restore(struct er_lottery_chain *chain, const void *state, size_t bytes)
{
    const size_t values = (size_t)(ER_LOTTERY_COLUMNS * chain->rounds) * sizeof *chain->value;
    struct head head;
    if (bytes != state_bytes(chain) || !er_seal_holds(state, bytes)) return;
    const unsigned char *at = state;
    memcpy(&head, at, sizeof head);
    if (head.done < 1 || head.done >= chain->rounds || head.parameters != er_net_parameters(chain->net))
        return;
    memcpy(chain->value, at += sizeof head, values);
    memcpy(chain->mask, at += values, (size_t)head.parameters);
    memcpy(chain->diverged, at + head.parameters, sizeof chain->diverged);
    chain->diverged[sizeof chain->diverged - 1] = '\0';
    chain->done = head.done;
    chain->seconds = head.seconds;
}

enum er_status er_lottery_chain_open(struct er_lottery_chain *chain, const struct er_point *point,
                                     const struct er_split *split, int64_t run, const void *state,
                                     size_t bytes, struct er_error *err)
{
    *chain = (struct er_lottery_chain){.point = point,
                                       .member = er_train_member(point, split),
                                       .run = run,
                                       .rounds = er_point_integer(point, "lottery.rounds", 1)};
    enum er_status status = er_data_keys_augment_check(point, split->train.shape, err);
    if (status == ER_OK)
        status = er_train_member_net(point, split->train.shape, split->train.classes, &chain->net, err);
    if (status != ER_OK) return status;
    const int64_t P = er_net_parameters(chain->net);
    chain->mask = er_alloc(P, sizeof *chain->mask);
    chain->value = er_alloc(ER_LOTTERY_COLUMNS * chain->rounds, sizeof *chain->value);
    if (!chain->mask || !chain->value)
        return er_fail(err, ER_E_NOMEM, "lottery: out of memory for a mask of %lld weights", (long long)P);
    memset(chain->mask, 1, (size_t)P);
    for (int c = 0; c < ER_LOTTERY_COLUMNS; c++) chain->curve[c] = chain->value + c * chain->rounds;
    chain->member.net = chain->net;
    chain->member.mask = chain->mask;
    restore(chain, state, bytes);
    return ER_OK;
}

void er_lottery_chain_close(struct er_lottery_chain *chain)
{
    er_net_free(chain->net);
    er_free(chain->mask);
    er_free(chain->value);
    *chain = (struct er_lottery_chain){0};
}

/* A training of one round, and whose it is. Each hears of its own end alone, on its worker. */
struct training {
    struct er_lottery_chain *chain;
    bool control;
    float *w; /* a ticket's weights at its end; NULL of a control */
    double train_error, test_error, early, seconds;
    char cause[160];
};

struct round {
    struct training *training;
    struct er_member *member;
    int64_t n;
};

/* The last record up to an epoch. */
static double early_error(const struct er_train_result *result, int64_t epoch)
{
    double error = (double)NAN;
    for (int64_t i = 0; i < result->n_curve && result->curve[i].epoch <= (double)epoch; i++)
        error = result->curve[i].test_error;
    return error;
}

static enum er_status on_end(void *ctx, int64_t member, const struct er_train_result *result,
                             struct er_error *err)
{
    const struct round *r = ctx;
    struct training *t = &r->training[member];
    const struct er_curve_point *end = &result->curve[result->n_curve - 1];
    (void)err;
    t->train_error = end->train_error;
    t->test_error = end->test_error;
    t->early = early_error(result, er_point_integer(t->chain->point, "lottery.early", 1));
    t->seconds = result->seconds;
    snprintf(t->cause, sizeof t->cause, "%s", result->cause);
    if (t->w) memcpy(t->w, result->w, (size_t)er_net_parameters(t->chain->net) * sizeof *result->w);
    return ER_OK;
}

/* A ticket, or its control: other initial weights, of a seed that no other round or run of a few seeds has. */
static enum er_status add_member(struct round *r, struct er_lottery_chain *chain, bool control,
                                 struct er_error *err)
{
    struct er_member *member = &r->member[r->n];
    struct training *t = &r->training[r->n++];
    *member = chain->member;
    *t = (struct training){.chain = chain, .control = control};
    if (control) {
        member->seed_initialise += (uint64_t)chain->done << 32;
        return ER_OK;
    }
    t->w = er_alloc(er_net_parameters(chain->net), sizeof *t->w);
    return t->w ? ER_OK : er_fail(err, ER_E_NOMEM, "lottery: out of memory for a ticket's weights");
}

static enum er_status gather(struct round *r, struct er_lottery_chain *chain, int64_t n, struct er_error *err)
{
    enum er_status status = ER_OK;
    r->training = er_alloc(2 * n, sizeof *r->training);
    r->member = er_alloc(2 * n, sizeof *r->member);
    if (!r->training || !r->member)
        return er_fail(err, ER_E_NOMEM, "lottery: out of memory for %lld runs", (long long)n);
    for (int64_t i = 0; i < n && status == ER_OK; i++) {
        const bool left = chain[i].done < chain[i].rounds;
        chain[i].trained = left;
        if (!left) continue;
        status = add_member(r, &chain[i], false, err);
        if (status == ER_OK && chain[i].done > 0 && er_point_bool(chain[i].point, "lottery.control", true))
            status = add_member(r, &chain[i], true, err);
    }
    return status;
}

static void clear_round(struct round *r)
{
    for (int64_t i = 0; r->training && i < r->n; i++) er_free(r->training[i].w);
    er_free(r->training);
    er_free(r->member);
}

/* What a round came to, and the mask of the next one. */
static enum er_status note_ticket(const struct training *t, struct er_error *err)
{
    struct er_lottery_chain *chain = t->chain;
    const int64_t at = chain->done;
    chain->curve[ER_LOTTERY_ROUND][at] = (double)at + 1;
    chain->curve[ER_LOTTERY_DENSITY][at] = er_lottery_density(chain->net, chain->mask);
    chain->curve[ER_LOTTERY_TRAIN_ERROR][at] = t->train_error;
    chain->curve[ER_LOTTERY_TEST_ERROR][at] = t->test_error;
    chain->curve[ER_LOTTERY_EARLY][at] = t->early;
    chain->curve[ER_LOTTERY_CONTROL][at] = chain->curve[ER_LOTTERY_CONTROL_EARLY][at] = (double)NAN;
    chain->seconds += t->seconds;
    if (t->cause[0] && !chain->diverged[0])
        snprintf(chain->diverged, sizeof chain->diverged, "round %lld: %s", (long long)at + 1, t->cause);
    return er_lottery_prune(chain->net, t->w, er_point_real(chain->point, "lottery.prune", 0),
                            er_point_real(chain->point, "lottery.prune_output", 0), chain->mask, err);
}

static void note_control(const struct training *t)
{
    struct er_lottery_chain *chain = t->chain;
    const int64_t at = chain->done;
    chain->curve[ER_LOTTERY_CONTROL][at] = t->test_error;
    chain->curve[ER_LOTTERY_CONTROL_EARLY][at] = t->early;
    chain->seconds += t->seconds;
}

/* A control comes behind its ticket. */
static enum er_status take_results(const struct round *r, struct er_lottery_chain *chain, int64_t n,
                                   struct er_error *err)
{
    enum er_status status = ER_OK;
    for (int64_t i = 0; i < r->n && status == ER_OK; i++) {
        if (r->training[i].control)
            note_control(&r->training[i]);
        else
            status = note_ticket(&r->training[i], err);
    }
    for (int64_t i = 0; i < n && status == ER_OK; i++) chain[i].done += chain[i].trained;
    return status;
}

enum er_status er_lottery_round(struct er_lottery_chain *chain, int64_t n, struct er_pool *pool,
                                const struct er_progress *progress, bool *any, struct er_error *err)
{
    struct round r = {0};
    const struct er_train_events events = {.ctx = &r, .end = on_end, .memory = er_train_member_memory()};
    enum er_status status = gather(&r, chain, n, err);
    *any = r.n > 0;
    if (status == ER_OK && *any) status = er_train(r.member, r.n, pool, progress, &events, err);
    if (status == ER_OK) status = take_results(&r, chain, n, err);
    clear_round(&r);
    return status;
}
