/* pictures.c - the pictures of a note that lie beside it, for its page. */
#include "note/pictures.h"

#include "core/file.h"
#include "note/chapter_path.h"
#include "note/markdown.h"

#include <errno.h>
#include <inttypes.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

/* Bytes of an address: what is longer is data, or no file's. A short text may refer to a long one often, so that of those
 * that md4c makes anew each time only so many bytes are read. */
enum { LONGEST = 1024, MOST_MADE = 4 << 20 };

struct picture {
    char *address;
    size_t at; /* byte of the note; of an address with escapes or references: near it, before */
};

struct finder {
    struct er_markdown note;
    struct picture *picture; /* room for ER_NOTE_MAX_PICTURES */
    int64_t n;
    size_t made; /* bytes of addresses that md4c made */
    bool more;   /* than there is room for, the first at `beyond` */
    size_t beyond;
    bool no_memory;
};

/* --- which there are */

static size_t side(const char *text)
{
    const size_t n = strspn(text, "0123456789");
    return n > 0 && text[n] == '%' ? n + 1 : n;
}

/* The size of a picture, ![alt](address =40x30), is no Markdown that md4c knows: it gets blanks. */
static void blank_sizes(char *text)
{
    for (char *at = text; (at = strchr(at, '=')); at++) {
        if (at == text || (at[-1] != ' ' && at[-1] != '\n')) continue;
        size_t n = 1 + side(at + 1);
        if (at[n] != 'x') continue;
        n += 1 + side(at + n + 1);
        if (at[n + strspn(at + n, " \n")] == ')') memset(at, ' ', n);
    }
}

static int stop(struct finder *f)
{
    f->no_memory = true;
    return ER_MARKDOWN_STOP;
}

static bool is_known(const struct finder *f, const char *address)
{
    for (int64_t i = 0; i < f->n; i++)
        if (strcmp(f->picture[i].address, address) == 0) return true;
    return false;
}

/* Again the same bytes of the note, by reference. */
static bool is_again(const struct finder *f, size_t at)
{
    for (int64_t i = 0; i < f->n; i++)
        if (f->picture[i].at == at) return true;
    return false;
}

static int too_many(struct finder *f, size_t at)
{
    f->more = true;
    f->beyond = at;
    return ER_MARKDOWN_STOP;
}

static bool is_beside(const char *address)
{
    struct er_buffer path = {0};
    const enum er_address what = er_picture_path(address, &path);
    er_buffer_clear(&path);
    return address[0] && what != ER_ADDRESS_REFUSED && what != ER_ADDRESS_ELSEWHERE;
}

static int keep(struct finder *f, const MD_ATTRIBUTE *source)
{
    struct er_buffer address = {0};
    if (source->size > LONGEST) return 0;
    const char *own = er_markdown_own(&f->note, source->text, source->size);
    const char *after = f->note.text + f->note.seen; /* what was seen before, and its end */
    const size_t at = own ? (size_t)(own - f->note.text) : f->note.seen + (size_t)strspn(after, " \t\n)>\"'");
    if (own && is_again(f, at)) return 0;
    if (!own) f->made += source->size;
    if (f->made > MOST_MADE) return too_many(f, at);
    er_markdown_attribute(source, &address);
    char *text = NULL;
    if (er_buffer_take(&address, &text, NULL) != ER_OK) return stop(f);
    if (is_known(f, text) || !is_beside(text)) {
        er_free(text);
    } else if (f->n == ER_NOTE_MAX_PICTURES) {
        er_free(text);
        return too_many(f, at);
    } else {
        f->picture[f->n++] = (struct picture){text, at};
    }
    return 0;
}

/* --- md4c's callbacks */

static int block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
    (void)type;
    (void)detail;
    (void)ctx;
    return 0;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    return type == MD_SPAN_IMG ? keep(ctx, &((const MD_SPAN_IMG_DETAIL *)detail)->src) : 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *ctx)
{
    (void)type;
    (void)detail;
    (void)ctx;
    return 0;
}

static int take_text(MD_TEXTTYPE type, const char *text, MD_SIZE size, void *ctx)
{
    (void)type;
    er_markdown_own(&((struct finder *)ctx)->note, text, size);
    return 0;
}

static void find(struct finder *f, const struct er_note *note)
{
    static const MD_PARSER parser = {
        .flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_LATEXMATHSPANS,
        .enter_block = block,
        .leave_block = block,
        .enter_span = enter_span,
        .leave_span = leave_span,
        .text = take_text,
    };
    char *text = er_strdup(note->text);
    f->picture = er_alloc(ER_NOTE_MAX_PICTURES, sizeof *f->picture);
    if (text && f->picture) {
        blank_sizes(text);
        f->note = (struct er_markdown){
            .text = text, .body = note->front.body, .n = note->length, .file = note->file};
        if (er_markdown_read(&f->note, &parser, f, NULL) != ER_OK) f->no_memory = true;
    } else {
        f->no_memory = true;
    }
    er_free(text);
}

/* --- what they are */

