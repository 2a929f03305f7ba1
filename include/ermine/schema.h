/* <ermine/schema.h> - the one table from which study files are read, helped with, documented and completed.
 *
 * A key is a path of names joined by full stops: `train.sgd.rate`. A row says all there is to say of its key.
 *
 * A group is a choice (`train.optimiser`: sgd, adam, ...) whose members may have a map of keys beside it
 * (`train.sgd`). Writing the map chooses the member, so the choice itself need not be written; the keys of
 * the map exist only when its member is chosen.
 */
#ifndef ERMINE_SCHEMA_H
#define ERMINE_SCHEMA_H

#include <ermine/status.h>
#include <stdbool.h>

enum er_schema_type {
    ER_SCHEMA_MAP,     /* holds other keys */
    ER_SCHEMA_INTEGER, /* int64 within [min, max] */
    ER_SCHEMA_REAL,    /* double within [min, max] */
    ER_SCHEMA_BOOL,    /* true or false */
    ER_SCHEMA_CHOICE,  /* one of `choices` */
    ER_SCHEMA_TEXT,    /* any text of at most 4096 bytes */
    ER_SCHEMA_FILE,  /* the path of a file, at most 4096 bytes; a relative one begins at the study's folder */
    ER_SCHEMA_LIST,  /* a list that is one value and no axis: words of `choices` and integers within [min,
                       max] (none when min is above max), each once; canonical: the words in their order there, then the integers, rising,
                       with blanks between */
    ER_SCHEMA_MODEL, /* a model, as text or as a list of layers; canonical: er_model_text() */
    ER_SCHEMA_STUDY  /* the name of an earlier study of the same note, whose results all runs read */
};

/* Whether a key's value is part of a run's key. */
enum er_schema_keyed {
    ER_SCHEMA_UNKEYED = false,     /* a title is not */
    ER_SCHEMA_KEYED = true,        /* an epoch limit is */
    ER_SCHEMA_KEYED_UNLESS_DEFAULT /* a key that came after results were stored: they keep their keys, since
                                      its default is what was done before */
};

struct er_schema_row {
    const char *path;
    const char *unit; /* "epochs", "examples", "" */
    double min, max;  /* closed range of numbers */
    const char
        *choices; /* choice and list: words separated by blanks. map: NULL, or the name of the choice beside
                     it of which it is a member ("optimiser"); the last name of its path is the word */
    const char *fallback;     /* the default as it would be written; NULL: required; "": may be absent */
    const char *help;         /* one line */
    enum er_schema_type type; /* what its value is */
    enum er_schema_keyed keyed;
};

/* One value of a study point, canonical. */
struct er_setting {
    const struct er_schema_row *row;
    double number;    /* integer, real, bool (0 or 1), choice (index of the word) */
    int64_t integer;  /* integer, exactly */
    const char *text; /* canonical text of any value; "" and absent when there is none */
    const char
        *label;       /* of a model that is one preset: er_model_label(), which people are shown; else NULL */
    const char *file; /* of a file: its path, from the folder of the process; else NULL */
    bool present;     /* false: absent, and no default applies */
    int64_t line, column; /* where it was written; 0 when it is a default */
};

/* One point of a study's grid: every key that exists there (maps are no keys), in schema order. */
struct er_point {
    const struct er_setting *const *setting; /* n of them; points share what they have in common */
    int64_t n;
    uint64_t seed; /* the run's seed: one of 0..seeds-1, or of the list given */
};

/** The setting at `path`, or NULL when that key does not exist in this point (another optimiser was chosen)
 * or is absent. */
ER_API const struct er_setting *er_point_get(const struct er_point *point, const char *path);

/** Typed access; the fallback is returned when er_point_get() is NULL. */
ER_API double er_point_real(const struct er_point *point, const char *path, double fallback);
ER_API int64_t er_point_integer(const struct er_point *point, const char *path, int64_t fallback);
ER_API bool er_point_bool(const struct er_point *point, const char *path, bool fallback);
ER_API const char *er_point_text(const struct er_point *point, const char *path, const char *fallback);

/** True when keys below the map `path` exist in this point (`train.sgd`: it is the optimiser chosen). */
ER_API bool er_point_has(const struct er_point *point, const char *path);

#endif
