/* Pictures beside a note: their kinds, what is refused and where, and how much a page may hold. */
#include "t.h"

#include "core/buffer.h"
#include "core/file.h"
#include "note/pictures.h"
#include "support/scratch.h"
#include "support/small_note.h"

#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static const char png[] = "\x89PNG\r\n\x1a\n", gif[] = "GIF89a, and so on";

static const char *in_folder(const char *name)
{
    static char path[2][160];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

static void put(const char *name, const char *front, size_t n, size_t size)
{
    struct er_error err = {0};
    char *bytes = er_alloc((int64_t)size, 1);
    memcpy(bytes, front, n);
    T_STATUS(er_file_write(in_folder(name), bytes, size, &err), ER_OK, "%s is written", name);
    er_free(bytes);
}

static struct er_buffer told;

static const char *text_of(const struct er_buffer *buffer)
{
    return buffer->data ? buffer->data : "";
}

static void hear(void *ctx, const struct er_error *error)
{
    (void)ctx;
    const char *name = strrchr(error->file, '/');
    er_buffer_format(&told, "%s:%" PRId64 ": %s|", name ? name + 1 : error->file, error->line, error->msg);
    T_EQ_INT(error->code, ER_E_INPUT, "%s", error->msg);
}

/* The pictures of a note in the folder; what is said of the others is in `told`. */
static json_t *pictures_of(const char *text, const char *file)
{
    const struct er_page_options options = {.problem = hear};
    struct er_problems problems = {.options = &options};
    struct er_note *note = note_read(text, in_folder(file));
    er_buffer_clear(&told);
    json_t *pictures = er_pictures_json(note, &problems);
    T_OK(pictures, "%.40s", text);
    er_note_free(note);
    return pictures;
}

static void expect(const char *text, const char *addresses, const char *problems)
{
    struct er_buffer got = {0};
    const char *address;
    json_t *pictures = pictures_of(text, "n.md"), *value;
    json_object_foreach(pictures, address, value) er_buffer_format(&got, "%s|", address);
    T_EQ_STR(text_of(&got), addresses, "%.60s", text);
    T_EQ_STR(text_of(&told), problems, "%.60s", text);
    er_buffer_clear(&got);
    json_decref(pictures);
}

static void kinds(void)
{
    static const struct {
        const char *name, *front, *kind;
        size_t n;
    } of[] = {{"a.png", png, "png", 8},
              {"b.txt", "\xff\xd8\xff\xe0", "jpeg", 4}, /* the name says nothing */
              {"c.png", "GIF87a", "gif", 6},
              {"d.gif", "GIF89a", "gif", 6},
              {"e.webp", "RIFF\1\2\3\4WEBP", "webp", 12}};
    for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
        const size_t size = 40 + i;
        char note[64], begin[64];
        unsigned char bytes[64];
        size_t n = 0;
        put(of[i].name, of[i].front, of[i].n, size);
        snprintf(note, sizeof note, "![x](%s)\n", of[i].name);
        snprintf(begin, sizeof begin, "data:image/%s;base64,", of[i].kind);
        json_t *pictures = pictures_of(note, "n.md");
        const char *uri = json_string_value(json_object_get(pictures, of[i].name));
        T_OK(uri && strncmp(uri, begin, strlen(begin)) == 0, "%s is %s", of[i].name, of[i].kind);
        T_OK(uri && sodium_base642bin(bytes, sizeof bytes, uri + strlen(begin), strlen(uri + strlen(begin)),
                                      NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) == 0,
             "in base64");
        T_OK(n == size && memcmp(bytes, of[i].front, of[i].n) == 0, "the file's bytes");
        json_decref(pictures);
    }
    put("f.png", "<svg xmlns=", 11, 30);
    put("g.png", png, 4, 4);
    put("h.webp", "RIFF\1\2\3\4WAVE", 12, 30);
    expect("![x](f.png)\n![x](g.png)\n\n![x](h.webp)\n", "",
           "n.md:1: the picture \"f.png\" is neither PNG, JPEG, GIF nor WebP|"
           "n.md:2: the picture \"g.png\" is neither PNG, JPEG, GIF nor WebP|"
           "n.md:4: the picture \"h.webp\" is neither PNG, JPEG, GIF nor WebP|");
}

