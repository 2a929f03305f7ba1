/* The ensemble trainer: equal to a training written out in double, the same bits on any number of threads,
 * alone or in company, interrupted or not; every rule stops where it says. */
#include "t.h"

#include "oracles/mlp.h"
#include "support/blobs.h"
#include "support/recorder.h"

#include <ermine/random.h>

enum { N = 50, D = 5, K = 3 };

static struct er_error err;
static struct er_dataset train, test;
static struct er_net *net;

static struct er_member make_member(uint64_t seed)
{
    struct er_member m = {.net = net,
                          .train = &train,
                          .test = &test,
                          .spec = er_train_spec_default(),
                          .seed_initialise = seed,
                          .seed_batches = seed};
    m.spec.optimiser.momentum = 0.9;
    m.spec.optimiser.rate = 0.05;
    m.spec.optimiser.batch = 8;
    m.spec.stop.epochs = 6;
    return m;
}

static double errors_of(const double *f, int64_t n, const int32_t *label)
{
    int64_t wrong = 0;
    for (int64_t e = 0; e < n; e++) {
        bool right = true;
        for (int64_t k = 0; k < K; k++)
            right = right && (k == label[e] || f[e * K + label[e]] > f[e * K + k]);
        wrong += !right;
    }
    return (double)wrong;
}

/* Five epochs of SGD with momentum, written out: gradients by differences in double, the order of the
 * examples by the documented stream. */
static void check_against_oracle(void)
{
    struct er_net *small = blobs_net(&train, "[dense 4, tanh, dense]", "cross-entropy");
    struct er_member m = make_member(7);
    m.net = small;
    m.spec.stop.epochs = 5;
    m.spec.schedule = (struct er_schedule){.kind = ER_SCHEDULE_STEP, .factor = 0.5, .every = 2};
    struct recorder r = recorder_open(&m, 1);
    T_STATUS(recorder_train(&m, 1, 1, &r, 0, NULL, &err), ER_OK, "training");

    const struct mlp oracle = {
        .layers = 2, .width = {D, 4, K}, .activation = "tanh", .loss = "cross-entropy"};
    const int64_t P = mlp_parameters(&oracle);
    double *w = er_alloc(P, sizeof *w), *v = er_alloc(P, sizeof *v), *g = er_alloc(P, sizeof *g);
    float *w0 = er_alloc(P, sizeof *w0);
    er_net_initialise(small, 7, w0, NULL);
    for (int64_t i = 0; i < P; i++) w[i] = (double)w0[i];
    T_CLOSE(r.member_record[0].curve[0].train_loss, mlp_loss(&oracle, w, N, train.x, train.label, NULL), 1e-6,
            "at the start");
    for (int epoch = 0; epoch < 5; epoch++) {
        int64_t order[N];
        struct er_random random = er_random_open(7, er_stream(ER_PURPOSE_BATCHES, (uint64_t)epoch));
        er_random_permutation(&random, N, order);
        for (int64_t first = 0; first < N; first += 8) {
            const int64_t rows = N - first < 8 ? N - first : 8;
            float x[8 * D];
            int32_t label[8];
            for (int64_t b = 0; b < rows; b++) {
                memcpy(x + b * D, train.x + order[first + b] * D, D * sizeof *x);
                label[b] = train.label[order[first + b]];
            }
            for (int64_t i = 0; i < P; i++) g[i] = mlp_slope(&oracle, w, i, 1e-6, rows, x, label);
            for (int64_t i = 0; i < P; i++) {
                v[i] = 0.9 * v[i] + g[i];
                w[i] -= 0.05 * pow(0.5, epoch / 2) * v[i];
            }
        }
        const struct er_curve_point *p = &r.member_record[0].curve[epoch + 1];
        T_CLOSE(p->train_loss, mlp_loss(&oracle, w, N, train.x, train.label, NULL), 2e-5,
                "loss after epoch %d", epoch + 1);
        T_CLOSE(p->test_loss, mlp_loss(&oracle, w, N, test.x, test.label, NULL), 2e-5,
                "test loss after epoch %d", epoch + 1);
        T_EQ_INT(p->step, 7 * (epoch + 1), "steps: 50 examples in batches of 8 make 7");
    }
    T_EQ_INT(r.member_record[0].reason, ER_STOP_EPOCHS, "all epochs were done");
    for (int64_t i = 0; i < P; i++) T_CLOSE(r.member_record[0].w[i], w[i], 5e-5, "w[%d]", (int)i);
    er_free(w);
    er_free(v);
    er_free(g);
    er_free(w0);
    recorder_close(&r);
    er_net_free(small);
}

