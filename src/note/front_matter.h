/* front_matter.h - the block of metadata at the head of a note (notes-syntax section 3).
 *
 * The first line is exactly `---`; the block ends at the next line that is exactly `---` or `...`. It is a
 * YAML mapping, read strictly: at most 16 KiB and 200 lines, nesting at most 4, no anchors, aliases, tags,
 * merge keys, second document or key given twice. Of its keys the program needs `title`, `description`,
 * `type`, `lang` and `robots`; the renderer knows the others. A value of the wrong type or form is ignored.
 */
#ifndef ERMINE_NOTE_FRONT_MATTER_H
#define ERMINE_NOTE_FRONT_MATTER_H

#include <ermine/note.h>

enum { ER_FRONT_MATTER_MAX_BYTES = 16 << 10, ER_FRONT_MATTER_MAX_LINES = 200, ER_FRONT_MATTER_MAX_DEPTH = 4 };

struct er_front_matter {
    size_t body;                               /* byte at which the Markdown begins */
    char *title, *description, *lang, *robots; /* er_free(); NULL: not given */
    enum er_note_view view;                    /* of `type` */
    struct er_error error; /* code ER_OK, or why the block is not metadata (the renderer says so too) */
};

/* Reads the head of a normalised text. Only ER_E_NOMEM is returned; what is wrong with the block is in
 * out->error. er_front_matter_clear() frees it. */
enum er_status er_front_matter_read(const char *text, size_t n, const char *file, struct er_front_matter *out,
                                    struct er_error *err);
void er_front_matter_clear(struct er_front_matter *front);

/* A language tag by its form (RFC 5646): parts of 1 to 8 letters and digits joined by hyphens, the first of
 * letters alone. */
bool er_language_tag(const char *text);

/* Rules for crawlers by their form, as "noindex, nofollow": letters, commas, spaces and hyphens, no more than
 * ER_ROBOTS_MAX_BYTES. */
enum { ER_ROBOTS_MAX_BYTES = 200 };
bool er_robots_rules(const char *text);

#endif
