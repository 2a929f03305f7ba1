/* place.c - from a byte of a text to its line and column. */
#include "note/place.h"

#include "note/utf8.h"

#include <string.h>

void er_place_move(struct er_place *place, size_t at)
{
    if (at <= place->at) return;
    for (const char *end; (end = memchr(place->text + place->at, '\n', at - place->at));) {
        place->line++;
        place->at = place->start = (size_t)(end - place->text) + 1;
    }
    place->at = at;
}

int64_t er_place_column(const struct er_place *place)
{
    return er_utf8_count(place->text + place->start, place->at - place->start) + 1;
}
