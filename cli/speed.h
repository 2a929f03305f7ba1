/* speed.h - how fast ensembles of small networks train on this machine, beside what its arithmetic could do.
 *
 * Work: members = 2 x threads networks of one shape train by SGD with momentum 0.9 on synthetic Gaussian
 * classes of the right shape, records of the curve at the start and at the end included. That the training
 * loss falls is checked first; the time is the best of three, the whole of er_train() with its planning.
 * Operations counted: matrix products.
 */
#ifndef ERMINE_CLI_SPEED_H
#define ERMINE_CLI_SPEED_H

#include "bench/timed.h"

#include <ermine/pool.h>
#include <ermine/progress.h>

struct speed {
    double seconds, gflops;
};

/* ER_E_NONFINITE when the loss does not fall, ER_E_STOPPED, ER_E_NOMEM. */
enum er_status speed_measure(const struct timed_case *what, struct er_pool *pool,
                             const struct er_progress *progress, struct speed *out, struct er_error *err);

#endif
