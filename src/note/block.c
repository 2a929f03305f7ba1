/* block.c - the text of a fenced study, line by line as the parser hands it over. */
#include "note/block.h"

#include <ermine/memory.h>

enum er_status er_block_piece(struct er_block_reader *reader, const char *text, size_t n,
                              const struct er_place *place)
{
    if (reader->current == 0) {
        int64_t column = er_place_column(place) - reader->blanks;
        reader->current = column > 1 ? column : 1;
    }
    er_buffer_add(&reader->text, text, n);
    return reader->text.status;
}

static enum er_status end_line(struct er_block_reader *reader)
{
    if (reader->lines == reader->room) {
        int64_t room = reader->room ? 2 * reader->room : 32;
        int64_t *column = er_grow(reader->column, reader->room, room, sizeof *column);
        if (!column) return ER_E_NOMEM;
        reader->column = column;
        reader->room = room;
    }
    reader->column[reader->lines++] = reader->current > 0 ? reader->current : 1;
    reader->current = reader->blanks = 0;
    return ER_OK;
}

enum er_status er_block_made(struct er_block_reader *reader, const char *text, size_t n)
{
    er_buffer_add(&reader->text, text, n);
    if (n == 1 && text[0] == '\n') return end_line(reader);
    reader->blanks += (int64_t)n;
    return reader->text.status;
}

enum er_status er_block_finish(struct er_block_reader *reader, int64_t fence, struct er_block *out)
{
    char *text;
    size_t length = reader->text.length;
    enum er_status status = er_buffer_take(&reader->text, &text, NULL);
    if (status != ER_OK) return status;
    *out = (struct er_block){
        .text = text,
        .length = length,
        .fence = fence,
        .line = fence + 1,
        .lines = reader->lines,
        .column = reader->column,
    };
    *reader = (struct er_block_reader){0};
    return ER_OK;
}

void er_block_reader_clear(struct er_block_reader *reader)
{
    er_buffer_clear(&reader->text);
    er_free(reader->column);
    *reader = (struct er_block_reader){0};
}

void er_block_clear(struct er_block *block)
{
    er_free(block->text);
    er_free(block->column);
    *block = (struct er_block){0};
}
