/* map_table.h - the numbers of a map as a table.
 */
#ifndef ERMINE_NOTE_MAP_TABLE_H
#define ERMINE_NOTE_MAP_TABLE_H

#include "note/figure.h"

/* Rows of what is shown, at all values of the slider. */
int64_t er_map_rows(const struct er_drawing *drawing);

/* As er_drawing_table(): all that is marked, and one in so many of the cells of each plane, for `most` rows about. Words
 * are the drawing's: it stays for as long as the table. */
enum er_status er_map_table(const struct er_drawing *drawing, int64_t most, struct er_table *out,
                            const char *const **title, struct er_error *err);

#endif
