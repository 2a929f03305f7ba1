/* Calibration does a part of a long step, not all of it, and stops when it is asked to. (How long it takes is
 * no matter of right or wrong.) */
#include "t.h"

#include "support/blobs.h"
#include "train/trainee.h"

enum { N = 20000, D = 40, K = 3 };

static struct er_error err;
static struct er_dataset train;

static bool count_bytes(void *ctx, size_t bytes)
{
    *(size_t *)ctx += bytes;
    return true;
}

static struct er_member make_member(const struct er_net *net, int64_t batch)
{
    struct er_member m = {.net = net, .train = &train, .spec = er_train_spec_default()};
    m.spec.optimiser.batch = batch;
    return m;
}

/* Where there is no time at all, steps of a chunk's rows take the place of those of all rows: their memory
 * tells. */
static void check_part(const char *text, int64_t batch)
{
    struct er_net *net = blobs_net(&train, text, "cross-entropy");
    const struct er_member m = make_member(net, batch);
    size_t all = 0, taken = 0;
    double step_s = 0, record_s = 0;
    T_STATUS(er_train_memory(&m, 1, &all, &err), ER_OK, "memory");
    er_alloc_set_hook(count_bytes, &taken);
    T_STATUS(er_train_calibrate(&m, 1e-9, NULL, &step_s, &record_s, &err), ER_OK, "%s", text);
    er_alloc_set_hook(NULL, NULL);
    T_OK(taken < all / 4, "%s, batch %d: %zu bytes of %zu", text, (int)batch, taken, all);
    T_OK(step_s > 0 && record_s > 0, "%s, batch %d: a step %g s, a record %g s", text, (int)batch, step_s,
         record_s);
    er_net_free(net);
}

static void check_whole(int64_t batch)
{
    struct er_net *net = blobs_net(&train, "[dense 20, tanh, dense]", "cross-entropy");
    const struct er_member m = make_member(net, batch);
    double step_s = 0, record_s = 0;
    T_STATUS(er_train_calibrate(&m, 0.02, NULL, &step_s, &record_s, &err), ER_OK, "batch %d", (int)batch);
    T_OK(step_s > 0 && record_s > 0, "batch %d: a step %g s, a record %g s", (int)batch, step_s, record_s);
    T_ALLOCATIONS(er_train_calibrate(&m, 1e-9, NULL, &step_s, &record_s, &err), (void)0,
                  "batch %d: memory out", (int)batch);
    er_net_free(net);
}

static void check_stop(void)
{
    struct er_net *net = blobs_net(&train, "[dense 20, tanh, dense]", "cross-entropy");
    const struct er_member m = make_member(net, 16);
    const atomic_bool stop = true;
    double step_s, record_s;
    T_STATUS(er_train_calibrate(&m, 1e9, &(struct er_progress){.stop = &stop}, &step_s, &record_s, &err),
             ER_E_STOPPED, "asked to stop");
    er_net_free(net);
}

int main(void)
{
    train = blobs_make(N, D, K, 0.7, 3, 0);
    check_part("[dense 20, batch_norm, relu, dense]", 0);
    check_part("[dense 20, tanh, dense]", N - 1);
    check_whole(16);
    check_whole(0);
    check_stop();
    er_dataset_clear(&train);
    return t_done();
}
