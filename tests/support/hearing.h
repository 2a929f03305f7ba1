/* hearing.h - what requests for minima said, and checkpoints from which they go on.
 */
#ifndef ERMINE_TESTS_SUPPORT_HEARING_H
#define ERMINE_TESTS_SUPPORT_HEARING_H

#include <ermine/minima.h>
#include <stdatomic.h>

enum { MOST = 4, STOP_AFTER = 40 };

/* What a request said. */
struct said {
    int found, ended, misnumbered;
    int64_t tried;
    double sum; /* of the numbers of all minima */
    char outcome[32];
    struct er_minimum minimum; /* its numbers */
    float *w;
    unsigned char *state, *given; /* the newest checkpoint; the one that it began with */
    size_t bytes, given_bytes;
};

struct hearing {
    const struct er_minimum_request *request;
    struct said said[MOST];
    atomic_bool *stop; /* set at every STOP_AFTER-th checkpoint; NULL: never */
    atomic_int checkpoints;
};

/* Answers requests; those that have ended are not asked again, others go on from their newest checkpoint. */
enum er_status hearing_find(const struct er_minimum_request *request, int64_t n, int threads,
                            double checkpoint_seconds, struct hearing *h, struct er_error *err);
void hearing_clear(struct hearing *h);

/* The same last weights, to the bit, and the same outcome. */
bool hearing_same(const struct said *a, const struct said *b, const struct er_net *net);

#endif
