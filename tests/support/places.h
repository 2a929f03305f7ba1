/* places.h - where the tests look for real data: the folder ERMINE_DATA, and /usr/share/datasets; nowhere under the thread
 * sanitizer, since what threads do with generated data they do with real ones. */
#ifndef ERMINE_TESTS_SUPPORT_PLACES_H
#define ERMINE_TESTS_SUPPORT_PLACES_H

#include <ermine/data.h>

/* The places; borrowed, good until the environment changes. */
const struct er_data_places *places_here(void);

/* True when the set is there. */
bool places_have(const char *name);

#endif
