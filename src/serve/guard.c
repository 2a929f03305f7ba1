/* guard.c - Host and Origin against the few names of this machine. */
#include "serve/guard.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};

bool er_guard_host(const char *host, int port)
{
    char tail[16] = "";
    if (!host) return false;
    if (port != 80 || strstr(host, ":80")) snprintf(tail, sizeof tail, ":%d", port);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const size_t n = strlen(names[i]);
        if (strncasecmp(host, names[i], n) == 0 && strcmp(host + n, tail) == 0) return true;
    }
    return false;
}

bool er_guard_origin(const char *origin, int port)
{
    static const char scheme[] = "http://";
    const size_t n = sizeof scheme - 1;
    return !origin || (strncasecmp(origin, scheme, n) == 0 && er_guard_host(origin + n, port));
}

bool er_guard_fetch(const char *site, const char *mode)
{
    if (!site || strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0) return true;
    return mode && strcmp(mode, "navigate") == 0;
}
