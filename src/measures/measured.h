/* measured.h - a run as its measures see it. */
#ifndef ERMINE_MEASURES_MEASURED_H
#define ERMINE_MEASURES_MEASURED_H

#include <ermine/measure.h>

/* What is kept of it is computed on demand. */
struct er_measured_run {
    struct er_measured is;
    struct er_pool *pool;
};

#endif
