/* Searches without gradients: they end where no step helps, close to a least-squares solution that is known; rules end
 * them; the same search on any number of threads. */
#include "t.h"

#include "minima/sampler.h"
#include "minima/trial.h"
#include "support/needed.h"
#include "support/small_net.h"

enum { REQUESTS = 4, MOST = 64 };

/* Where one search ended. */
struct end {
    float w[MOST], initial[MOST];
    int64_t tried;
    double train_error, distance;
    char outcome[16];
};

static int64_t parameters;

static enum er_status on_found(void *ctx, int64_t request, const struct er_minimum *m, struct er_error *err)
{
    struct end *end = (struct end *)ctx + request;
    (void)err;
    memcpy(end->w, m->w, (size_t)parameters * sizeof *m->w);
    memcpy(end->initial, m->initial, (size_t)parameters * sizeof *m->w);
    end->tried = m->tried;
    end->train_error = m->train_error;
    end->distance = m->distance;
    return ER_OK;
}

static enum er_status on_end(void *ctx, int64_t request, const struct er_minima_result *result,
                             struct er_error *err)
{
    struct end *end = (struct end *)ctx + request;
    (void)err;
    snprintf(end->outcome, sizeof end->outcome, "%s", result->outcome);
    return ER_OK;
}

static struct er_minimum_request request_of(const char *sampler, const struct small_net *s, uint64_t seed)
{
    struct er_minimum_request request = {
        .sampler = er_sampler_find(sampler),
        .net = s->net,
        .train = &s->set,
        .spec = er_train_spec_default(),
        .seed_initialise = seed,
        .settings = {.draws = 200000, .most = 1, .scale = 1, .radius = 1e-3}};
    request.spec.stop.train_error = request.spec.stop.train_loss = (double)NAN;
    return request;
}

static enum er_status search(const struct er_minimum_request *request, int64_t n, int threads,
                             struct end *end)
{
    struct er_pool *pool = NULL;
    const struct er_minima_events events = {.ctx = end, .found = on_found, .end = on_end};
    enum er_status status = er_pool_new(threads, &pool, NULL);
    parameters = er_net_parameters(request->net);
    if (status == ER_OK) status = er_minima_find(request, n, pool, NULL, &events, NULL);
    er_pool_free(pool);
    return status;
}

static double loss_at(const struct small_net *s, const float *w)
{
    double w64[MOST];
    for (int64_t i = 0; i < s->P; i++) w64[i] = (double)w[i];
    return network_loss(s->oracle, w64, NULL, false, s->n, s->x64, s->set.label, NULL);
}

/* Mean-squared loss of a linear net is a quadratic form without flat directions here (more examples than inputs). Where
 * pattern search ends, no step of twice the final radius along a coordinate lowers the loss; and every search ends near
 * the one minimum, so that all ends agree. Radius 2^-10 is the first below 1e-3. */
static void check_ends(const char *sampler, double near)
{
    struct small_net s;
    struct end end[REQUESTS] = {0};
    struct er_minimum_request request[REQUESTS];
    if (!small_net_open(&s, "[dense]", "mean-squared", 12, 3, 2)) return;
    for (int i = 0; i < REQUESTS; i++) request[i] = request_of(sampler, &s, (uint64_t)i);
    T_EQ_INT(search(request, REQUESTS, 2, end), ER_OK, "%s", sampler);
    double least = (double)INFINITY;
    for (int i = 0; i < REQUESTS; i++) {
        const double loss = loss_at(&s, end[i].w);
        T_EQ_STR(end[i].outcome, "radius", "%s %d ends for want of steps", sampler, i);
        T_OK(loss < loss_at(&s, end[i].initial), "and has come down");
        least = fmin(least, loss);
        int better = 0;
        for (int64_t k = 0; k < 2 * s.P; k++) {
            float w[MOST];
            memcpy(w, end[i].w, sizeof w);
            w[k / 2] += k % 2 ? 0x1p-9f : -0x1p-9f;
            better += loss_at(&s, w) < loss - 1e-7; /* losses of 0.1 are compared in float32 */
        }
        if (strcmp(sampler, "pattern") == 0) T_EQ_INT(better, 0, "no step of the last radius helps");
    }
    for (int i = 0; i < REQUESTS; i++)
        T_CLOSE(loss_at(&s, end[i].w), least, near, "%s: search %d ends where the others do", sampler, i);
    for (int threads = 1; threads <= 3; threads += 2) {
        struct end again[REQUESTS] = {0};
        T_EQ_INT(search(request, REQUESTS, threads, again), ER_OK, "%d threads", threads);
        bool same = true;
        for (int i = 0; i < REQUESTS; i++)
            same = same && again[i].tried == end[i].tried && again[i].distance == end[i].distance &&
                   memcmp(again[i].w, end[i].w, (size_t)s.P * sizeof(float)) == 0;
        T_OK(same, "%s: the same searches on %d threads", sampler, threads);
    }
    small_net_close(&s);
}

