/* key_rows.h - rows of an experiment's own keys, as its table writes them: maps, and values that are part of a run's
 * key. Included by the file that holds the table, and by no header.
 */
#ifndef ERMINE_EXPERIMENTS_KEY_ROWS_H
#define ERMINE_EXPERIMENTS_KEY_ROWS_H

#include <ermine/schema.h>

#define MAP(path, group, help)                                                                               \
    {                                                                                                        \
        path, "", 0, 0, group, "", help, ER_SCHEMA_MAP, false                                                \
    }
#define CHOICE(path, choices, fallback, help)                                                                \
    {                                                                                                        \
        path, "", 0, 0, choices, fallback, help, ER_SCHEMA_CHOICE, true                                      \
    }
#define REAL(path, unit, min, max, fallback, help)                                                           \
    {                                                                                                        \
        path, unit, min, max, NULL, fallback, help, ER_SCHEMA_REAL, true                                     \
    }
#define INTEGER(path, unit, min, max, fallback, help)                                                        \
    {                                                                                                        \
        path, unit, min, max, NULL, fallback, help, ER_SCHEMA_INTEGER, true                                  \
    }
#define BOOL(path, fallback, help)                                                                           \
    {                                                                                                        \
        path, "", 0, 1, NULL, fallback, help, ER_SCHEMA_BOOL, true                                           \
    }

#endif
