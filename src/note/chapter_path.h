/* chapter_path.h - which address in a book is a chapter, which one of a picture lies beside a note,
 * and the paths of their files. */
#ifndef ERMINE_NOTE_CHAPTER_PATH_H
#define ERMINE_NOTE_CHAPTER_PATH_H

#include "core/buffer.h"

enum er_address {
    ER_ADDRESS_REFUSED,   /* a scheme other than http, https and mailto, or another host without a scheme */
    ER_ADDRESS_ELSEWHERE, /* http, https, mailto */
    ER_ADDRESS_BESIDE,    /* relative, and no chapter */
    ER_ADDRESS_CHAPTER,   /* relative, and its path ends in .md */
    ER_ADDRESS_OUTSIDE    /* the same, leading out of the folder */
};

/* What an address is; of a chapter, *path gets the path appended: percent-decoded, without fragment, "." and ".."
 * resolved. */
enum er_address er_chapter_path(const char *address, struct er_buffer *path);

/* The same of a picture: ER_ADDRESS_BESIDE with its path, ER_ADDRESS_OUTSIDE also when it begins with "/" or no file can
 * have it. */
enum er_address er_picture_path(const char *address, struct er_buffer *path);

/* Appends the address of a file at path `to` for a page of a file at path `from`, both from one folder and resolved: the
 * folders up, then down; percent-encoded as CommonMark renderers write it. */
void er_chapter_address(const char *from, const char *to, struct er_buffer *out);

#endif
