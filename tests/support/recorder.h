/* recorder.h - keeps what er_train() tells of its members, for comparison to the bit. */
#ifndef ERMINE_TESTS_SUPPORT_RECORDER_H
#define ERMINE_TESTS_SUPPORT_RECORDER_H

#include <ermine/train.h>
#include <stdatomic.h>

struct recorded {
    bool ended;
    enum er_stop_reason reason;
    char cause[160];
    int64_t steps, epochs, n_curve, P, S;
    struct er_curve_point *curve;
    float *w, *statistics;
    unsigned char *state; /* the newest checkpoint */
    size_t bytes;
    char moments[256];      /* of kept networks: "init 0.0, epoch 2.14, end 5.35": epochs and steps */
    float *w_init, *w_kept; /* the initial network's parameters, the last one's */
};

struct recorder {
    const struct er_member *member;
    struct recorded *member_record;
    int64_t n;
    atomic_bool *stop;      /* set after `stop_after` checkpoints; NULL: never */
    atomic_int checkpoints; /* seen */
    int stop_after;
    bool stop_at_end; /* `end` sets *stop */
    bool fail_keep;   /* `keep` fails with ER_E_FULL */
    bool fail_end;    /* `end` fails with ER_E_IO */
};

struct recorder recorder_open(const struct er_member *member, int64_t n);
void recorder_close(struct recorder *r);

/* Events that record, and hand a recorded checkpoint back to a member that starts again. */
struct er_train_events recorder_events(struct recorder *r, double checkpoint_seconds);

/* Trains members on so many threads, recorded: er_train(). */
enum er_status recorder_train(const struct er_member *member, int64_t n, int threads, struct recorder *r,
                              double checkpoint_seconds, const struct er_progress *progress,
                              struct er_error *err);

/* True when both ended alike to the bit: reason, steps, every record of the curve, every weight and
 * running statistic. */
bool recorded_equal(const struct recorded *a, const struct recorded *b);

#endif
