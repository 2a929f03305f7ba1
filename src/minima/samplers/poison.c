/* poison.c - the sampler `poison`: training on S and on K further examples with wrong labels.
 *
 *     minimise  sum over S of loss(f(x_i), y_i)  +  sum over i < K of loss(f(x'_i), y'_i)
 *     y'_i = (true label + 1 + u_i) mod C,  u_i uniform on {0, ..., C - 2}
 *
 * x' are others of the source of S, which are in neither S nor T; u_i is a function of (seed_poison, i), so that a
 * smaller K has the beginning of the poison of a larger one. The rule that stops training looks at the loss and
 * error over both. What is found is right on S, and misled wherever it was not told: an interpolating minimum, and
 * a bad one. K = 0 is the sampler `sgd`, to the bit.
 *
 * Sources: Wu, Zhu and E, "Towards understanding generalization of deep learning: perspective of loss landscapes",
 * 2017; Huang, Emam, Goldblum, Fowl, Terry, Huang and Goldstein, "Understanding generalization through
 * visualizations", 2019, where the poison of each step is drawn anew; here it is drawn once.
 */
#include "data/dataset.h"
#include "minima/trained.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <string.h>

/* S with its poison behind, as much as any request on this S asks for: those that ask for less take the beginning. */
struct poisoned {
    const struct er_dataset *train, *others;
    uint64_t seed;
    int64_t poison;
    struct er_dataset set;
};

static bool same_source(const struct poisoned *p, const struct er_minimum_request *r)
{
    return p->train == r->train && p->others == r->others && p->seed == r->settings.seed_poison;
}

/* The place of a request's set, behind the last when it is new. */
static int64_t place_of(const struct poisoned *list, int64_t n, const struct er_minimum_request *request)
{
    int64_t i = 0;
    while (i < n && !same_source(&list[i], request)) i++;
    return i;
}

static void copy_values(int64_t n, int64_t each, const float *from, float *to)
{
    if (from && to) memcpy(to, from, (size_t)(n * each) * sizeof *to);
}

static enum er_status make(struct poisoned *p, struct er_error *err)
{
    const int64_t n = p->train->n, K = p->poison, C = p->train->classes;
    const int64_t d = er_shape_size(p->train->shape), channels = p->train->shape.channels;
    struct er_dataset *set = &p->set;
    enum er_status status = er_dataset_new(n + K, p->train->shape, C, set, err);
    if (status != ER_OK) return status;
    if (p->train->zero) {
        set->zero = er_alloc((n + K) * channels, sizeof *set->zero);
        if (!set->zero) return er_fail(err, ER_E_NOMEM, "poison: out of memory for its examples");
        copy_values(n, channels, p->train->zero, set->zero);
        copy_values(K, channels, p->others->zero, set->zero + n * channels);
    }
    copy_values(n, d, p->train->x, set->x);
    copy_values(K, d, p->others->x, set->x + n * d);
    memcpy(set->label, p->train->label, (size_t)n * sizeof *set->label);
    for (int64_t i = 0; i < K; i++) {
        struct er_random r = er_random_open(p->seed, er_stream(ER_PURPOSE_POISON, (uint64_t)i));
        set->label[n + i] = (int32_t)((p->others->label[i] + 1 + er_random_below(&r, C - 1)) % C);
    }
    return ER_OK;
}

static enum er_status check(const struct er_minimum_request *request, struct er_error *err)
{
    const int64_t K = request->settings.poison, others = request->others ? request->others->n : 0;
    if (K >= 0 && K <= others) return ER_OK;
    return er_fail(err, ER_E_USAGE, "poison is %lld, and must be from 0 to the %lld others that there are",
                   (long long)K, (long long)others);
}

/* What a sampling needs. */
struct poisoning {
    struct poisoned *list; /* `sets` of them */
    int64_t sets;
    struct er_member *member;  /* one a request */
    struct er_dataset *learnt; /* likewise: views of the sets */
};

/* Which sets there are to make, and how large. */
static void gather(const struct er_sampling *sampling, struct poisoning *p)
{
    for (int64_t i = 0; i < sampling->n; i++) {
        const struct er_minimum_request *request = &sampling->request[sampling->which[i]];
        if (request->settings.poison == 0) continue;
        const int64_t place = place_of(p->list, p->sets, request);
        struct poisoned *set = &p->list[place];
        if (place == p->sets)
            p->list[p->sets++] = (struct poisoned){
                .train = request->train, .others = request->others, .seed = request->settings.seed_poison};
        if (set->poison < request->settings.poison) set->poison = request->settings.poison;
    }
}

static enum er_status train(const struct er_sampling *sampling, struct poisoning *p, struct er_error *err)
{
    enum er_status status = ER_OK;
    gather(sampling, p);
    for (int64_t i = 0; i < p->sets && status == ER_OK; i++) status = make(&p->list[i], err);
    if (status != ER_OK) return status;
    for (int64_t i = 0; i < sampling->n; i++) {
        const struct er_minimum_request *request = &sampling->request[sampling->which[i]];
        p->member[i] = er_minimum_member(request);
        if (request->settings.poison == 0) continue;
        p->learnt[i] = p->list[place_of(p->list, p->sets, request)].set;
        p->learnt[i].n = request->train->n + request->settings.poison;
        p->member[i].train = &p->learnt[i];
    }
    return er_minima_train(sampling, p->member, err);
}

static enum er_status find(const struct er_sampling *sampling, struct er_error *err)
{
    struct poisoning p = {.list = er_alloc(sampling->n, sizeof *p.list),
                          .member = er_alloc(sampling->n, sizeof *p.member),
                          .learnt = er_alloc(sampling->n, sizeof *p.learnt)};
    const bool room = p.list && p.member && p.learnt;
    const enum er_status status =
        room ? train(sampling, &p, err)
             : er_fail(err, ER_E_NOMEM, "poison: out of memory for %lld requests", (long long)sampling->n);
    for (int64_t i = 0; i < p.sets; i++) er_dataset_clear(&p.list[i].set);
    er_free(p.list);
    er_free(p.member);
    er_free(p.learnt);
    return status;
}

const struct er_sampler er_sampler_poison = {
    .info = {.name = "poison",
             .help = "training on further examples with wrong labels beside the training set: bad minima",
             .source = "Wu, Zhu and E, 2017; Huang et al., 2019",
             .trains = true},
    .check = check,
    .find = find,
};
