/* <ermine/random.h> - random numbers as a function of (seed, stream, counter).
 *
 * A value does not depend on who drew before it, so results do not depend on threads or on the order of runs.
 * The generator is Philox4x32-10 with key = seed and counter = (stream, counter), low words first (counter
 * words 0 and 1 are the counter, 2 and 3 the stream): each counter gives four 32-bit words. Source: Salmon,
 * Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011; the code is Random123's.
 *
 * Words, uniforms, integers and permutations are the same bits on every machine. Normals are that for one C
 * library and ISA class: their last bits come from libm's log, cos and sin (sqrt is exact), which may choose
 * another path on a processor without fused multiply-add.
 *
 * All functions: any thread, a reader by one thread at a time.
 */
#ifndef ERMINE_RANDOM_H
#define ERMINE_RANDOM_H

#include <ermine/status.h>

/* What a stream is for. The numbers are part of every stored result: never change or reuse one. */
enum er_purpose {
    ER_PURPOSE_SPLIT = 1,      /* which records form the train and the test set */
    ER_PURPOSE_LABELS = 2,     /* corruption of labels */
    ER_PURPOSE_PIXELS = 3,     /* shuffled and random pixels, Gaussian images */
    ER_PURPOSE_GENERATE = 4,   /* synthetic data */
    ER_PURPOSE_TEACHER = 5,    /* the weights of a teacher network */
    ER_PURPOSE_INITIALISE = 6, /* weights; index = layer */
    ER_PURPOSE_BATCHES = 7,    /* order of the examples; index = epoch */
    ER_PURPOSE_DROPOUT = 8,    /* what dropout drops; index = layer */
    ER_PURPOSE_PROBES = 9,     /* start and probe vectors of <ermine/spectrum.h>; index = the caller's */
    ER_PURPOSE_AUGMENT = 10,   /* windows and flips of training images; index = epoch */
    ER_PURPOSE_RECHECK = 11,   /* which stored runs are computed again */
    ER_PURPOSE_SIGNS = 20,     /* signs and labels of a Rademacher complexity; index = draw */
    ER_PURPOSE_FOLDS = 21,     /* which examples are held out */
    ER_PURPOSE_RESAMPLES = 22, /* bootstrap; index = resample */
    ER_PURPOSE_FRESH = 23,     /* noise of fresh targets, fresh examples; index = training set, repeat */
    ER_PURPOSE_NULL = 24,      /* the component that a solution's training set does not see */
    ER_PURPOSE_FEATURES = 25,  /* random features: index 0 their directions, 1 their phases */
    ER_PURPOSE_POISON = 30,    /* wrong labels of poison; index = which of the other examples */
    ER_PURPOSE_COPIES = 31, /* copies of a training set: index 2 r labels of copy r, 2 r + 1 dropped values */
    ER_PURPOSE_LANGEVIN = 32,   /* thermal noise; index = step */
    ER_PURPOSE_DIRECTIONS = 40, /* directions in weight space; index = the caller's */
    ER_PURPOSE_ALIGN = 50,      /* the order in which layers are aligned; index = sweep */
    ER_PURPOSE_PATH = 51,       /* places on a path that its bend is trained at */
    ER_PURPOSE_PRIOR = 52,      /* weights of a sampler that looks at many; index = number of the draw */
    ER_PURPOSE_MOVES = 53,      /* steps of a search without gradients; index = pass, or number of the try */
    ER_PURPOSE_GAUSSIAN_PROCESS = 54, /* of an infinitely wide network; index = sample */
    ER_PURPOSE_TRUTH = 60,            /* factors of a synthetic matrix or tensor; index = factor */
    ER_PURPOSE_PLACES = 61,           /* which entries are observed, which are held out */
    ER_PURPOSE_MEASUREMENTS = 62,     /* matrices that sense; index = which */
    ER_PURPOSE_OBSERVATIONS = 63,     /* noise of observations */
    ER_PURPOSE_FACTORS = 64,    /* factors at the beginning; index = factor, 0 of alternating least squares */
    ER_PURPOSE_VALIDATION = 65, /* observations left out to choose a parameter */
    ER_PURPOSE_PERTURBATION = 70, /* of weights, around a minimum; index = draw; 2^20: order of
                                     examples */
    ER_PURPOSE_MIXTURE = 71,      /* which examples are mixed, and how; index = the measure's */
    ER_PURPOSE_TRANSFORM = 72,    /* of images, to see whether predictions hold; index = transformation */
    ER_PURPOSE_STOCHASTIC = 73,   /* weights of a stochastic network; index = step, or draw */
    ER_PURPOSE_ASCENT = 74,       /* where climbs of the loss begin; index = restart */
    ER_PURPOSE_BASELINE = 75,     /* measures that know nothing, or the gap and noise; index = which */
    ER_PURPOSE_SUBSET = 76,       /* which training examples a measure looks at */
    ER_PURPOSE_TEST = 255         /* tests and benchmarks */
};

/** The stream of a purpose and an index below 2^48 (an epoch, a layer, an image). */
ER_API uint64_t er_stream(enum er_purpose purpose, uint64_t index);

/** The four words of one counter. Cost: about 15 ns. */
ER_API void er_random_words(uint64_t seed, uint64_t stream, uint64_t counter, uint32_t out[4]);

/** The words of counters counter, counter + 1, ... (modulo 2^64), four each: out[0..4n). The same as n calls,
 * several counters at once: 2 nanoseconds each, 8 without vectors. */
ER_API void er_random_many_words(uint64_t seed, uint64_t stream, uint64_t counter, int64_t n, uint32_t *out);

/* A reader that walks one stream from counter 0; copy it to remember a place. */
struct er_random {
    uint64_t seed, stream, counter;
    uint32_t word[4];
    int left;     /* words not yet used of the current counter */
    double spare; /* the second normal of a Box-Muller pair, when has_spare */
    int has_spare;
};

/** A reader at the start of (seed, stream). */
ER_API struct er_random er_random_open(uint64_t seed, uint64_t stream);

/** The next 32-bit word, uniform. */
ER_API uint32_t er_random_u32(struct er_random *r);

/** Uniform on [0, 1): a multiple of 2^-53 (two words). */
ER_API double er_random_uniform(struct er_random *r);

/** Uniform on {0, ..., n-1}, exactly (by rejection: Lemire, "Fast random integer generation in an interval",
 * ACM TOMACS 2019). n >= 1. Two words, and two more with a probability below n / 2^64. */
ER_API int64_t er_random_below(struct er_random *r, int64_t n);

/** Standard normal, by Box and Muller's transform in double precision; |value| < 8.6. Four words give two
 * values, the second of which is kept in the reader for the next call: other draws between the two do not
 * disturb it. Source: Box and Muller, "A note on the generation of random normal deviates", Ann. Math.
 * Statist. 1958. */
ER_API double er_random_normal(struct er_random *r);

/** A uniform permutation of 0..n-1 in out (Fisher and Yates, from the last place to the first). n >= 0. */
ER_API void er_random_permutation(struct er_random *r, int64_t n, int64_t *out);

#endif
