/* zoo.h - a study whose results a test writes by hand, for studies that read them.
 */
#ifndef ERMINE_TESTS_SUPPORT_ZOO_H
#define ERMINE_TESTS_SUPPORT_ZOO_H

#include "experiments/experiment.h"

#include <ermine/study.h>

/* Two optimisers with keys of their own, a preset with two arguments, sizes of the training set; two seeds. */
#define ZOO_GRID                                                                                             \
    "study: zoo\n"                                                                                           \
    "data: {name: two-spirals, train: [40, 80], test: 500}\n"                                                \
    "model: [mlp 4, mlp 8, mlp 4 depth=2, mlp 8 depth=2]\n"                                                  \
    "train: [{sgd: {rate: [0.1, 0.3], momentum: [0, 0.9]}, epochs: 1}, {adam: {rate: [0.002, 0.001]}, "      \
    "epochs: 1}]\n"                                                                                          \
    "measures: [parameter_count, lambda_max]\n"                                                              \
    "seeds: 2\n"

/* A zoo with a table whose results tests fill. */
struct zoo {
    struct er_study *study;
    struct er_table table;
    struct er_source source;
};

/* Reads a study (a text that is none ends the test) and makes its table: every run ended by "epochs", numbers of results are
 * missing. Closed by zoo_close(). */
void zoo_open(struct zoo *zoo, const char *yaml);
void zoo_close(struct zoo *zoo);

/* A cell of run i, to be read or written. */
struct er_cell *zoo_cell(const struct zoo *zoo, int64_t run, const char *column);

/* What run i has at a path, as text. */
const char *zoo_word(const struct zoo *zoo, int64_t run, const char *path);

#endif
