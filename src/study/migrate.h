/* migrate.h - the tables of a store, by version. */
#ifndef ERMINE_STUDY_MIGRATE_H
#define ERMINE_STUDY_MIGRATE_H

#include <ermine/store.h>

enum {
    ER_STORE_VERSION = 2,
    ER_STORE_APPLICATION = 0x45524d4e /* "ERMN", SQLite's application_id */
};

/* Brings the open database to ER_STORE_VERSION in one transaction, or (read only) checks that it is there.
 * ER_E_INPUT: a newer version, or an older one that may not be written; ER_E_IO: not a store. */
enum er_status er_store_migrate(struct er_store *store, struct er_error *err);

#endif
