/* stability_state.c - a track as bytes: sealed head, measurements, the last eigenvector. For the same program on the same machine, as a
 * training's checkpoint. */
#include "experiments/stability_track.h"

#include "experiments/seal.h"
#include "net/net.h"

#include <ermine/memory.h>
#include <string.h>

struct head {
    char seal[ER_SEAL];
    int64_t parameters, n, steps, rises, products, had_record, found;
    double loss;
};

static size_t state_bytes(int64_t n, int64_t P)
{
    return sizeof(struct head) + (size_t)n * sizeof(struct er_stability_point) + (size_t)P * sizeof(float);
}

enum er_status er_stability_track_save(const struct er_stability_track *track, const struct er_member *member,
                                       void **out, size_t *bytes, struct er_error *err)
{
    const struct head head = {.parameters = er_net_parameters(member->net),
                              .n = track->n,
                              .steps = track->steps,
                              .rises = track->rises,
                              .products = track->products,
                              .had_record = track->had_record,
                              .found = track->found,
                              .loss = track->loss};
    const size_t points = (size_t)track->n * sizeof *track->point;
    *bytes = state_bytes(track->n, head.parameters);
    char *at = er_alloc((int64_t)*bytes, 1);
    *out = at;
    if (!at) return er_fail(err, ER_E_NOMEM, "stability: out of memory for %zu bytes of a run", *bytes);
    memcpy(at, &head, sizeof head);
    if (track->n > 0) memcpy(at + sizeof head, track->point, points);
    if (track->vector)
        memcpy(at + sizeof head + points, track->vector, (size_t)head.parameters * sizeof(float));
    er_seal_set(*out, *bytes);
    return ER_OK;
}

enum er_status er_stability_track_restore(struct er_stability_track *track, const struct er_member *member,
                                          const void *in, size_t bytes, bool *taken, struct er_error *err)
{
    const char *at = in;
    struct head head;
    *taken = false;
    if (bytes < sizeof head || !er_seal_holds(in, bytes)) return ER_OK;
    memcpy(&head, at, sizeof head);
    if (head.parameters != er_net_parameters(member->net) || head.n < 0 ||
        (size_t)head.n > bytes / sizeof *track->point || bytes != state_bytes(head.n, head.parameters))
        return ER_OK;
    const enum er_status status = er_stability_track_open(track, member, head.n, err);
    if (status != ER_OK) return status;
    const size_t points = (size_t)head.n * sizeof *track->point;
    memcpy(track->point, at + sizeof head, points);
    memcpy(track->vector, at + sizeof head + points, (size_t)head.parameters * sizeof(float));
    track->n = head.n;
    track->steps = head.steps;
    track->rises = head.rises;
    track->products = head.products;
    track->had_record = head.had_record != 0;
    track->found = head.found != 0;
    track->loss = head.loss;
    *taken = true;
    return ER_OK;
}