/* Members that differ in everything that may differ. */
enum { MEMBERS = 16 };
static void make_mixed(struct er_member member[MEMBERS], struct er_net *other, struct er_net *normed)
{
    for (int i = 0; i < MEMBERS; i++) {
        member[i] = make_member((uint64_t)i / 2);
        if (i % 3 == 1) member[i].net = other;
        member[i].spec.optimiser.batch = 4 + i;
        if (i == 4) {
            member[i].spec.optimiser.name = "gradient-descent";
            member[i].spec.optimiser.batch = 0;
        }
        if (i == 5) {
            member[i].spec.optimiser = er_train_spec_default().optimiser;
            member[i].spec.optimiser.name = "adam";
            member[i].spec.optimiser.rate = 0.01;
        }
        if (i == 6) member[i].spec.stop.steps = 17;
        if (i == 7) member[i].spec.early = 3;
        if (i == 8)
            member[i].spec.schedule = (struct er_schedule){.kind = ER_SCHEDULE_COSINE, .warm_up = 2.5};
        if (i == 9) {
            member[i].spec.schedule =
                (struct er_schedule){.kind = ER_SCHEDULE_COSINE, .floor = 0.1, .warm_up = 1};
            member[i].spec.stop.steps = 19;
        }
        if (i == 10) { /* stops by what a checkpoint must remember: the best loss and its epoch */
            member[i].spec.optimiser.rate = 1.2;
            member[i].spec.stop.epochs = 60;
            member[i].spec.stop.plateau = 2;
        }
        if (i == 11) member[i].seed_batches = 77;
        if (i >= 12) member[i].net = normed; /* running moments, and masks of every step */
        if (i == 13) {
            member[i].spec.optimiser = member[4].spec.optimiser;
            member[i].spec.optimiser.rate = 0.2;
        }
        if (i >= 14) { /* two gradients a step: of a batch, of all examples */
            member[i].spec.optimiser.name = "sam";
            member[i].spec.optimiser.rho = 0.3;
            if (i == 15) member[i].spec.optimiser.batch = 0;
        }
    }
}

/* A checkpoint of another member, or one with any bit turned, is not used: the member starts afresh and ends
 * the same. */
static void check_foreign_state(const struct er_member *member, const struct recorder *one,
                                const struct recorder *broken)
{
    struct er_member other = member[2];
    other.spec.optimiser.rate *= 2;
    const struct recorded *own = &broken->member_record[2], *foreign = &broken->member_record[0];
    const struct recorded *given[] = {own, foreign, own, own, own, own};
    const size_t turned[] = {0, 0, 3, 100, own->bytes / 2, own->bytes - 1};
    for (int i = 0; i < 6; i++) {
        const struct er_member *who = i == 0 ? &other : &member[2];
        struct recorder fresh = recorder_open(who, 1), again = recorder_open(who, 1);
        fresh.member_record[0].bytes = given[i]->bytes;
        fresh.member_record[0].state = er_alloc((int64_t)given[i]->bytes, 1);
        memcpy(fresh.member_record[0].state, given[i]->state, given[i]->bytes);
        if (i > 1) fresh.member_record[0].state[turned[i]] ^= 1;
        T_STATUS(recorder_train(who, 1, 1, &fresh, 0, NULL, &err), ER_OK, "state %d", i);
        T_STATUS(recorder_train(who, 1, 1, &again, 0, NULL, &err), ER_OK, "from the start");
        T_OK(recorded_equal(&fresh.member_record[0], &again.member_record[0]), "state %d changes nothing", i);
        if (i > 0) T_OK(recorded_equal(&fresh.member_record[0], &one->member_record[2]), "as uninterrupted");
        recorder_close(&fresh);
        recorder_close(&again);
    }
}

