/* forgetting_state.c - see forgetting_state.h: sealed head, curve, and of each example epoch, count and whether it is right. */
#include "experiments/forgetting_state.h"

#include "experiments/seal.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

struct head {
    char seal[ER_SEAL];
    int64_t examples, records, n;
    double seconds;
};

static size_t curve_bytes(const struct er_forgetting_course *course, int64_t n)
{
    return (size_t)(n * course->columns) * sizeof *course->curve;
}

static size_t tally_bytes(const struct er_tally *t)
{
    return (size_t)t->n * (sizeof *t->learnt + sizeof *t->events + sizeof *t->right);
}

enum er_status er_forgetting_save(const struct er_tally *tally, const struct er_forgetting_course *course,
                                  void **out, size_t *bytes, struct er_error *err)
{
    const struct head head = {
        .examples = tally->n, .records = tally->records, .n = course->n, .seconds = course->seconds};
    const size_t curve = curve_bytes(course, course->n), n = (size_t)tally->n;
    *bytes = sizeof head + curve + tally_bytes(tally);
    char *at = er_alloc((int64_t)*bytes, 1);
    *out = at;
    if (!at) return er_fail(err, ER_E_NOMEM, "forgetting: out of memory for %zu bytes of a run", *bytes);
    memcpy(at, &head, sizeof head);
    at += sizeof head;
    if (curve > 0) memcpy(at, course->curve, curve);
    memcpy(at += curve, tally->learnt, n * sizeof *tally->learnt);
    memcpy(at += n * sizeof *tally->learnt, tally->events, n * sizeof *tally->events);
    memcpy(at + n * sizeof *tally->events, tally->right, n * sizeof *tally->right);
    er_seal_set(*out, *bytes);
    return ER_OK;
}

enum er_status er_forgetting_restore(struct er_tally *tally, struct er_forgetting_course *course,
                                     const void *in, size_t bytes, bool *taken, struct er_error *err)
{
    const char *at = in;
    const size_t n = (size_t)tally->n;
    struct head head;
    *taken = false;
    if (bytes < sizeof head || !er_seal_holds(in, bytes)) return ER_OK;
    memcpy(&head, at, sizeof head);
    if (head.examples != tally->n || head.n < 0 || (size_t)head.n > bytes ||
        bytes != sizeof head + curve_bytes(course, head.n) + tally_bytes(tally))
        return ER_OK;
    const size_t curve = curve_bytes(course, head.n);
    course->curve = er_alloc(head.n * course->columns, sizeof *course->curve);
    if (!course->curve) return er_fail(err, ER_E_NOMEM, "forgetting: out of memory for a curve");
    at += sizeof head;
    if (curve > 0) memcpy(course->curve, at, curve);
    memcpy(tally->learnt, at += curve, n * sizeof *tally->learnt);
    memcpy(tally->events, at += n * sizeof *tally->learnt, n * sizeof *tally->events);
    memcpy(tally->right, at + n * sizeof *tally->events, n * sizeof *tally->right);
    tally->records = head.records;
    course->n = head.n;
    course->seconds = head.seconds;
    *taken = true;
    return ER_OK;
}

void er_forgetting_restart(struct er_tally *tally)
{
    tally->records = 0;
    for (int64_t i = 0; i < tally->n; i++) {
        tally->right[i] = false;
        tally->events[i] = 0;
        tally->learnt[i] = (double)NAN;
    }
}
