/* <ermine/train.h> - the ensemble trainer: many small networks side by side, one member a worker.
 *
 * A member is one training of one network: (net, data, optimiser, schedule, stopping rule, seed). Members do
 * not know each other, and each may have its own of all of these. One thread trains a member; where there are
 * fewer members than threads, and steps that are worth it, several do, each a share of the rows, channels or
 * weights and never a share of a sum. Random numbers are a function of the member's seed. So its result is
 * the same to the bit for any number of threads and companions.
 */
#ifndef ERMINE_TRAIN_H
#define ERMINE_TRAIN_H

#include <ermine/augment.h>
#include <ermine/net.h>
#include <ermine/pool.h>
#include <ermine/progress.h>

/* The update rules: w parameters, g gradient of the mean loss over the batch, t step from 1.
 *
 *     sgd               g' = g + wd w     v = mu v + g'     w -= lr v     (Nesterov: w -= lr (g' + mu v))
 *     adam              g' = g + wd w     (decoupled: g' = g, and w -= lr wd w in addition)
 *                       m = b1 m + (1 - b1) g'       mhat = m / (1 - b1^t)
 *                       s = b2 s + (1 - b2) g'^2     shat = s / (1 - b2^t)
 *                       w -= lr mhat / (sqrt(shat) + eps)
 *     rmsprop           g' = g + wd w     s = b2 s + (1 - b2) g'^2
 *                       v = mu v + g' / (sqrt(s) + eps)     w -= lr v
 *     gradient-descent  sgd on all examples at once
 *     sam               sgd with the gradient at u = w + rho g / |g| in place of g, of the same batch; weight
 *                       decay is that of w. Two gradients a step; running statistics move with the first
 *
 * Sources: Polyak 1964; Nesterov 1983 in the form of Sutskever et al., ICML 2013; Tieleman and Hinton, "RMSProp", 2012; Kingma and Ba,
 * "Adam", ICLR 2015; Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019; Foret et al.,
 * "Sharpness-aware minimization for efficiently improving generalization", ICLR 2021.
 */
struct er_optimiser {
    const char *name; /* that er_optimiser_describe() gives */
    double rate;      /* lr > 0 */
    double momentum;  /* mu in [0, 1) */
    bool nesterov;
    double weight_decay; /* wd >= 0 */
    bool decoupled;      /* adam: AdamW */
    double beta1, beta2, epsilon;
    double rho;    /* sam: how far uphill, in the unit of the weights, >= 0 */
    int64_t batch; /* B >= 1; 0, or as many as there are: all examples at once, in the order of the data (the
                      only choice of gradient-descent) */
};

/* The learning rate over time, as a factor of `rate`. e: epochs so far (fractional), E: the most there can
 * be; both count from the end of the warm-up. */
struct er_schedule {
    enum {
        ER_SCHEDULE_CONSTANT, /* 1 */
        ER_SCHEDULE_STEP,     /* factor^floor(e / every): factor .95, every 1 is Zhang et al.'s */
        ER_SCHEDULE_COSINE /* floor + (1 - floor) (1 + cos(pi e / E)) / 2 (Loshchilov and Hutter, ICLR 2017)
                            */
    } kind;
    double factor, every, floor;
    double warm_up; /* epochs over which the factor rises linearly from 0 before the rest applies; 0: none */
};

/* When a member stops: at the end of the first epoch at which any rule holds; the rules on error, loss and
 * plateau are looked at where the curve is recorded (er_train_spec.every). */
struct er_stop {
    double train_error, train_loss; /* at or below; NaN: no such rule */
    int64_t epochs;                 /* at most, >= 1 */
    int64_t steps;                  /* at most; 0: no rule. The only rule that may end within an epoch */
    double seconds;                 /* of training time; 0: no rule. Results then depend on the machine */
    int64_t plateau; /* epochs without a new best train loss (by a relative 1e-4); 0: no rule */
};