/* Sets of more than one chunk: records over all of them, and the gradient of all examples at once, by the
 * oracle. */
static void check_chunks(void)
{
    enum { LARGE = 2 * 512 + 37 };
    struct er_dataset many = blobs_make(LARGE, D, K, 0.8, 5, 0),
                      more = blobs_make(LARGE - 30, D, K, 0.8, 5, 1);
    struct er_net *small = blobs_net(&train, "[dense 4, tanh, dense]", "cross-entropy");
    struct er_member m = make_member(3);
    m.net = small;
    m.train = &many;
    m.test = &more;
    m.spec.optimiser = er_train_spec_default().optimiser;
    m.spec.optimiser.name = "gradient-descent";
    m.spec.optimiser.rate = 0.5;
    m.spec.optimiser.batch = 0;
    m.spec.stop.epochs = 3;
    struct recorder r = recorder_open(&m, 1);
    T_STATUS(recorder_train(&m, 1, 1, &r, 0, NULL, &err), ER_OK, "gradient descent");
    const struct mlp oracle = {
        .layers = 2, .width = {D, 4, K}, .activation = "tanh", .loss = "cross-entropy"};
    const int64_t P = mlp_parameters(&oracle);
    double *w = er_alloc(P, sizeof *w), *g = er_alloc(P, sizeof *g),
           *f = er_alloc((int64_t)LARGE * K, sizeof *f);
    float *w0 = er_alloc(P, sizeof *w0);
    er_net_initialise(small, 3, w0, NULL);
    for (int64_t i = 0; i < P; i++) w[i] = (double)w0[i];
    for (int step = 0; step <= 3; step++) {
        const struct er_curve_point *p = &r.member_record[0].curve[step];
        T_CLOSE(p->train_loss, mlp_loss(&oracle, w, LARGE, many.x, many.label, f), 1e-5,
                "training loss, step %d", step);
        T_CLOSE(p->train_error * LARGE, errors_of(f, LARGE, many.label), 1e-6, "training error, step %d",
                step);
        T_CLOSE(p->test_loss, mlp_loss(&oracle, w, more.n, more.x, more.label, f), 1e-5, "test loss, step %d",
                step);
        T_CLOSE(p->test_error * (double)more.n, errors_of(f, more.n, more.label), 1e-6, "test error, step %d",
                step);
        for (int64_t i = 0; i < P; i++) g[i] = mlp_slope(&oracle, w, i, 1e-6, LARGE, many.x, many.label);
        for (int64_t i = 0; i < P; i++) w[i] -= 0.5 * g[i];
    }
    er_free(w);
    er_free(g);
    er_free(f);
    er_free(w0);
    recorder_close(&r);
    er_net_free(small);
    er_dataset_clear(&many);
    er_dataset_clear(&more);
}

/* The rate of every step is in the curve: warm-up, then cosine over what the steps leave. */
static void check_rates(void)
{
    struct er_member m = make_member(1);
    struct recorder r;
    m.spec.stop.epochs = 100;
    m.spec.stop.steps = 35; /* 5 epochs of 7 steps */
    m.spec.schedule = (struct er_schedule){.kind = ER_SCHEDULE_COSINE, .warm_up = 2};
    r = recorder_open(&m, 1);
    T_STATUS(recorder_train(&m, 1, 1, &r, 0, NULL, &err), ER_OK, "warm-up and cosine");
    for (int epoch = 1; epoch <= 5; epoch++) { /* at the last step of each epoch, 7 epoch - 1 from 0 */
        const double e = (7.0 * epoch - 1) / 7,
                     factor = e < 2 ? fmin((e + 1.0 / 7) / 2, 1) : (1 + cos(acos(-1) * (e - 2) / 3)) / 2;
        T_CLOSE(r.member_record[0].curve[epoch].learning_rate, 0.05 * factor, 1e-15,
                "rate at the end of epoch %d", epoch);
    }
    recorder_close(&r);
}

