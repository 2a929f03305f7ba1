/* store_ask.c - see store_ask.h. */
#include "support/store_ask.h"

#include "study/database.h"

int64_t store_ask(struct er_store *store, const char *query)
{
    sqlite3_stmt *statement = NULL;
    int64_t value = -1;
    if (sqlite3_prepare_v2(store->db, query, -1, &statement, NULL) != SQLITE_OK) return -2;
    if (sqlite3_step(statement) == SQLITE_ROW) value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}
