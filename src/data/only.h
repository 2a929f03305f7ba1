/* only.h - the classes of a source that are kept (er_data_spec.only).
 */
#ifndef ERMINE_DATA_ONLY_H
#define ERMINE_DATA_ONLY_H

#include <ermine/data.h>

enum { ER_ONLY_CLASSES = 10000 }; /* a source whose classes can be chosen from has at most as many */

struct er_only {
    int64_t n;                      /* classes kept; 0: all of them */
    int16_t place[ER_ONLY_CLASSES]; /* of a class among those kept, -1: left out; set when n > 0 */
};

/* Reads "3 8" (NULL: all classes) against a source of so many classes. ER_E_USAGE: fewer than two, one that
 * the source (named in the message) has not, or not rising. */
enum er_status er_only_read(const char *only, const char *source, int64_t classes, struct er_only *out,
                            struct er_error *err);

/* The label of a record that is not kept becomes -1; gives the number of those that are. */
int64_t er_only_leave_out(const struct er_only *only, int64_t n, int32_t *label);

/* How many classes "3 8" keeps of K. */
int64_t er_only_classes(const char *only, int64_t classes);

/* Renumbers the labels of a set of kept records from 0, in the order of their classes. */
void er_only_labels(const struct er_only *only, struct er_dataset *set);

#endif