static void check_bits(void)
{
    struct er_net *other = blobs_net(&train, "[dense 11, relu, dense 6, erf, dense]", "mean-squared");
    struct er_member member[MEMBERS];
    struct er_net *normed =
        blobs_net(&train, "[dense 40, batch_norm, relu, dropout 0.2, dense 5, layer_norm, gain, dense]",
                  "cross-entropy");
    make_mixed(member, other, normed);
    struct recorder one = recorder_open(member, MEMBERS);
    T_STATUS(recorder_train(member, MEMBERS, 1, &one, 0, NULL, &err), ER_OK, "one thread");
    for (int threads = 2; threads <= 3; threads++) {
        struct recorder many = recorder_open(member, MEMBERS);
        T_STATUS(recorder_train(member, MEMBERS, threads, &many, 0, NULL, &err), ER_OK, "%d threads",
                 threads);
        for (int i = 0; i < MEMBERS; i++)
            T_OK(recorded_equal(&one.member_record[i], &many.member_record[i]), "member %d on %d threads", i,
                 threads);
        recorder_close(&many);
    }
    for (int i = 0; i < MEMBERS; i++) {
        for (int threads = 1; threads <= 3; threads++) {
            struct recorder alone = recorder_open(&member[i], 1);
            T_STATUS(recorder_train(&member[i], 1, threads, &alone, 0, NULL, &err), ER_OK, "alone");
            T_OK(recorded_equal(&one.member_record[i], &alone.member_record[0]),
                 "member %d alone, %d threads", i, threads);
            recorder_close(&alone);
        }
    }
    T_OK(!recorded_equal(&one.member_record[0], &one.member_record[2]), "other seeds, other results");

    /* stopped again and again, after every few checkpoints (one after each step), and taken up again */
    struct recorder broken = recorder_open(member, MEMBERS);
    enum er_status status = ER_E_STOPPED;
    int stops = 0;
    for (; status == ER_E_STOPPED && stops < 1000; stops++) {
        atomic_bool stop = false;
        const struct er_progress progress = {.stop = &stop};
        broken.stop = &stop;
        broken.stop_after = 13;
        atomic_store(&broken.checkpoints, 0);
        status = recorder_train(member, MEMBERS, 1 + stops % 3, &broken, 1e-12, &progress, &err);
    }
    T_EQ_INT(status, ER_OK, "ends at last: %s", err.msg);
    T_OK(stops > 10, "it was interrupted: %d times", stops);
    for (int i = 0; i < MEMBERS; i++)
        T_OK(recorded_equal(&one.member_record[i], &broken.member_record[i]), "member %d after interruptions",
             i);

    T_EQ_INT(one.member_record[10].reason, ER_STOP_PLATEAU, "one member stopped on a plateau");
    check_foreign_state(member, &one, &broken);
    recorder_close(&broken);
    recorder_close(&one);
    er_net_free(other);
    er_net_free(normed);
}

/* What a record says of a net with batch normalisation is measured by its running moments, not by those of
 * the set that it is measured on: the last records are those of a network with the weights and moments that
 * came out. Training lowers the loss all the same. */
