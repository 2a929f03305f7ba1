/* block.h - the text of a fenced study, and for each of its lines the place in the note.
 *
 * A Markdown parser gives a block's lines without the marks and indentation of the lists and quotes that hold
 * it. Lines of a fenced block follow each other in the note, so one line's number gives all; columns differ
 * from line to line.
 */
#ifndef ERMINE_NOTE_BLOCK_H
#define ERMINE_NOTE_BLOCK_H

#include "core/buffer.h"
#include "note/place.h"

struct er_block {
    char *text; /* NUL-terminated */
    size_t length;
    int64_t fence;       /* line of the opening fence, from 1 */
    int64_t line, lines; /* of the text's first line, from 1; how many lines */
    int64_t *column;     /* of each line's first character; NULL: all at 1 */
};

/* A block that is being read. Zeroed: at its start. */
struct er_block_reader {
    struct er_buffer text;
    int64_t *column, lines, room;
    int64_t blanks;  /* of indentation seen in this line */
    int64_t current; /* column of this line; 0: nothing of it seen yet */
};

/* A piece of the block's text that lies at `place` in the note. */
enum er_status er_block_piece(struct er_block_reader *reader, const char *text, size_t n,
                              const struct er_place *place);

/* A piece that the parser made: indentation or the end of a line. */
enum er_status er_block_made(struct er_block_reader *reader, const char *text, size_t n);

/* The block as read; `fence` is the line of the opening fence. Leaves the reader empty. */
enum er_status er_block_finish(struct er_block_reader *reader, int64_t fence, struct er_block *out);

void er_block_reader_clear(struct er_block_reader *reader);
void er_block_clear(struct er_block *block);

#endif
