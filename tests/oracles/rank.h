/* rank.h - criteria of rankings by going through all pairs: the oracle of src/rank. */
#ifndef ERMINE_TESTS_ORACLES_RANK_H
#define ERMINE_TESTS_ORACLES_RANK_H

#include <stdint.h>

enum { RANK_AXES = 8 };

/* n points on axes; level of point i on axis a is level[i * axes + a]. */
struct rank_points {
    int64_t n;
    int axes;
    const int32_t *level;
    const double *gap, *measure;
    const int32_t *copies; /* of each point; NULL: 1. Copies of one point are not compared */
};

/* tau-a and tau-b over all pairs. */
void rank_tau(const struct rank_points *p, double tau[2]);

/* psi of axis a: sums over lines of pairs, each pair weighing copies / (pairs of the line); NaN without pairs. */
double rank_psi(const struct rank_points *p, int a);

/* I(V_mu; V_g | U_S) / H(V_g | U_S) in S = {a, b}, -1 for none; a tied pair is half greater, half smaller. */
double rank_cmi(const struct rank_points *p, int a, int b);

/* 100 times the score of one task, after the description of the organisers' program; each copy is paired with itself. */
double rank_pgdl(const struct rank_points *p);

/* The sign errors of environments: pairs of configurations (groups of points with equal levels) that differ on axis a alone, in
 * any order, whose effective number of pairs is at least `least`. Their number; at most `room` in out. */
int64_t rank_sign_errors(const struct rank_points *p, int a, int64_t test_size, double least, int64_t room,
                         double *out);

#endif