static void check_evaluation(void)
{
    struct er_net *normed = blobs_net(&train, "[dense 16, batch_norm, relu, dense]", "cross-entropy");
    struct er_member m = make_member(4);
    struct er_plan *plan = NULL;
    m.net = normed;
    m.spec.stop.epochs = 20;
    struct recorder r = recorder_open(&m, 1);
    T_STATUS(recorder_train(&m, 1, 1, &r, 0, NULL, &err), ER_OK, "batch_norm");
    const struct recorded *got = &r.member_record[0];
    const struct er_curve_point *first = &got->curve[0], *last = &got->curve[got->n_curve - 1];
    T_OK(last->train_loss < 0.5 * first->train_loss, "the training loss falls: %g to %g", first->train_loss,
         last->train_loss);
    T_OK(last->test_loss < 0.7 * first->test_loss, "so does the test loss: %g to %g", first->test_loss,
         last->test_loss);
    T_EQ_INT(got->S, 32, "running moments of 16 channels");
    T_STATUS(er_plan_new(normed, N, &plan, &err), ER_OK, "plan");
    void *scratch = er_alloc((int64_t)er_plan_scratch_bytes(plan), 1);
    double loss[2];
    for (int training = 0; training < 2; training++) {
        const struct er_network network = {.w = got->w, .statistics = got->statistics, .training = training};
        int64_t errors;
        er_plan_loss(plan, &network, train.x, train.label, &loss[training], &errors, scratch);
    }
    T_CLOSE(last->train_loss, loss[0] / N, 1e-6, "measured by the running moments");
    T_OK(fabs(loss[1] - loss[0]) / N > 1e-3, "which are not those of the set: loss %g, not %g", loss[0] / N,
         loss[1] / N);
    er_free(scratch);
    er_plan_free(plan);
    recorder_close(&r);
    er_net_free(normed);
}

static struct recorded one_run(const struct er_member *m, struct recorder *r)
{
    *r = recorder_open(m, 1);
    T_STATUS(recorder_train(m, 1, 1, r, 0, NULL, &err), ER_OK, "a run");
    return r->member_record[0];
}

