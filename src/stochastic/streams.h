/* streams.h - which random numbers of a stochastic network are for what. */
#ifndef ERMINE_STOCHASTIC_STREAMS_H
#define ERMINE_STOCHASTIC_STREAMS_H

#include <ermine/random.h>

/* Parts of the purpose STOCHASTIC: 2^44 indices each. */
enum er_stochastic_part {
    ER_NOISE,    /* of the networks of steps; index = step */
    ER_ORDER,    /* of the examples; index = epoch */
    ER_DRAWS,    /* networks of a certificate; index = draw */
    ER_EXAMPLES, /* that these are tried on; index = draw */
    ER_SEARCH    /* networks by which a posterior is chosen; index = draw */
};

static inline uint64_t er_stochastic_stream(enum er_stochastic_part part, uint64_t index)
{
    return er_stream(ER_PURPOSE_STOCHASTIC, ((uint64_t)part << 44) + index);
}

#endif
