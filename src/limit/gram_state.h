/* gram_state.h - a mapped file of marked tiles, one process at a time.
 *
 *     "ERGRAM01" | text length | tiles | doubles of a tile | text | marks (8 bytes a tile) | tiles
 *
 * Marks and tiles begin at multiples of 4096 bytes, all numbers are this machine's. A mark is the checksum of its tile, never
 * 0; 0: not there. The magic is written last: a file that begins with zeros was interrupted while it was made.
 */
#ifndef ERMINE_LIMIT_GRAM_STATE_H
#define ERMINE_LIMIT_GRAM_STATE_H

#include <ermine/status.h>
#include <stdatomic.h>
#include <stdbool.h>

struct er_gram_state {
    char *path;
    int fd;
    unsigned char *map;
    size_t bytes;
    int64_t tiles, tile_doubles;
    _Atomic uint64_t *mark; /* tiles */
    double *tile;           /* tiles x tile_doubles */
};

/* Bytes of a file for such a text. */
double er_gram_state_bytes(size_t text, double tiles, double tile_doubles);

/* Opens or makes the file of that text; marks of tiles that do not hold are 0 afterwards. Errors as er_gram_file_open(). On
 * failure nothing is open. `text`: lines "KEY VALUE". */
enum er_status er_gram_state_open(struct er_gram_state *state, const char *path, const char *text,
                                  int64_t tiles, int64_t tile_doubles, bool anew, struct er_error *err);
void er_gram_state_close(struct er_gram_state *state, bool remove);

/* Where a tile is. */
static inline double *er_gram_state_tile(const struct er_gram_state *state, int64_t t)
{
    return state->tile + t * state->tile_doubles;
}

static inline bool er_gram_state_has(const struct er_gram_state *state, int64_t t)
{
    return atomic_load_explicit(&state->mark[t], memory_order_acquire) != 0;
}

/* The tile is written: marks it. Any thread. */
void er_gram_state_mark(struct er_gram_state *state, int64_t t);

#endif
