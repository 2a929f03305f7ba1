/* words.h - columns and numbers in words that a reader knows.
 */
#ifndef ERMINE_NOTE_WORDS_H
#define ERMINE_NOTE_WORDS_H

#include "core/buffer.h"

#include <ermine/table.h>

/* The name of a column without its unit: "train_loss" -> "training loss", "data.labels.corrupt" -> "corrupted
 * labels". A column that is not in the list is its last part with blanks for underscores. */
void er_words_column(struct er_buffer *out, const char *column);

/* The same with the unit in brackets where the words do not name it already. */
void er_words_title(struct er_buffer *out, const struct er_table_column *column);

/* True for a share of 1, which is written in per cent. */
bool er_words_fraction(const char *column);

/* A number for reading: whole numbers as they are, others to `digits` significant digits; as per cent when
 * `fraction`. */
void er_words_number(struct er_buffer *out, double value, int digits, bool fraction);

#endif
