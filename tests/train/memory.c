/* Memory said beforehand is the memory that is taken; with less of it fewer members train at a time, to the
 * same bits; many nets are trained a wave at a time. */
#include "t.h"

#include "support/blobs.h"
#include "support/recorder.h"
#include "train/trainee.h"

enum { D = 40, K = 3 };

static struct er_error err;
static struct er_dataset train, test;

static struct er_member make_member(const struct er_net *net, uint64_t seed, int64_t batch)
{
    struct er_member m = {.net = net,
                          .train = &train,
                          .test = &test,
                          .spec = er_train_spec_default(),
                          .seed_initialise = seed,
                          .seed_batches = seed};
    m.spec.optimiser.momentum = 0.9;
    m.spec.optimiser.batch = batch;
    m.spec.stop.epochs = 3;
    return m;
}

static bool count_bytes(void *ctx, size_t bytes)
{
    *(size_t *)ctx += bytes;
    return true;
}

/* What is said, less the checkpoint, against what er_trainee_open() asks for. */
static void check_stated(const char *text, int64_t batch, const char *optimiser, int parts)
{
    struct er_net *net = blobs_net(&train, text, "cross-entropy");
    struct er_member m = make_member(net, 1, batch);
    struct er_plans plans = {0};
    struct er_team *team = NULL;
    struct er_trainee t = {0};
    size_t stated = 0, taken = 0;
    m.spec.optimiser.name = optimiser;
    T_STATUS(er_train_memory(&m, parts, &stated, &err), ER_OK, "%s", text);
    T_STATUS(er_trainee_plans(&m, &plans, &err), ER_OK, "plans");
    T_STATUS(er_team_new(parts, &team, &err), ER_OK, "team");
    er_alloc_set_hook(count_bytes, &taken);
    T_STATUS(er_trainee_open(&t, &m, &plans, team, &err), ER_OK, "open");
    er_alloc_set_hook(NULL, NULL);
    T_EQ_INT(stated - er_checkpoint_bytes(&t), taken, "%s, %s, batch %d, %d parts: bytes", text, optimiser,
             (int)batch, parts);
    er_trainee_clear(&t);
    er_team_free(team);
    er_plans_clear(&plans);
    er_net_free(net);
}

static enum er_status run(const struct er_member *member, int64_t n, int threads, size_t memory,
                          struct recorder *r)
{
    struct er_pool *pool = NULL;
    enum er_status status = er_pool_new(threads, &pool, &err);
    struct er_train_events events = recorder_events(r, 0);
    events.memory = memory;
    if (status == ER_OK) status = er_train(member, n, pool, NULL, &events, &err);
    er_pool_free(pool);
    return status;
}

/* Six members on three threads with memory for three, two, one, and less than one. */
static void check_limited(const struct er_net *net)
{
    enum { N = 6 };
    struct er_member member[N];
    size_t bytes = 0;
    for (int i = 0; i < N; i++) member[i] = make_member(net, (uint64_t)i, 16);
    T_STATUS(er_train_memory(&member[0], 1, &bytes, &err), ER_OK, "memory of one");
    struct recorder all = recorder_open(member, N);
    T_STATUS(run(member, N, 1, 0, &all), ER_OK, "one thread");
    for (size_t fit = 1; fit <= 3; fit++) {
        struct recorder some = recorder_open(member, N);
        T_STATUS(run(member, N, 3, fit * bytes + bytes / 2, &some), ER_OK, "memory for %zu", fit);
        for (int i = 0; i < N; i++)
            T_OK(recorded_equal(&some.member_record[i], &all.member_record[i]),
                 "member %d with memory for %zu: the same bits", i, fit);
        recorder_close(&some);
    }
    struct recorder none = recorder_open(member, N);
    T_STATUS(run(member, N, 2, bytes / 2, &none), ER_E_NOMEM, "memory for none");
    T_OK(strstr(err.msg, "MB of memory") != NULL, "both numbers are said: %s", err.msg);
    T_OK(!none.member_record[0].ended, "nothing was trained");
    recorder_close(&none);
    recorder_close(&all);
}

