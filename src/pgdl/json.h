/* json.h - JSON from a task's folder, and what messages say of a value in it. */
#ifndef ERMINE_PGDL_JSON_H
#define ERMINE_PGDL_JSON_H

#include <ermine/status.h>
#include <jansson.h>

/* The object that the bytes are: no key twice, nothing behind it. ER_E_INPUT with line and column; ER_E_NOMEM. */
enum er_status er_json_object(const char *text, size_t n, json_t **out, struct er_error *err);

/* A value in a few characters for a message, written to out. */
enum { ER_JSON_SHOWN = 64 };
char *er_json_shown(const json_t *value, char out[ER_JSON_SHOWN]);

#endif
