/* parts.h - a split under way: its parts, and which records of their source the examples are. */
#ifndef ERMINE_DATA_PARTS_H
#define ERMINE_DATA_PARTS_H

#include <ermine/data.h>

enum { ER_PART_TRAIN, ER_PART_TEST, ER_PART_OTHERS, ER_PARTS };

struct er_parts {
    struct er_dataset set[ER_PARTS]; /* others: from where training comes from; empty unless asked for */
    int64_t *record[ER_PARTS];       /* of each example, its number in the source */
    bool one_source;                 /* all parts come from one file, whose rows the numbers count */
};

/* Room for the record numbers of one part: 0..n-1 until others are written there. ER_E_NOMEM. */
enum er_status er_parts_number(struct er_parts *parts, int which, int64_t n, struct er_error *err);

void er_parts_clear(struct er_parts *parts);

#endif
