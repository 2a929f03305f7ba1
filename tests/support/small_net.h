/* small_net.h - a net with random weights and a random data set, the same in float and in double. */
#ifndef ERMINE_TESTS_SUPPORT_SMALL_NET_H
#define ERMINE_TESTS_SUPPORT_SMALL_NET_H

#include "oracles/network.h"

#include <ermine/net.h>

struct small_net {
    struct er_model *model;
    struct er_net *net;
    struct er_network network;
    struct er_dataset set;
    struct network *oracle;
    int64_t n, D, O, P;
    float *w, *statistics;
    double *w64, *statistics64, *x64;
};

/* Binds `text` to inputs 1 x 1 x inputs; normal x, uniform labels, initial weights plus normal noise of 0.1,
 * statistics of 0.5 to 1. Evaluation. False, with a failed test, when that does not go. Close it in any case.
 */
bool small_net_open(struct small_net *s, const char *text, const char *loss, int64_t n, int64_t inputs,
                    int64_t classes);
void small_net_close(struct small_net *s);

/* count normal numbers of a stream of its own, in float and in double (NULL: not). */
void small_net_draw(uint64_t stream, int64_t count, float *v, double *v64);

/* The largest |got - want| over the largest |want|; NaN if a NaN is among them. */
double small_net_error(int64_t count, const float *got, const double *want);

#endif
