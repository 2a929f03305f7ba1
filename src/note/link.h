/* link.h - which addresses of a note become links and images.
 *
 * Links: http, https, mailto, relative ones and fragments. Images: http, https, relative, and data of the
 * four picture types. Everything else (javascript:, file:, other data:, addresses of the form //host, which
 * name a network share when the page is a file) stays text.
 */
#ifndef ERMINE_NOTE_LINK_H
#define ERMINE_NOTE_LINK_H

#include <stdbool.h>
#include <stddef.h>

bool er_link_allowed(const char *address, size_t n);
bool er_image_allowed(const char *address, size_t n);

/* True when the link leads to another host. */
bool er_link_external(const char *address, size_t n);

#endif
