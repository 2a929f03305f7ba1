/* lottery_chain.h - one run of `lottery`: round after round, the mask of the next one from the weights of the last.
 */
#ifndef ERMINE_EXPERIMENTS_LOTTERY_CHAIN_H
#define ERMINE_EXPERIMENTS_LOTTERY_CHAIN_H

#include <ermine/data.h>
#include <ermine/pool.h>
#include <ermine/schema.h>
#include <ermine/train.h>

enum { ER_LOTTERY_MOST_ROUNDS = 100 };

/* What is measured of a round. */
enum {
    ER_LOTTERY_ROUND,
    ER_LOTTERY_DENSITY,
    ER_LOTTERY_TRAIN_ERROR,
    ER_LOTTERY_TEST_ERROR,
    ER_LOTTERY_EARLY,
    ER_LOTTERY_CONTROL,
    ER_LOTTERY_CONTROL_EARLY,
    ER_LOTTERY_COLUMNS
};

struct er_lottery_chain {
    const struct er_point *point;
    struct er_member member; /* of the ticket: its mask is the chain's */
    struct er_net *net;
    int64_t run, rounds, done;
    unsigned char *mask;               /* P: of the round after those that are done */
    double *value;                     /* ER_LOTTERY_COLUMNS x rounds */
    double *curve[ER_LOTTERY_COLUMNS]; /* into it */
    double seconds;
    bool trained;       /* by the last call of er_lottery_round() */
    char diverged[200]; /* the first ticket that did, and why; "" */
};

/* The trainings of a run: tickets and controls. */
int64_t er_lottery_trainings(const struct er_point *point);

/* Opens a run on its data, borrowed; at its beginning, or where a state says, unless that is another run's or damaged.
 * er_lottery_chain_close() frees it, also after a failure. Errors: er_train_member_net()'s, ER_E_NOMEM. */
enum er_status er_lottery_chain_open(struct er_lottery_chain *chain, const struct er_point *point,
                                     const struct er_split *split, int64_t run, const void *state,
                                     size_t bytes, struct er_error *err);
void er_lottery_chain_close(struct er_lottery_chain *chain);

/* What it takes to go on: *state of *bytes, to be freed. ER_E_NOMEM. */
enum er_status er_lottery_chain_state(const struct er_lottery_chain *chain, void **state, size_t *bytes,
                                      struct er_error *err);

/* Trains one round of each of n chains that has one to go, tickets and controls side by side; *any: whether there was
 * one. Errors: er_train()'s; no chain has moved then. */
enum er_status er_lottery_round(struct er_lottery_chain *chain, int64_t n, struct er_pool *pool,
                                const struct er_progress *progress, bool *any, struct er_error *err);

#endif