static void addresses(void)
{
    struct er_error err = {0};
    put("b c.png", png, 8, 8);
    put("\xc3\xa4_&.png", png, 8, 8);
    T_STATUS(er_directory_make(in_folder("sub"), &err), ER_OK, "a folder");
    put("sub/a.gif", gif, 8, 8);
    expect("![x](a.png) ![x](<b c.png>) ![x](b%20c.png) ![x](\xc3\xa4\\_&amp;.png \"title\")", /* */
           "a.png|b c.png|b%20c.png|\xc3\xa4_&.png|", "");
    expect("![x](./a.png#part) ![x](sub/../a.png)\n\n> * ![x][r]\n\n[r]: sub/a.gif\n",
           "./a.png#part|sub/../a.png|sub/a.gif|", "");
    expect("![x](a.png =40x30) ![y](sub/a.gif \"t\" =50%x )\n", "a.png|sub/a.gif|", "");
    expect("![x](a.png) ![x](a.png)\n", "a.png|", "");
    expect("![x](https://a.b/c.png) ![x](data:image/png;base64,AA) ![x](//a.b/c.png) ![x]()\n", "", "");
    expect("`![x](no.png)` [x](no.png)\n\n    ![x](no.png)\n\n$$\n![x](no.png)\n$$\n", "", "");
    json_t *chapter = pictures_of("![x](a.gif)\n", "sub/n.md");
    T_OK(json_object_get(chapter, "a.gif"), "from the folder of the note");
    json_decref(chapter);
}

static void refused(void)
{
    expect("---\ntitle: x\n---\n\n![x](no.png)\ntext ![y](a.png)\n", "a.png|",
           "n.md:5: the picture \"no.png\" is not there|");
    expect("text\n\n![x](no\\_1.png)\n", "", "n.md:3: the picture \"no_1.png\" is not there|");
    expect("![x](../a.png) ![x](sub/../../a.png)\n![x](/etc/a.png) ![x](%2e%2e/a.png)\n", "",
           "n.md:1: the picture \"../a.png\" is not in the note's folder or below it|"
           "n.md:1: the picture \"sub/../../a.png\" is not in the note's folder or below it|"
           "n.md:2: the picture \"/etc/a.png\" is not in the note's folder or below it|"
           "n.md:2: the picture \"%2e%2e/a.png\" is not in the note's folder or below it|");
    T_EQ_INT(mkfifo(in_folder("pipe.png"), 0600), 0, "a pipe");
    expect("![x](pipe.png) ![x](sub)\n", "",
           "n.md:1: the picture \"pipe.png\" is not a regular file|"
           "n.md:1: the picture \"sub\" is not a regular file|");
    T_EQ_INT(symlink(in_folder("a.png"), in_folder("sub/link.png")), 0, "a link");
    json_t *pictures = pictures_of("![x](link.png)\n", "sub/n.md");
    T_OK(json_object_get(pictures, "link.png"), "a link may lead out of the folder");
    json_decref(pictures);
}

static void budget(void)
{
    const size_t most = ER_NOTE_MAX_PICTURE;
    put("big.png", png, 8, most + 1);
    put("1.png", png, 8, most);
    put("2.png", png, 8, most - 8);
    put("3.png", png, 8, 9);
    put("4.png", png, 8, 8);
    expect(
        "![x](big.png) ![x](1.png)\n![x](1.png) ![x](2.png)\n![x](3.png)\n![x](4.png)\n",
        "1.png|2.png|4.png|",
        "n.md:1: the picture \"big.png\" has 1048577 bytes; a picture beside a note has at most 1048576|"
        "n.md:3: the picture \"3.png\" has 9 bytes, which are too many; all of a page have at most 2097152|");
    struct er_buffer many = {0};
    for (int i = 0; i <= ER_NOTE_MAX_PICTURES; i++) er_buffer_format(&many, "![x](a.png#%d)\n", i);
    json_t *pictures = pictures_of(many.data, "n.md");
    T_EQ_INT(json_object_size(pictures), ER_NOTE_MAX_PICTURES, "as many as there may be");
    T_EQ_STR(text_of(&told), "n.md:201: too many pictures; at most 200 different ones lie beside a note|",
             "no more");
    json_decref(pictures);
    er_buffer_clear(&many);
}

static void on_the_page(void)
{
    struct er_note *note = note_read("![x](4.png)\n\n![y](no.png)\n", in_folder("n.md"));
    char *html = note_page(note, NULL, ER_E_INPUT);
    T_OK(html && strstr(html, "\"pictures\":{\"4.png\":\"data:image/png;base64,iVBORw0KGgo=\"},"),
         "the page is made, with the picture that is there");
    er_free(html);
    er_note_free(note);
}

static enum er_status read_pictures(const struct er_note *note, struct er_problems *problems, json_t **out)
{
    *out = er_pictures_json(note, problems);
    return *out ? ER_OK : ER_E_NOMEM;
}

static void memory(void)
{
    const struct er_page_options options = {0};
    struct er_problems problems = {.options = &options};
    struct er_note *note = note_read("![x](4.png) ![y](sub/a.gif) ![z](no\\_.png)\n", in_folder("n.md"));
    json_t *pictures = NULL;
    T_ALLOCATIONS(read_pictures(note, &problems, &pictures), json_decref(pictures),
                  "pictures survive every failed allocation");
    er_note_free(note);
}

int main(void)
{
    if (!scratch_make(folder)) return 1;
    kinds();
    addresses();
    refused();
    budget();
    on_the_page();
    memory();
    er_buffer_clear(&told);
    scratch_remove(folder);
    return t_done();
}
