/* measured_net.h - a net with initial and other weights, and two data sets: what measures are computed of. */
#ifndef ERMINE_TESTS_SUPPORT_MEASURED_NET_H
#define ERMINE_TESTS_SUPPORT_MEASURED_NET_H

#include <ermine/measure.h>

struct measured_net {
    struct er_measured is; /* everything; errors NaN: to be measured. Borrows from what follows */
    struct er_net *net;
    struct er_dataset train, test;
    int64_t P, S;
    float *w, *w0, *statistics, *statistics0;
};

/* `n` training and 50 test examples in blobs of a shape; the initial weights, and those plus normal noise of 0.3;
 * means normal, variances between 0.5 and 1.5. False, with a failed test, when it can't be made. Close it in any case. */
bool measured_net_open(struct measured_net *m, const char *text, const char *loss, struct er_shape shape,
                       int64_t classes, int64_t n);
/* Training labels become what the network predicts: an error of 0, margins above 0. */
void measured_net_teach(struct measured_net *m);

/* Of the training examples only n are kept: those of the largest margins, in their order. */
void measured_net_keep(struct measured_net *m, int64_t n);

void measured_net_close(struct measured_net *m);

/* The measure `name` of what `is` says, on so many threads; NaN, with a failed test, where there is none. */
double measured_net_value(const struct er_measured *is, const char *name, int threads);

#endif