/* A member alone, on 1, 2 and 3 threads, gives the bits that it gives among 64; its steps are long enough to
 * be shared among threads (er_sharing_worth(): 4e6 operations). */
static void check_company(void)
{
    enum { N = 64 };
    struct er_net *net = blobs_net(&train, "[dense 500, relu, dense 70, tanh, dense]", "cross-entropy");
    struct er_member member[N];
    for (int i = 0; i < N; i++) member[i] = make_member(net, (uint64_t)i, 40);
    T_OK(er_net_gradient_flops(net) * 40 > 4e6, "a step is worth sharing");
    struct recorder all = recorder_open(member, N);
    T_STATUS(run(member, N, 2, 0, &all), ER_OK, "an ensemble of %d", N);
    for (int threads = 1; threads <= 3; threads++) {
        struct recorder alone = recorder_open(&member[17], 1);
        T_STATUS(run(&member[17], 1, threads, 0, &alone), ER_OK, "alone on %d threads", threads);
        T_OK(recorded_equal(&alone.member_record[0], &all.member_record[17]),
             "alone on %d threads: the bits that it has among %d", threads, N);
        recorder_close(&alone);
    }
    recorder_close(&all);
    er_net_free(net);
}

/* 1,200 different nets of five batch sizes each need more plans than one wave has. */
static void check_waves(void)
{
    enum { N = 1200 };
    struct er_member *member = er_alloc(N, sizeof *member);
    struct er_net **net = er_alloc(N, sizeof *net);
    if (!member || !net) {
        T_OK(false, "memory");
        return;
    }
    for (int i = 0; i < N; i++) {
        net[i] = blobs_net(&train, "[dense 2, relu, dense]", "cross-entropy");
        member[i] = make_member(net[i], (uint64_t)(i % 7), 16);
        member[i].spec.stop.epochs = 1;
    }
    struct recorder r = recorder_open(member, N);
    T_STATUS(run(member, N, 2, 0, &r), ER_OK, "%d nets", N);
    int ended = 0, equal = 0;
    for (int i = 0; i < N; i++) {
        ended += r.member_record[i].ended;
        equal += recorded_equal(&r.member_record[i], &r.member_record[i % 7]);
    }
    T_EQ_INT(ended, N, "all ended");
    T_EQ_INT(equal, N, "and equal seeds gave equal bits, whatever the wave");
    recorder_close(&r);
    for (int i = 0; i < N; i++) er_net_free(net[i]);
    er_free(net);
    er_free(member);
}

/* Where the whole set is one step, dropout drops other units of example i + chunk than of example i: with the
 * second half of the set a copy of the first, the curve is another than that of the first half alone, as it
 * is not without dropout. */
static void check_pieces(void)
{
    struct er_dataset half = blobs_make(512, D, K, 0.7, 5, 0), twice = half;
    twice.n = 1024;
    twice.x = er_alloc(twice.n * D, sizeof *twice.x);
    twice.label = er_alloc(twice.n, sizeof *twice.label);
    for (int copy = 0; copy < 2 && twice.x && twice.label; copy++) {
        memcpy(twice.x + copy * half.n * D, half.x, (size_t)(half.n * D) * sizeof *half.x);
        memcpy(twice.label + copy * half.n, half.label, (size_t)half.n * sizeof *half.label);
    }
    for (int dropout = 0; dropout < 2; dropout++) {
        struct er_net *net =
            blobs_net(&train, dropout ? "[dense 16, relu, dropout 0.5, dense]" : "[dense 16, relu, dense]",
                      "cross-entropy");
        T_EQ_INT(er_net_chunk(net), 512, "the half is one piece");
        struct er_member member[2] = {make_member(net, 1, 0), make_member(net, 1, 0)};
        for (int i = 0; i < 2; i++) {
            member[i].train = i ? &twice : &half;
            member[i].test = NULL;
            member[i].spec.optimiser.name = "gradient-descent";
        }
        struct recorder r = recorder_open(member, 2);
        T_STATUS(run(member, 2, 1, 0, &r), ER_OK, "both");
        const double a = r.member_record[0].curve[3].train_loss, b = r.member_record[1].curve[3].train_loss;
        T_OK(dropout ? fabs(a - b) > 1e-4 : fabs(a - b) < 1e-6, "dropout %d: losses %g and %g", dropout, a,
             b);
        recorder_close(&r);
        er_net_free(net);
    }
    er_dataset_clear(&half);
    er_dataset_clear(&twice);
}

