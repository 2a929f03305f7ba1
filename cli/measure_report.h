/* measure_report.h - what `ermine measure` prints: the table of measures, what bounds guarantee, what is not defined. */
#ifndef ERMINE_CLI_MEASURE_REPORT_H
#define ERMINE_CLI_MEASURE_REPORT_H

#include <ermine/measure.h>

enum { MEASURE_WHY = 576 }; /* an error's message, and a word of advice */

/* One measure of the network. */
struct measure_row {
    const struct er_measure *measure;
    double value;          /* NaN: not defined */
    double test_error;     /* of the stochastic network that a bound is of; NaN: there is none */
    char why[MEASURE_WHY]; /* then the reason */
};

struct measure_report {
    const char *data;               /* its name */
    int64_t train, test;            /* examples */
    double train_error, test_error; /* NaN: unknown */
    const struct measure_row *row;
    int64_t rows;
};

/* On standard output: for people, or the table as JSON, a row a measure with its reason where there is no value. */
enum er_status measure_report_text(const struct measure_report *report, struct er_error *err);
enum er_status measure_report_json(const struct measure_report *report, struct er_error *err);

#endif