struct er_train_spec {
    struct er_optimiser optimiser;
    struct er_schedule schedule;
    struct er_stop stop;
    bool drop_rest; /* an epoch leaves out the examples that do not fill a batch, other ones each time; else
                       the last batch is short. No matter when all examples are taken at once */
    int64_t early;  /* extra records within the first epoch, at fractions i / (early + 1): 0.. */
    int64_t every;  /* record (and look at the rules on error and loss) every so many epochs, >= 1, and at the
                       end */
    bool test_last; /* only the last record has the test loss and error; NaN in the others */
};

/** Every unset field's default: SGD, rate .1, batch 64, constant, 100 epochs. */
ER_API struct er_train_spec er_train_spec_default(void);

/** Checks every range. ER_E_USAGE names the field, the value and the bound. */
ER_API enum er_status er_train_check(const struct er_train_spec *spec, struct er_error *err);

enum er_stop_reason {
    ER_STOP_TRAIN_ERROR,
    ER_STOP_TRAIN_LOSS,
    ER_STOP_EPOCHS,
    ER_STOP_STEPS,
    ER_STOP_SECONDS,
    ER_STOP_PLATEAU,
    ER_STOP_DIVERGED
};
/** "train_error", "epochs", ..., "diverged". */
ER_API const char *er_stop_reason_text(enum er_stop_reason reason);

/* One record of a curve: measured at the weights of that moment, over the whole set (losses are means). */
struct er_curve_point {
    double epoch; /* from 0, the initial weights */
    int64_t step;
    double train_loss, train_error, test_loss, test_error; /* test: NaN without a test set */
    double learning_rate; /* of the step that led here; at step 0, of the first step */
};

/* What became of a member. A training that diverges is a result, with its step and its cause. */
struct er_train_result {
    enum er_stop_reason reason;
    char cause[160]; /* diverged: what became infinite or NaN; else "" */
    int64_t epochs_done, steps;
    struct er_curve_point *curve; /* n_curve records; the last is the final one */
    int64_t n_curve;
    const float *w;          /* P final parameters */
    const float *statistics; /* S final running statistics; NULL where S is 0 */
    double seconds;          /* of training, all sessions of a resumed member together */
    double flops;
};

/* One member. Everything is borrowed until er_train() returns. */
struct er_member {
    const struct er_net *net;
    const struct er_dataset *train, *test; /* test may be NULL */
    struct er_train_spec spec;
    struct er_augment augment;       /* of the examples of training steps; zero: none */
    const float *initial;            /* P weights to start from; NULL: those of seed_initialise */
    const float *initial_statistics; /* with them: S running statistics; NULL: means 0, variances 1 */
    const unsigned char *mask; /* P bytes: a weight whose byte is 0 is 0 from the start and stays so; NULL:
                                        none is */
    uint64_t seed_initialise;  /* of the initial weights */
    uint64_t seed_batches;     /* of the order of the examples, of augmentation and of dropout; usually the
                                  same, so that a run has one seed */
    const char *keep; /* when `keep` of the events is called: words with blanks between, each "init", "end" or
                         the number of an epoch from 1; NULL: never */
    bool keep_first_epoch; /* it is called at the end of the first epoch too */
};

/* A moment of a training at which its network may be kept. */
enum er_moment {
    ER_KEPT_INIT,  /* before the first step */
    ER_KEPT_EPOCH, /* at the end of an epoch */
    ER_KEPT_END    /* where training stopped, for whatever reason */
};

/* A member's network at a moment that it was to be kept at. Borrowed for the call. */
struct er_kept {
    enum er_moment moment;
    int64_t epoch, step;     /* whole epochs and steps so far */
    const float *w;          /* P parameters */
    const float *statistics; /* S running statistics; NULL where S is 0 */
};

/* What the caller hears of members. Calls may come from any worker, also at the same time for different
 * members. */
