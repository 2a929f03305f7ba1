/* forgetting_tally.h - what becomes of each training example along a training.
 *
 * At every record the network is asked for its outputs on the training set. An example is right when the output of its label,
 * the one that it is trained on, is above all others. It is
 *
 *     learnt       at the first record where it is right
 *     forgotten    once for every record where it is wrong and was right at the record before
 *     clean        its label is the true one;  noisy: it was replaced by another
 *
 * Initial weights are no record. Source: Toneva, Sordoni, Tachet des Combes, Trischler, Bengio and Gordon, "An empirical
 * study of example forgetting during deep neural network learning", ICLR 2019, where an example is looked at in the batches that it
 * is in, once an epoch, and not in evaluation at the end of one.
 */
#ifndef ERMINE_EXPERIMENTS_FORGETTING_TALLY_H
#define ERMINE_EXPERIMENTS_FORGETTING_TALLY_H

#include <ermine/status.h>
#include <stdbool.h>

struct er_tally {
    int64_t n, outputs;           /* outputs: 1 tells two classes apart by its sign */
    const int32_t *label, *truth; /* n each, borrowed: trained on; true */
    int64_t noisy;                /* how many differ */
    int64_t records;
    bool *right;     /* at the last record */
    int64_t *events; /* how often it was forgotten */
    double *learnt;  /* epoch of that; NaN: never */
};

/* Freed by er_tally_clear(). ER_E_NOMEM. */
enum er_status er_tally_new(int64_t n, int64_t outputs, const int32_t *label, const int32_t *truth,
                            struct er_tally *out, struct er_error *err);
void er_tally_clear(struct er_tally *tally);

/* Shares at one record; NaN where there are no such examples. */
struct er_tally_record {
    double clean_fit, noisy_fit; /* of the clean, of the noisy examples that are right */
    double noisy_true;           /* of the noisy ones, whose true label has the largest output */
    double margin;               /* least of er_minimum_row_margin() */
};

/* Takes a record's outputs, n x outputs, row-major. */
struct er_tally_record er_tally_add(struct er_tally *tally, double epoch, const float *output);

/* Of the clean examples, and of the noisy ones: means over examples. NaN where there are none. */
struct er_tally_summary {
    double learnt;          /* epoch, over those that were learnt */
    double forgotten;       /* times */
    double never_forgotten; /* share that was learnt, and was not forgotten */
};
struct er_tally_summary er_tally_sum(const struct er_tally *tally, bool noisy);

#endif