/* A rule on the error ends a search as it ends a training; so does a lack of draws, at the block that is looked at. */
static void check_rules(const char *sampler)
{
    struct small_net s;
    struct end end = {0};
    struct er_error err;
    struct er_pool *pool = needed_pool(1);
    const struct er_minima_events events = {.ctx = &end, .found = on_found, .end = on_end};
    if (!small_net_open(&s, "[dense 8, tanh, dense]", "logistic", 3, 4, 2)) return;
    struct er_minimum_request request = request_of(sampler, &s, 3);
    request.spec.stop.train_error = 0;
    T_EQ_INT(search(&request, 1, 1, &end), ER_OK, "%s", sampler);
    T_EQ_STR(end.outcome, "train_error", "%s: fits", sampler);
    T_OK(end.train_error == 0, "without a mistake");
    request.spec.stop.train_error = (double)NAN;
    request.spec.stop.train_loss = 0.05;
    T_EQ_INT(search(&request, 1, 1, &end), ER_OK, "%s", sampler);
    T_EQ_STR(end.outcome, "train_loss", "%s: a rule on the loss", sampler);
    T_OK(loss_at(&s, end.w) < 0.0501, "which holds there");
    request.spec.stop.train_loss = (double)NAN;
    request.settings.draws = 300;
    T_EQ_INT(search(&request, 1, 1, &end), ER_OK, "%s", sampler);
    T_EQ_STR(end.outcome, "draws", "%s: few draws", sampler);
    T_OK(end.tried == 300, "and no more: %d", (int)end.tried);

    /* Scaled up, weights have a lower loss and the same normalised one. */
    struct er_trial trial;
    struct er_trial_room room;
    float twice[MOST];
    T_STATUS(er_trial_new(s.net, &s.set, &trial, &err), ER_OK, "a trial");
    T_STATUS(er_trial_room_new(&trial, &room, &err), ER_OK, "its room");
    memcpy(twice, end.w, sizeof twice);
    for (int64_t i = 4 * 8 + 8; i < s.P; i++) twice[i] *= 2; /* the last layer: outputs double */
    const double a = er_trial_scale(s.net, end.w, 3), b = er_trial_scale(s.net, twice, 3);
    double squares[2] = {0};
    for (int64_t i = 0; i < 32; i++) squares[0] += pow((double)end.w[i], 2);
    for (int64_t i = 40; i < 48; i++) squares[1] += pow((double)end.w[i], 2);
    T_CLOSE(a, sqrt(squares[0]) * sqrt(squares[1]) / 9, 1e-6 * a, "the product of norms, biases left out");
    T_CLOSE(b, 2 * a, 1e-6 * a, "doubles with one layer");
    int64_t errors;
    const double once = er_trial_loss(&trial, &room, end.w, NULL, a, &errors);
    T_CLOSE(er_trial_loss(&trial, &room, twice, NULL, b, &errors), once, 1e-6, "the normalised loss stays");
    er_trial_room_clear(&room);
    er_trial_clear(&trial);

    request.settings.objective = ER_OBJECTIVE_NORMALISED;
    T_EQ_INT(search(&request, 1, 1, &end), ER_OK, "%s by the normalised loss", sampler);
    request.spec.stop.train_loss = 0.1;
    T_STATUS(er_minima_find(&request, 1, pool, NULL, &events, &err), ER_E_USAGE, "a rule on another loss");
    request.settings.objective = ER_OBJECTIVE_LOSS;
    request.settings.radius = 0;
    T_STATUS(er_minima_find(&request, 1, pool, NULL, &events, &err), ER_E_USAGE, "no radius");
    request.settings.radius = 0.5;
    T_ALLOCATIONS(er_minima_find(&request, 1, pool, NULL, &events, NULL), end.tried = 0,
                  "%s survives failed allocations", sampler);
    er_pool_free(pool);
    small_net_close(&s);
}

/* Where the loss is 0 nothing lowers it: a search halves its steps until they are too short. Greedy does after two blocks
 * of 64, pattern after a pass over 2 P steps: from 1 to 2^-4, which is below 0.1, four times. */
static void check_halving(const char *sampler, int64_t each)
{
    struct small_net s;
    int at_rest = 0;
    if (!small_net_open(&s, "[dense]", "hinge", 1, 3, 2)) return;
    for (uint64_t seed = 0; seed < 8; seed++) {
        struct end end = {0};
        struct er_minimum_request request = request_of(sampler, &s, seed);
        request.settings.scale = 1000;
        request.settings.radius = 0.1;
        T_EQ_INT(search(&request, 1, 1, &end), ER_OK, "%s", sampler);
        if (end.distance != 0) continue; /* it began with a mistake */
        T_EQ_INT(end.tried, 1 + 4 * each, "%s: its start, and four rounds", sampler);
        at_rest++;
    }
    T_OK(at_rest > 0, "%s began at rest %d times", sampler, at_rest);
    small_net_close(&s);
}

int main(void)
{
    check_halving("greedy", 2 * 64);
    check_halving("pattern", 2 * (3 + 1));
    check_ends("pattern", 1e-5);
    check_ends("greedy", 0.05);
    check_rules("pattern");
    check_rules("greedy");
    return t_done();
}
