/* choose.c - random, first, stratified and balanced choice of records.
 *
 * Stratified quotas: n_c of the n records are of class c, and a part of size k has the share s_c = k n_c / n. It takes
 * floor(s_c) of each class, and the places left go one each to the classes with the largest s_c - floor(s_c),
 * of equal ones the lower class first. So a quota is within one of its share. Only when earlier parts left
 * too few of a class does its place go to another.
 */
#include "data/choose.h"

#include <ermine/memory.h>
#include <ermine/random.h>

struct plan {
    int64_t *order;     /* n records; those taken become -1 */
    int64_t *count;     /* classes: n_c */
    int64_t *left;      /* classes: not yet taken */
    int64_t *quota;     /* classes: what the current part still takes */
    int64_t *remainder; /* classes: n (s_c - floor(s_c)), -1 when its place is given; balanced: -quota */
    int64_t n;          /* records that may be chosen */
};

static void plan_clear(struct plan *p)
{
    er_free(p->order);
    er_free(p->count);
    er_free(p->left);
    er_free(p->quota);
    er_free(p->remainder);
}

static bool has_quotas(const struct er_choice *choice)
{
    return choice->stratify || choice->balance;
}

/* The class of a record, -1 when it is not to be chosen; 0 where records have none. */
static int32_t class_of(const struct er_choice *choice, int64_t record)
{
    return choice->label ? choice->label[record] : 0;
}

static enum er_status plan_new(const struct er_choice *choice, struct plan *p, struct er_error *err)
{
    const int64_t classes = has_quotas(choice) ? choice->classes : 0;
    *p = (struct plan){.order = er_alloc(choice->n, sizeof *p->order),
                       .count = er_alloc(classes, sizeof *p->count),
                       .left = er_alloc(classes, sizeof *p->left),
                       .quota = er_alloc(classes, sizeof *p->quota),
                       .remainder = er_alloc(classes, sizeof *p->remainder)};
    if (!p->order || !p->count || !p->left || !p->quota || !p->remainder) {
        plan_clear(p);
        return er_fail(err, ER_E_NOMEM, "out of memory while choosing records");
    }
    if (choice->first) {
        for (int64_t i = 0; i < choice->n; i++) p->order[i] = i;
    } else {
        struct er_random r = er_random_open(choice->seed, choice->stream);
        er_random_permutation(&r, choice->n, p->order);
    }
    for (int64_t i = 0; i < choice->n; i++) {
        const int32_t c = class_of(choice, i);
        if (c < 0) continue;
        p->n++;
        if (classes == 0) continue;
        p->count[c]++;
        p->left[c]++;
    }
    return ER_OK;
}

/* The class that gets the next place: the largest remainder among those with records left for it; when all of
 * them have had one, any with records left. */
static int64_t next_place(const struct plan *p, int64_t classes)
{
    int64_t best = -1;
    for (int64_t c = 0; c < classes; c++) {
        if (p->quota[c] >= p->left[c]) continue;
        if (best < 0 || p->remainder[c] > p->remainder[best]) best = c;
    }
    return best;
}

static void stratified_quota(struct plan *p, int64_t c, int64_t size)
{
    __extension__ const __int128 share = (__int128)size * p->count[c];
    p->quota[c] = (int64_t)(share / p->n);
    p->remainder[c] = (int64_t)(share % p->n);
}

static void balanced_quota(struct plan *p, int64_t c, int64_t each)
{
    p->quota[c] = each < p->left[c] ? each : p->left[c];
    p->remainder[c] = -p->quota[c];
}

static void set_quotas(struct plan *p, const struct er_choice *choice, int64_t size)
{
    int64_t places = size, present = 0;
    for (int64_t c = 0; c < choice->classes; c++) present += p->count[c] > 0;
    for (int64_t c = 0; c < choice->classes; c++) {
        if (choice->balance)
            balanced_quota(p, c, present > 0 ? size / present : 0);
        else
            stratified_quota(p, c, size);
        places -= p->quota[c];
    }
    for (; places > 0; places--) {
        const int64_t c = next_place(p, choice->classes);
        p->quota[c]++;
        p->remainder[c] = choice->balance ? -p->quota[c] : -1;
    }
}

enum er_status er_choose(const struct er_choice *choice, int parts, const int64_t size[], int64_t *out,
                         struct er_error *err)
{
    struct plan p;
    enum er_status status = plan_new(choice, &p, err);
    if (status != ER_OK) return status;
    for (int part = 0; part < parts; part++) {
        const bool quotas = has_quotas(choice) && part < parts - choice->as_they_come;
        if (quotas) set_quotas(&p, choice, size[part]);
        int64_t taken = 0;
        for (int64_t i = 0; i < choice->n && taken < size[part]; i++) {
            const int64_t record = p.order[i];
            const int32_t c = record < 0 ? -1 : class_of(choice, record);
            if (c < 0) continue;
            if (quotas) {
                if (p.quota[c] == 0) continue;
                p.quota[c]--;
                p.left[c]--;
            }
            out[taken++] = record;
            p.order[i] = -1;
        }
        out += taken;
    }
    plan_clear(&p);
    return ER_OK;
}
