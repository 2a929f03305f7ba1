/* trainee.h - one member while it is trained: its memory, its place, its curve.
 *
 * Everything that the next step depends on is w, the optimiser's state and `steps`; the order of the examples
 * is a function of (seed, epoch). So a training can be left after any step and taken up again bit for bit.
 */
#ifndef ERMINE_TRAIN_TRAINEE_H
#define ERMINE_TRAIN_TRAINEE_H

#include "net/plan.h"
#include "train/optimiser.h"
#include "train/plans.h"

enum { ER_TRAIN_PLANS = 6 }; /* chunk, batch, all examples, and the rests of train, test and batches */

struct er_trainee {
    const struct er_member *member;
    const struct er_optimiser_ops *optimiser;
    const struct er_plan *plan[ER_TRAIN_PLANS]; /* those of the sizes that this member meets */
    int n_plans;
    struct er_team *team; /* NULL: one thread */
    int64_t P, S, n, d, steps_per_epoch;
    int64_t batch; /* n: all examples at once */
    int64_t chunk; /* rows at a time where no batch size rules: evaluation */
    int64_t piece; /* likewise in the gradient of all examples: chunk, or n where rows are mixed */
    int n_states;

    float *w, *statistics, *state; /* P, S, n_states x P */
    float *g, *total;              /* P each, of the gradient of all examples: a piece's, the sum */
    float *ascended;         /* P, where the optimiser takes its gradient elsewhere; g is then there too */
    float *x;                /* gathered examples: batch x d, or piece x d */
    int32_t *label;          /* of those */
    int64_t *order;          /* n */
    int64_t next, next_rows; /* where in `order` the batch after this one begins; its rows, or 0 */
    void *scratch;
    size_t scratch_bytes;

    int64_t steps;
    int64_t order_epoch; /* whose order `order` holds; -1: none */
    double rate;         /* of the last step */
    double best_loss;    /* for the plateau */
    int64_t best_epoch;
    double seconds, flops;
    struct er_curve_point *curve;
    int64_t n_curve, curve_room;
    bool stopped;
    enum er_stop_reason reason;
    char cause[160];
};

/* Makes the plans that a member will need. */
enum er_status er_trainee_plans(const struct er_member *member, struct er_plans *plans, struct er_error *err);

/* Notes sizes and plans for so many threads; takes no memory. */
void er_trainee_measure(struct er_trainee *t, const struct er_member *member, const struct er_plans *plans,
                        int parts);

/* The bytes that er_trainee_open() will take, after er_trainee_measure(). */
size_t er_trainee_bytes(const struct er_trainee *t);

/* Takes the memory and sets the initial weights. er_trainee_clear() frees it, also after a failure. `team`,
 * which may be NULL, works on its steps. */
enum er_status er_trainee_open(struct er_trainee *t, const struct er_member *member,
                               const struct er_plans *plans, struct er_team *team, struct er_error *err);
void er_trainee_clear(struct er_trainee *t);

/* The network at the member's present weights, for a training step or for evaluation. */
struct er_network er_trainee_network(const struct er_trainee *t, bool training);

/* The plan of `rows` rows. */
const struct er_plan *er_trainee_plan_of(const struct er_trainee *t, int64_t rows);

/* One step: gradient of the next batch, update. False when an output of the network was infinite or NaN. */
bool er_trainee_step(struct er_trainee *t);

/* Measures loss and error over the training set at the present weights and adds a record. ER_E_NOMEM. */
enum er_status er_trainee_record(struct er_trainee *t, struct er_error *err);

/* The same over the test set, into the newest record. */
void er_trainee_record_test(struct er_trainee *t);

/* What a training asks while it runs. */
struct er_trainee_hooks {
    bool (*leave)(void *ctx, struct er_trainee *t); /* after every step: whether to leave now */
    /* At the moments of member->keep and, where that is asked for, at the end of the first epoch. */
    enum er_status (*keep)(void *ctx, const struct er_kept *kept, struct er_error *err);
    /* After each record of the curve; may be NULL. */
    enum er_status (*record)(void *ctx, const struct er_curve_point *point, const struct er_kept *at,
                             struct er_error *err);
    void *ctx;
};

/* Trains on from where it is, step by step, until a rule stops it or `leave` says so. */
enum er_status er_trainee_run(struct er_trainee *t, const struct er_trainee_hooks *hooks,
                              struct er_error *err);

/* Its network as it is now, for those that hear of it. */
struct er_kept er_trainee_kept(const struct er_trainee *t, enum er_moment moment);

/* Whether a member's `keep` is one: ER_E_USAGE names the word that is none. */
enum er_status er_keep_check(const char *keep, struct er_error *err);

/* Whether a text like er_member.keep names the moment. */
bool er_keep_asks(const char *keep, const struct er_kept *kept);

/* Calls `keep` when this is a moment of the member's: `moment` as in struct er_kept. */
enum er_status er_trainee_keep(const struct er_trainee *t, enum er_moment moment,
                               const struct er_trainee_hooks *hooks, struct er_error *err);

/* The member's place as bytes, and back. `bytes` is the exact length. ER_E_INPUT: another member's, or
 * damaged; the trainee is then as it was. ER_E_NOMEM. */
size_t er_checkpoint_bytes(const struct er_trainee *t);
enum er_status er_checkpoint_write(const struct er_trainee *t, unsigned char *out, struct er_error *err);
enum er_status er_checkpoint_read(struct er_trainee *t, const unsigned char *in, size_t bytes,
                                  struct er_error *err);

/* The learning rate of the next step. */
double er_trainee_rate(const struct er_trainee *t);

#endif
