/* Networks that a training hands out on its way: at the moments that were asked for, each once, whatever interrupts. */
#include "t.h"

#include "support/blobs.h"
#include "support/recorder.h"

#include <ermine/memory.h>
#include <string.h>

enum { N = 50, D = 5, K = 3 };

static struct er_error err;
static struct er_dataset train, test;
static struct er_net *net;

/* Seven steps an epoch, six epochs. */
static struct er_member make_member(uint64_t seed)
{
    struct er_member m = {.net = net,
                          .train = &train,
                          .test = &test,
                          .spec = er_train_spec_default(),
                          .seed_initialise = seed,
                          .seed_batches = seed};
    m.spec.optimiser.momentum = 0.9;
    m.spec.optimiser.batch = 8;
    m.spec.stop.epochs = 6;
    return m;
}

/* Networks are kept at the moments that were asked for, each once, whatever interrupts. */
static void check_kept(void)
{
    struct er_member m[2] = {make_member(4), make_member(5)};
    m[0].keep = "end init 3 6 50";
    m[1].keep = "2";
    struct recorder r = recorder_open(m, 2), plain = recorder_open(m, 2);
    T_STATUS(recorder_train(m, 2, 2, &r, 0, NULL, &err), ER_OK, "trained");
    const struct recorded *one = &r.member_record[0], *two = &r.member_record[1];
    float *w = er_alloc(one->P, sizeof *w);
    T_EQ_STR(one->moments, "init 0.0, epoch 3.21, epoch 6.42, end 6.42", "7 steps an epoch, 6 epochs");
    T_EQ_STR(two->moments, "epoch 2.14", "another member has its own");
    er_net_initialise(net, 4, w, NULL);
    T_OK(memcmp(w, one->w_init, (size_t)one->P * sizeof *w) == 0, "init is er_net_initialise()");
    T_OK(memcmp(one->w, one->w_kept, (size_t)one->P * sizeof *w) == 0, "end is where training stopped");
    er_free(w);

    struct er_member short_one = m[1];
    short_one.spec.stop.epochs = 2;
    struct recorder other = recorder_open(&short_one, 1);
    T_STATUS(recorder_train(&short_one, 1, 1, &other, 0, NULL, &err), ER_OK, "a training of two epochs");
    T_OK(memcmp(other.member_record->w, two->w_kept, (size_t)one->P * sizeof *w) == 0,
         "ends where the longer one was kept");
    recorder_close(&other);

    m[0].keep = m[1].keep = NULL;
    T_STATUS(recorder_train(m, 2, 1, &plain, 0, NULL, &err), ER_OK, "without keeping");
    T_OK(recorded_equal(one, &plain.member_record[0]) && recorded_equal(two, &plain.member_record[1]),
         "keeping changes no bit");
    recorder_close(&plain);
    recorder_close(&r);
}

static void check_kept_resumed(void)
{
    struct er_member m = make_member(4);
    m.keep = "init 3 6 end";
    struct recorder r = recorder_open(&m, 1);
    struct recorded *one = r.member_record;
    enum er_status status = ER_E_STOPPED;
    int sessions = 0;
    for (; status == ER_E_STOPPED && sessions < 100; sessions++) {
        atomic_bool stop = false;
        r.stop = &stop;
        r.stop_after = 5;
        atomic_store(&r.checkpoints, 0);
        status = recorder_train(&m, 1, 1, &r, 1e-9, &(struct er_progress){.stop = &stop}, &err);
    }
    T_STATUS(status, ER_OK, "in %d sessions", sessions);
    T_OK(sessions > 3, "interrupted every few steps");
    T_EQ_STR(one->moments, "init 0.0, epoch 3.21, epoch 6.42, end 6.42", "each moment is met once");
    recorder_close(&r);

    /* A checkpoint of a member that keeps less: what is missing is before it. */
    atomic_bool stop = false;
    m.keep = "end";
    r = recorder_open(&m, 1);
    r.stop = &stop;
    r.stop_after = 30;
    T_STATUS(recorder_train(&m, 1, 1, &r, 1e-9, &(struct er_progress){.stop = &stop}, &err), ER_E_STOPPED,
             "left in epoch 5");
    m.keep = "init 3";
    r.stop = NULL;
    T_STATUS(recorder_train(&m, 1, 1, &r, 0, NULL, &err), ER_OK, "with more to keep");
    T_EQ_STR(r.member_record->moments, "init 0.0, epoch 3.21", "it starts afresh");
    recorder_close(&r);
}

/* The first epoch, besides what is kept. */
static void check_first_epoch(void)
{
    static const char *const keep[] = {NULL, "end", "1 2"}, *const met[] = {"epoch 1.7",
                                                                            "epoch 1.7, end 6.42",
                                                                            "epoch 1.7, epoch 2.14"};
    for (int i = 0; i < 3; i++) {
        struct er_member m = make_member(4);
        m.keep = keep[i];
        m.keep_first_epoch = true;
        struct recorder r = recorder_open(&m, 1);
        T_STATUS(recorder_train(&m, 1, 1, &r, 0, NULL, &err), ER_OK, "trained");
        T_EQ_STR(r.member_record->moments, met[i], "the first epoch, once");
        recorder_close(&r);
    }
}

static void check_kept_errors(void)
{
    static const char *const wrong[] = {"start", "0", "-1", "1.5", "init, end", "init 99999999999999999999"};
    struct er_member m = make_member(1);
    struct recorder r = recorder_open(&m, 1);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        m.keep = wrong[i];
        T_STATUS(recorder_train(&m, 1, 1, &r, 0, NULL, &err), ER_E_USAGE, "keep \"%s\"", wrong[i]);
    }
    m.keep = "3";
    r.fail_keep = true;
    T_STATUS(recorder_train(&m, 1, 1, &r, 0, NULL, &err), ER_E_FULL,
             "what fails to keep a network fails the training");
    T_OK(!r.member_record->ended, "which does not end");
    recorder_close(&r);
}

int main(void)
{
    train = blobs_make(N, D, K, 0.5, 11, 0);
    test = blobs_make(N, D, K, 0.5, 11, 1);
    net = blobs_net(&train, "[dense 8, relu, dense]", "cross-entropy");
    check_kept();
    check_kept_resumed();
    check_first_epoch();
    check_kept_errors();
    er_net_free(net);
    er_dataset_clear(&train);
    er_dataset_clear(&test);
    return t_done();
}