static void check_rules(void)
{
    struct recorder r;
    struct er_member m = make_member(1);
    m.spec.stop.epochs = 300;
    m.spec.stop.train_error = 0;
    struct recorded got = one_run(&m, &r);
    T_EQ_INT(got.reason, ER_STOP_TRAIN_ERROR, "training error 0 is reached");
    T_OK(got.curve[got.n_curve - 1].train_error == 0 && got.curve[got.n_curve - 2].train_error > 0,
         "at its first epoch");
    T_EQ_INT(got.epochs, got.n_curve - 1, "one record an epoch and one before");
    recorder_close(&r);

    m.spec.stop.train_error = NAN;
    m.spec.stop.train_loss = 0.05;
    got = one_run(&m, &r);
    T_EQ_INT(got.reason, ER_STOP_TRAIN_LOSS, "the loss is reached");
    T_OK(got.curve[got.n_curve - 1].train_loss <= 0.05 && got.curve[got.n_curve - 2].train_loss > 0.05,
         "and not before");
    recorder_close(&r);

    m = make_member(1);
    m.spec.stop.steps = 10;
    m.spec.early = 1;
    got = one_run(&m, &r);
    T_EQ_INT(got.reason, ER_STOP_STEPS, "steps");
    T_EQ_INT(got.steps, 10, "exactly so many");
    T_EQ_INT(got.n_curve, 4, "records: start, middle of epoch 1, its end, the last step");
    T_EQ_INT(got.curve[1].step, 4, "the middle of 7 steps");
    T_CLOSE(got.curve[3].epoch, 10.0 / 7, 1e-15, "a record within an epoch");
    recorder_close(&r);

    m = make_member(1);
    m.spec.every = 4;
    m.spec.stop.epochs = 10;
    got = one_run(&m, &r);
    T_EQ_INT(got.n_curve, 4, "records at 0, 4, 8 and the end");
    T_CLOSE(got.curve[3].epoch, 10, 0, "the end");
    recorder_close(&r);

    m = make_member(1);
    m.spec.optimiser.rate = 1e-9;
    m.spec.stop.epochs = 100;
    m.spec.stop.plateau = 5;
    got = one_run(&m, &r);
    T_EQ_INT(got.reason, ER_STOP_PLATEAU, "a rate of 1e-9 learns nothing");
    T_EQ_INT(got.epochs, 6, "the first epoch is the best, five more are waited for");
    recorder_close(&r);

    m = make_member(1);
    m.spec.stop.epochs = 1000000000;
    m.spec.stop.seconds = 0.05;
    got = one_run(&m, &r);
    T_EQ_INT(got.reason, ER_STOP_SECONDS, "time");
    T_EQ_INT(got.steps % 7, 0, "at the end of an epoch");
    recorder_close(&r);

    struct er_net *squared = blobs_net(&train, "[dense 20, identity, dense]", "mean-squared");
    m = make_member(1);
    m.net = squared;
    m.spec.optimiser.rate = 1e3;
    m.spec.stop.epochs = 100;
    got = one_run(&m, &r);
    T_EQ_INT(got.reason, ER_STOP_DIVERGED, "a rate of 1000 diverges");
    T_OK(strstr(got.cause, "became") && strstr(got.cause, "at step"), "with its cause: %s", got.cause);
    T_OK(got.steps < 100 && got.curve[got.n_curve - 1].step == got.steps, "and its step");
    recorder_close(&r);
    er_net_free(squared);

    /* the last word before the end is "stop": everything has ended, so nothing was stopped */
    atomic_bool stop = false;
    m = make_member(1);
    r = recorder_open(&m, 1);
    r.stop = &stop;
    r.stop_at_end = true;
    const struct er_progress progress = {.stop = &stop};
    T_STATUS(recorder_train(&m, 1, 1, &r, 0, &progress, &err), ER_OK,
             "asked to stop after the last member's end");
    T_OK(atomic_load(&stop) && r.member_record[0].ended, "it was asked, and it had ended");
    recorder_close(&r);

    /* infinite inputs: the loss is not finite before the first step */
    struct er_dataset broken = blobs_make(N, D, K, 0.5, 11, 0);
    broken.x[7] = INFINITY;
    m = make_member(1);
    m.train = &broken;
    got = one_run(&m, &r);
    T_EQ_INT(got.reason, ER_STOP_DIVERGED, "an infinite input");
    T_EQ_INT(got.steps, 0, "is seen before the first step: %s", got.cause);
    recorder_close(&r);
    er_dataset_clear(&broken);

    /* seeds of weights and of batches vary apart */
    struct er_member same = make_member(1), batches = same, weights = same;
    batches.seed_batches = 2;
    weights.seed_initialise = 2;
    struct recorder rs, rb, rw;
    const struct recorded s = one_run(&same, &rs), b = one_run(&batches, &rb), w = one_run(&weights, &rw);
    T_OK(s.curve[0].train_loss == b.curve[0].train_loss && s.curve[1].train_loss != b.curve[1].train_loss,
         "batches alone");
    T_OK(s.curve[0].train_loss != w.curve[0].train_loss, "weights");
    recorder_close(&rs);
    recorder_close(&rb);
    recorder_close(&rw);
}

/* The last record alone looks at the test set: nothing else changes. */
static void check_test_last(void)
{
    struct er_member every = make_member(1);
    every.spec.stop.epochs = 300;
    every.spec.stop.train_error = 0;
    struct er_member last = every, left = every;
    last.spec.test_last = left.spec.test_last = true;
    left.spec.stop = (struct er_stop){.train_error = NAN, .train_loss = NAN, .epochs = 9, .steps = 17};
    struct recorder re, rl, rs;
    const struct recorded e = one_run(&every, &re), l = one_run(&last, &rl), s = one_run(&left, &rs);
    T_EQ_INT(l.n_curve, e.n_curve, "as many records");
    for (int64_t i = 0; i < l.n_curve; i++) {
        const struct er_curve_point *p = &l.curve[i], *q = &e.curve[i];
        const bool end = i + 1 == l.n_curve;
        T_OK(p->train_loss == q->train_loss && p->train_error == q->train_error, "record %d", (int)i);
        T_OK(end ? p->test_loss == q->test_loss && p->test_error == q->test_error
                 : isnan(p->test_loss) && isnan(p->test_error),
             "test of record %d", (int)i);
    }
    T_EQ_INT(s.steps, 17, "a limit of steps ends it within an epoch");
    T_OK(isfinite(s.curve[s.n_curve - 1].test_loss) && isnan(s.curve[s.n_curve - 2].test_loss),
         "and the record there is the last");
    recorder_close(&re);
    recorder_close(&rl);
    recorder_close(&rs);
}

