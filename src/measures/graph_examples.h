/* graph_examples.h - examples for graphs of what goes into the last layers: which they are, how they are mixed, how similar what
 * the network makes of them is.
 */
#ifndef ERMINE_MEASURES_GRAPH_EXAMPLES_H
#define ERMINE_MEASURES_GRAPH_EXAMPLES_H

#include "measures/passes.h"

/* What is taken of a node's output: all of it, or of a map the means of its channels. */
struct er_taken {
    int64_t node, positions, d;
    float *value; /* n x d */
};

struct er_graph_examples {
    struct er_measured_run *run;
    struct er_pool *own; /* of one thread, where the run has none */
    const struct er_dataset *set;
    int64_t n, K;
    int64_t *example, *other; /* n; other: what is mixed in, NULL: nothing */
    double *share;            /* n: of example */
    double *y;                /* n x K: labels as shares */
    double *s, *a, *room;     /* n x n: similarities; n x n and n: room for graphs */
    struct er_taken *taken;   /* n_taken of them */
    int64_t n_taken;
    struct er_passes *passes;
};

/* Room for `most` examples, one a class at least. What goes into the last layer with weights is looked at where they are mixed;
 * else into the last third of these layers, `least` of them at least: of a dense layer all of it, of a convolution the means of
 * the channels. ER_E_UNSUPPORTED: the net has fewer. er_graph_examples_close() frees it in any case. */
enum er_status er_graph_examples_open(struct er_measured_run *run, int64_t most, bool mixed, int64_t least,
                                      struct er_graph_examples *v, struct er_error *err);
void er_graph_examples_close(struct er_graph_examples *v);

/* Bytes of such room and a pass on one thread; 0 where the net has no layer with weights. */
double er_graph_examples_bytes(const struct er_net *net, int64_t most, bool mixed, int64_t least);

/* Equal shares of `most` training examples for all classes that there are, or what a class has; mixed with one another
 * where v was opened so, l x_i + (1 - l) x_j, j by a permutation, l ~ Beta(2, 2), and their labels likewise. Fills y and, by one
 * pass, what is taken. ER_E_UNSUPPORTED for fewer than three; errors of er_passes_run(). */
enum er_status er_graph_examples_draw(struct er_graph_examples *v, int64_t most, uint64_t draw,
                                      struct er_error *err);

/* s = the cosines of v->taken[which], whose rows are brought to length 1; of a row of zeros 0. ER_E_UNSUPPORTED where all rows are
 * the same. */
enum er_status er_graph_examples_compare(struct er_graph_examples *v, int64_t which, struct er_error *err);

#endif