static const char *kind_of(const unsigned char *front, size_t n)
{
    static const struct {
        const char *kind, *bytes;
        size_t n;
    } known[] = {{"png", "\x89PNG\r\n\x1a\n", 8},
                 {"jpeg", "\xff\xd8\xff", 3},
                 {"gif", "GIF87a", 6},
                 {"gif", "GIF89a", 6}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (n >= known[i].n && memcmp(front, known[i].bytes, known[i].n) == 0) return known[i].kind;
    return n >= 12 && memcmp(front, "RIFF", 4) == 0 && memcmp(front + 8, "WEBP", 4) == 0 ? "webp" : NULL;
}

static json_t *data_uri(const char *kind, const char *bytes, size_t n)
{
    const size_t room = sodium_base64_encoded_len(n, sodium_base64_VARIANT_ORIGINAL);
    struct er_buffer uri = {0};
    char *text = er_alloc((int64_t)room, 1);
    if (!text) return NULL;
    sodium_bin2base64(text, room, (const unsigned char *)bytes, n, sodium_base64_VARIANT_ORIGINAL);
    er_buffer_format(&uri, "data:image/%s;base64,", kind);
    er_buffer_text(&uri, text);
    er_free(text);
    json_t *value = uri.status == ER_OK ? json_string(uri.data) : NULL;
    er_buffer_clear(&uri);
    return value;
}

struct reader {
    const struct er_note *note;
    const struct picture *picture;
    size_t total; /* bytes of the pictures so far */
    struct er_error *err;
};

static enum er_status refuse(const struct reader *r, const char *why)
{
    struct er_place place = {.text = r->note->text, .line = 1};
    er_place_move(&place, r->picture->at);
    return er_fail_at(r->err, ER_E_INPUT, r->note->file, place.line, 0, "the picture \"%.200s\" %s",
                      r->picture->address, why);
}

static enum er_status refuse_file(const struct reader *r, const char *path)
{
    struct stat st;
    char why[160];
    const int error = stat(path, &st) == 0 ? 0 : errno;
    if (error == 0 && !S_ISREG(st.st_mode)) return refuse(r, "is not a regular file");
    if (error == ENOENT || error == ENOTDIR) return refuse(r, "is not there");
    if (error == 0 || strerror_r(error, why, sizeof why) != 0) return refuse(r, "cannot be read");
    return refuse(r, why);
}

static enum er_status read_file(struct reader *r, const char *path, json_t **out)
{
    unsigned char front[12];
    size_t got, size;
    char why[160], *bytes;
    if (!er_file_front(path, front, sizeof front, &got, &size)) return refuse_file(r, path);
    const char *kind = kind_of(front, got);
    if (!kind) return refuse(r, "is neither PNG, JPEG, GIF nor WebP");
    if (size > ER_NOTE_MAX_PICTURE) {
        snprintf(why, sizeof why, "has %zu bytes; a picture beside a note has at most %d", size,
                 ER_NOTE_MAX_PICTURE);
        return refuse(r, why);
    }
    if (size > ER_NOTE_MAX_ALL_PICTURES - r->total) {
        snprintf(why, sizeof why, "has %zu bytes, which are too many; all of a page have at most %d", size,
                 ER_NOTE_MAX_ALL_PICTURES);
        return refuse(r, why);
    }
    const enum er_status status = er_file_read(path, size, &bytes, &size, NULL);
    if (status == ER_E_NOMEM) return status;
    if (status != ER_OK) return refuse(r, "cannot be read");
    *out = data_uri(kind, bytes, size);
    er_free(bytes);
    r->total += size;
    return *out ? ER_OK : ER_E_NOMEM;
}

static enum er_status read_picture(struct reader *r, json_t **out)
{
    struct er_buffer path = {0};
    const char *file = r->note->file, *slash = strrchr(file, '/');
    if (slash) er_buffer_add(&path, file, (size_t)(slash - file) + 1);
    const enum er_address what = er_picture_path(r->picture->address, &path);
    enum er_status status = path.status;
    if (status == ER_OK && what == ER_ADDRESS_OUTSIDE)
        status = refuse(r, "is not in the note's folder or below it");
    else if (status == ER_OK)
        status = read_file(r, path.data ? path.data : "", out);
    er_buffer_clear(&path);
    return status;
}

static json_t *read_all(const struct finder *f, const struct er_note *note, struct er_problems *problems)
{
    struct er_error why = {0};
    struct reader r = {.note = note, .err = &why};
    json_t *pictures = json_object();
    for (int64_t i = 0; pictures && i < f->n; i++) {
        json_t *uri = NULL;
        why = (struct er_error){0};
        r.picture = &f->picture[i];
        const enum er_status status = read_picture(&r, &uri);
        if (status == ER_E_INPUT) {
            er_problem_add(problems, &why);
        } else if (status != ER_OK || json_object_set_new(pictures, f->picture[i].address, uri) != 0) {
            json_decref(pictures);
            return NULL;
        }
    }
    if (f->more) {
        struct er_place place = {.text = note->text, .line = 1};
        er_place_move(&place, f->beyond);
        er_fail_at(&why, ER_E_INPUT, note->file, place.line, 0,
                   "too many pictures; at most %d different ones lie beside a note", ER_NOTE_MAX_PICTURES);
        er_problem_add(problems, &why);
    }
    return pictures;
}

json_t *er_pictures_json(const struct er_note *note, struct er_problems *problems)
{
    struct finder f = {0};
    if (note->whole) return json_object();
    find(&f, note);
    json_t *pictures = f.no_memory ? NULL : read_all(&f, note, problems);
    for (int64_t i = 0; i < f.n; i++) er_free(f.picture[i].address);
    er_free(f.picture);
    return pictures;
}