struct er_train_events {
    void *ctx;
    /* Before a member starts. May give a checkpoint to go on from (bytes from `checkpoint`, owned by the
     * callee until the member ends), or skip the member. Bytes that are damaged or another member's are not
     * used: the member starts afresh, with the same result. NULL: start all afresh. */
    enum er_status (*begin)(void *ctx, int64_t member, bool *skip, const void **state, size_t *bytes,
                            struct er_error *err);
    /* After any step, at least `checkpoint_seconds` (above 0; 0: never) apart, and when asked to stop:
     * everything needed to go on bit for bit. */
    enum er_status (*checkpoint)(void *ctx, int64_t member, const void *state, size_t bytes,
                                 struct er_error *err);
    /* At the moments of er_member.keep, in their order; an epoch that training does not reach is no moment.
     * Called before a checkpoint of the same step: a member that goes on from a checkpoint does not meet
     * moments before it again. (A checkpoint is of a member with its `keep`; with another one, the member
     * starts afresh.) NULL: nothing is kept. */
    enum er_status (*keep)(void *ctx, int64_t member, const struct er_kept *kept, struct er_error *err);
    /* After each record of a member's curve, with the network that it measured (`at->moment` says nothing).
     * A member that goes on from a checkpoint does not meet the records before it again. May be NULL. */
    enum er_status (*record)(void *ctx, int64_t member, const struct er_curve_point *point,
                             const struct er_kept *at, struct er_error *err);
    /* When a member has stopped; `result` lives for the call. */
    enum er_status (*end)(void *ctx, int64_t member, const struct er_train_result *result,
                          struct er_error *err);
    double checkpoint_seconds;
    size_t memory; /* bytes that the members under way may take together: fewer are then trained at a time, by
                      several threads each; 0: no limit */
};

/**
 * Trains n members on the pool. Members that share a net pointer share its plans; nothing is allocated per
 * step.
 *
 * Memory: er_train_memory() for each member under way, as many as there are threads or as `events` allow;
 * plans of some thousand matrix products at a time, whatever the number of members, with their code up to 300
 * MB (9 kB for each distinct shape).
 *
 * Errors, each with the member's number: ER_E_USAGE (er_train_check; a word of `keep`), ER_E_SHAPE (net and
 * data disagree in inputs or classes), ER_E_INPUT (a label outside of 0..K-1); ER_E_NOMEM (also when one
 * member alone takes more than `memory`, both numbers said, before it or any of its neighbours is trained);
 * ER_E_STOPPED (asked to stop before all had ended: members under way were offered to `checkpoint` after
 * their step); and whatever an event returned: the others under way are then left after their step, and
 * offered to `checkpoint` too.
 */
ER_API enum er_status er_train(const struct er_member *member, int64_t n, struct er_pool *pool,
                               const struct er_progress *progress, const struct er_train_events *events,
                               struct er_error *err);

/** *bytes = what one member takes while it is trained by `parts` threads: weights, optimiser state, a
 * gathered batch, activations, and a checkpoint while it is handed over; without its data. ER_E_NOMEM, and
 * the errors of er_plan_new(). */
ER_API enum er_status er_train_memory(const struct er_member *member, int parts, size_t *bytes,
                                      struct er_error *err);

/** Times a member's step and its record of both whole sets, in seconds on one thread, by doing some for about
 * `seconds`. What takes longer is timed by a part of it, as if time grew with the rows: a step by one of at
 * least er_net_chunk() rows (16 to 512), a record by one chunk. So the call takes `seconds`, or a few such
 * chunks if that is more, whatever the size of the data; between steps it looks at `progress` (may be NULL).
 * Nothing is kept. ER_E_NOMEM, ER_E_STOPPED. */
ER_API enum er_status er_train_calibrate(const struct er_member *member, double seconds,
                                         const struct er_progress *progress, double *step_s, double *record_s,
                                         struct er_error *err);

struct er_optimiser_info {
    const char *name, *help;
};
/** Describes optimiser i, in the order of src/train/optimisers/optimisers.def. False when there is none. */
ER_API bool er_optimiser_describe(int64_t i, struct er_optimiser_info *out);

#endif
