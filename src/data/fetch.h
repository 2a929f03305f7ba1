/* fetch.h - er_data_fetch() for any set and any patience, for the tests. */
#ifndef ERMINE_DATA_FETCH_H
#define ERMINE_DATA_FETCH_H

#include "data/catalogue.h"

/* As er_data_fetch(); `stall_s` seconds without a byte are ER_E_NETWORK. */
enum er_status er_set_fetch(const struct er_set *set, const char *cache, const char *base, int stall_s,
                            const struct er_progress *progress, struct er_error *err);

#endif
