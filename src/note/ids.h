/* ids.h - the ids of a page: made from headings and names, each given once.
 *
 * A heading's id is its text in lower case, with every character that is not a letter, mark, number, "_", "-"
 * or blank taken out and each blank made "-"; empty: "section". A repeat gets -1, -2, ... and never meets an
 * id given before.
 */
#ifndef ERMINE_NOTE_IDS_H
#define ERMINE_NOTE_IDS_H

#include <ermine/status.h>

struct er_ids;

enum er_status er_ids_new(struct er_ids **out, struct er_error *err);
void er_ids_free(struct er_ids *ids);

/* The id of a text (n bytes of valid UTF-8), owned by `ids`. ER_E_NOMEM. Cost: linear in the text on average.
 */
enum er_status er_ids_give(struct er_ids *ids, const char *text, size_t n, const char **id,
                           struct er_error *err);

#endif