/* An epoch without its rest: 90 examples in batches of 16 are 5 steps, with it 6. */
static void check_remainder(const struct er_net *net)
{
    struct er_member member[2] = {make_member(net, 1, 16), make_member(net, 1, 16)};
    member[1].spec.drop_rest = true;
    struct recorder r = recorder_open(member, 2);
    T_STATUS(run(member, 2, 1, 0, &r), ER_OK, "both");
    T_EQ_INT(r.member_record[0].steps, 3 * 6, "with the rest");
    T_EQ_INT(r.member_record[1].steps, 3 * 5, "without");
    T_EQ_INT(r.member_record[1].epochs, 3, "in as many epochs");
    recorder_close(&r);
}

/* The scratch of a part is counted for every part: a wide convolution, on four threads with memory for one
 * thread's member and a little more, is not given to four. */
static void check_parts(void)
{
    struct er_dataset images = blobs_make(40, 4 * 4 * 8, K, 0.7, 3, 0);
    images.shape = (struct er_shape){4, 4, 8};
    struct er_dataset kept_train = train, kept_test = test;
    train = images;
    test = images;
    struct er_net *net = blobs_net(&train, "[conv 128 3x3, relu, conv 128 3x3, relu, global_avg_pool, dense]",
                                   "cross-entropy");
    struct er_member m = make_member(net, 1, 40);
    size_t one = 0, four = 0;
    T_STATUS(er_train_memory(&m, 1, &one, &err), ER_OK, "one part");
    T_STATUS(er_train_memory(&m, 4, &four, &err), ER_OK, "four parts");
    T_OK(four > one + one / 4, "parts weigh here: %zu and %zu bytes", one, four);
    struct recorder alone = recorder_open(&m, 1), limited = recorder_open(&m, 1);
    T_STATUS(run(&m, 1, 1, 0, &alone), ER_OK, "one thread");
    T_STATUS(run(&m, 1, 4, one + (four - one) / 6, &limited), ER_OK, "four threads, memory for one part");
    T_OK(recorded_equal(&alone.member_record[0], &limited.member_record[0]), "the same bits");
    recorder_close(&alone);
    recorder_close(&limited);
    er_net_free(net);
    er_dataset_clear(&images);
    train = kept_train;
    test = kept_test;
}

int main(void)
{
    train = blobs_make(90, D, K, 0.7, 3, 0);
    test = blobs_make(30, D, K, 0.7, 3, 1);
    struct er_net *net = blobs_net(&train, "[dense 20, tanh, dense]", "cross-entropy");
    check_stated("[dense 20, tanh, dense]", 16, "sgd", 1);
    check_stated("[dense 20, tanh, dense]", 16, "adam", 3);
    check_stated("[dense 20, relu, add: [[dense 20, relu], identity], dense]", 0, "gradient-descent", 2);
    check_limited(net);
    check_remainder(net);
    check_company();
    check_waves();
    check_pieces();
    check_parts();
    er_net_free(net);
    er_dataset_clear(&train);
    er_dataset_clear(&test);
    return t_done();
}
