/* place.h - from a byte of a text to its line and column, for bytes asked in rising order. */
#ifndef ERMINE_NOTE_PLACE_H
#define ERMINE_NOTE_PLACE_H

#include <ermine/status.h>

/* A place of `text`; a struct with only `text` set is its beginning once `line` is 1. */
struct er_place {
    const char *text;
    size_t at, start; /* bytes: the place, and where its line begins */
    int64_t line;     /* from 1 */
};

/* Moves to byte `at`, which is not before the present one. Cost: the bytes between. */
void er_place_move(struct er_place *place, size_t at);

/* The column of the place, in characters from 1. Cost: the bytes of the line before it. */
int64_t er_place_column(const struct er_place *place);

#endif
