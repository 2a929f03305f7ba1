/* path.h - what the ends and the bend count for at a place of a path. */
#ifndef ERMINE_LANDSCAPE_PATH_H
#define ERMINE_LANDSCAPE_PATH_H

#include <ermine/paths.h>

/* phi(t) = a A + bend C + b B; their sum is 1. `bend` is d phi / d C. */
struct er_path_shares {
    double a, bend, b;
};

struct er_path_shares er_path_shares(enum er_path_kind kind, double t);

#endif
