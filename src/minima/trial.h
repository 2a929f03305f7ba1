/* trial.h - weights tried on a training set, thousands a second: what samplers without gradients do over and over.
 *
 *     margin(w)      min over S of  f_y - max_{j != y} f_j;  of one output  f for label 1, -f for label 0
 *     scale(w)       prod over layers with weights of ||W_l||_F, as the layer acts, without biases
 *
 * w fits S when its margin is above 0: every example is predicted, ties being mistakes (er_plan_loss()).
 */
#ifndef ERMINE_MINIMA_TRIAL_H
#define ERMINE_MINIMA_TRIAL_H

#include <ermine/minima.h>

/* A net and a training set to try it on; shared by threads. */
struct er_trial {
    const struct er_net *net;
    const struct er_dataset *set;
    struct er_plan *plan; /* of all examples at once */
};

/* What one thread needs: f n x O outputs, loss and wrong of n examples. One block of memory. */
struct er_trial_room {
    float *f;
    double *loss;
    unsigned char *wrong;
    void *scratch;
};

/* ER_E_SHAPE, ER_E_INPUT (er_net_check_data()), er_plan_new()'s. Borrows net and set. */
enum er_status er_trial_new(const struct er_net *net, const struct er_dataset *set, struct er_trial *out,
                            struct er_error *err);
void er_trial_clear(struct er_trial *trial);

enum er_status er_trial_room_new(const struct er_trial *trial, struct er_trial_room *out,
                                 struct er_error *err);
void er_trial_room_clear(struct er_trial_room *room);

/* room->f = the outputs. */
void er_trial_outputs(const struct er_trial *trial, const struct er_trial_room *room, const float *w,
                      const float *statistics);

/* margin(w); NaN where an output is. */
double er_trial_margin(const struct er_trial *trial, const struct er_trial_room *room, const float *w,
                       const float *statistics);

/* The mean loss over S of the outputs divided by `divisor`, and the number of mistakes. */
double er_trial_loss(const struct er_trial *trial, const struct er_trial_room *room, const float *w,
                     const float *statistics, double divisor, int64_t *errors);

/* scale(w), or with every norm divided by `unit`; NaN for a net without weights, and where they are not finite. */
double er_trial_scale(const struct er_net *net, const float *w, double unit);

#endif
