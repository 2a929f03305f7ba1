/* store_ask.h - one number asked of a store's database. */
#ifndef ERMINE_TESTS_SUPPORT_STORE_ASK_H
#define ERMINE_TESTS_SUPPORT_STORE_ASK_H

#include <ermine/store.h>

/* The first column of the first row; -1 when there is no row, -2 when the query is wrong. Also runs
 * statements that give no rows. */
int64_t store_ask(struct er_store *store, const char *query);

#endif