static void check_errors(void)
{
    struct recorder r;
    struct er_member m = make_member(1);
    r = recorder_open(&m, 1);
    m.spec.optimiser.rate = 0;
    T_STATUS(recorder_train(&m, 1, 1, &r, 0, NULL, &err), ER_E_USAGE, "a rate of 0");
    T_OK(strstr(err.msg, "member 0: rate is 0"), "%s", err.msg);
    m = make_member(1);
    m.spec.optimiser.nesterov = true;
    m.spec.optimiser.momentum = 0;
    T_STATUS(recorder_train(&m, 1, 1, &r, 0, NULL, &err), ER_E_USAGE, "Nesterov without momentum");
    m = make_member(1);
    m.spec.optimiser.name = "sdg";
    T_STATUS(recorder_train(&m, 1, 1, &r, 0, NULL, &err), ER_E_NOT_FOUND, "an unknown optimiser");
    m = make_member(1);
    struct er_dataset narrow = blobs_make(4, D - 1, K, 1, 1, 0);
    m.train = &narrow;
    T_STATUS(recorder_train(&m, 1, 1, &r, 0, NULL, &err), ER_E_SHAPE, "data of another width");
    er_dataset_clear(&narrow);
    m = make_member(1);
    struct er_dataset classes = blobs_make(20, D, K + 2, 1, 1, 0);
    m.train = &classes;
    T_STATUS(recorder_train(&m, 1, 1, &r, 0, NULL, &err), ER_E_SHAPE, "data of more classes");
    m = make_member(1);
    classes.classes = K;
    m.test = &classes;
    T_STATUS(recorder_train(&m, 1, 1, &r, 0, NULL, &err), ER_E_INPUT, "a label outside of the classes");
    T_OK(strstr(err.msg, "member 0: example 3 has label 3, outside of 0 to 2") != NULL, "%s", err.msg);
    er_dataset_clear(&classes);
    m = make_member(1);
    m.spec.optimiser.name = "adam";
    m.spec.optimiser.epsilon = 1e-60;
    T_STATUS(recorder_train(&m, 1, 1, &r, 0, NULL, &err), ER_E_USAGE, "an epsilon that is 0 in float");
    m.spec.optimiser.epsilon = 1e-8;
    m.spec.optimiser.beta2 = 1 - 1e-10;
    T_STATUS(recorder_train(&m, 1, 1, &r, 0, NULL, &err), ER_E_USAGE, "a beta2 that is 1 in float");
    m = make_member(1);
    r.fail_end = true;
    T_STATUS(recorder_train(&m, 1, 2, &r, 0, NULL, &err), ER_E_IO, "an event's error is returned");
    T_EQ_STR(err.msg, "the disk is gone", "with its message");
    recorder_close(&r);
    T_STATUS(recorder_train(NULL, 0, 2, &r, 0, NULL, &err), ER_OK, "no members");

    m = make_member(1);
    m.spec.stop.epochs = 1;
    r = recorder_open(&m, 1);
    struct er_pool *pool;
    T_STATUS(er_pool_new(1, &pool, &err), ER_OK, "pool");
    const struct er_train_events events = recorder_events(&r, 1e-12);
    T_ALLOCATIONS(er_train(&m, 1, pool, NULL, &events, &err), (void)0,
                  "every allocation of a training may fail");
    er_pool_free(pool);
    recorder_close(&r);
}

int main(void)
{
    train = blobs_make(N, D, K, 0.5, 11, 0);
    test = blobs_make(N, D, K, 0.5, 11, 1);
    net = blobs_net(&train, "[dense 8, relu, dense]", "cross-entropy");
    check_against_oracle();
    check_chunks();
    check_rates();
    check_bits();
    check_evaluation();
    check_rules();
    check_test_last();
    check_errors();
    er_net_free(net);
    er_dataset_clear(&train);
    er_dataset_clear(&test);
    return t_done();
}
