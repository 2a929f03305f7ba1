/* trial.h - a net put on trial: the net with a plan and a batch, beside it the oracle of the same text, and
 * the claims that tie its readings together.
 *
 * Letters as in <ermine/net.h>: B rows, D inputs, O outputs, P parameters, S statistics. All floats that the
 * library may write stand between guards, and scratch is full of NaN before each call.
 */
#ifndef ERMINE_TESTS_SUPPORT_TRIAL_H
#define ERMINE_TESTS_SUPPORT_TRIAL_H

#include "net/plan.h"
#include "oracles/network.h"

enum { TRIAL_PARTS = 3 };

/* What is tried. */
struct trial_case {
    const char *text;
    struct er_shape in;
    int64_t classes;
    const char *loss;
    int64_t rows;
    bool training;
    uint64_t seed;
};

struct trial_block;

struct trial {
    struct trial_case is;
    char name[384]; /* of the case, for what is claimed */
    struct er_net *net;
    struct er_plan *plan;
    struct er_network network;
    int64_t B, D, O, P, S;
    float *w, *statistics, *x;
    int32_t *label;
    float scale; /* 1/B */
    struct trial_block *blocks;
    unsigned char *scratch;
    size_t scratch_bytes, scratch_used;

    struct network *oracle;        /* NULL: it does not know a layer */
    double *w2, *statistics2, *x2; /* the same numbers in double */
    double **mask;                 /* what dropout keeps */
};

/* Whether the text is a model that fits; else the status says why. */
enum er_status trial_fits(const struct trial_case *c);

/* Opens a case; false, and a failed claim, when it cannot. Close it in any case. Parameters are moved away
 * from where they start, so that biases and gains are not 0 and 1. */
bool trial_open(struct trial *t, const struct trial_case *c);

/* Claims that guards, parameters and inputs are as they were, and frees all. */
void trial_close(struct trial *t);

/* n floats, NaN, between guards; freed by trial_close(). */
float *trial_floats(struct trial *t, int64_t n);
double *trial_doubles(struct trial *t, int64_t n);

/* Normal numbers of a stream. */
float *trial_normal(struct trial *t, int64_t n, uint64_t stream);

/* Scratch for a call, full of NaN and not a byte larger than asked for. */
void *trial_scratch(struct trial *t, int parts, bool tangents);

/* A call of everything that is the same in all: plan, network, x, labels, scale, scratch. */
struct er_plan_call trial_call(struct trial *t, struct er_team *team, bool tangents);

double *trial_widened(struct trial *t, int64_t n, const float *v);

/* The largest |got - want| is at most `tolerance` times the largest |want| (or 0.05, if that is more). */
void trial_claim_close(const struct trial *t, const char *what, int64_t n, const float *got,
                       const double *want, double tolerance);
void trial_claim_same_bits(const struct trial *t, const char *what, int64_t n, const float *got,
                           const float *want);

double trial_dot(int64_t n, const float *a, const float *b);

/* The claims. Each stands for itself. */
void trial_check_oracle(struct trial *t);      /* every reading is the oracle's */
void trial_check_identities(struct trial *t);  /* adjoints, symmetry, what calls give together and alone */
void trial_check_differences(struct trial *t); /* the gradient and Hv are differences of our own loss */
void trial_check_rows(struct trial *t);        /* rows alone and together, NaN in one of them */
void trial_check_parts(struct trial *t);       /* threads, pieces, and plans used again: the same bits */

/* All but the last of them; with differences also where the oracle knows the net. Differences are of numbers, which are the
 * same under a sanitizer, by calls that the other claims make too: none there. */
void trial_check(const struct trial_case *c, bool differences);

/* The last, on as many rows as several threads share. */
void trial_check_many_rows(const struct trial_case *c);

/* How many of the comparisons with differences had a smooth stretch to look at. */
extern int64_t trial_smooth, trial_kinked;

#endif
