/* guard.h - which requests a server on this machine answers.
 *
 * A server on 127.0.0.1 is reached by every page that the user's browser shows. Two things keep strangers out.
 * The Host header must name the server by an address or name that cannot be a stranger's: a page of evil.example
 * whose name was pointed to 127.0.0.1 after it was loaded ("DNS rebinding") still says Host: evil.example. And
 * what browsers say of where a request comes from must not be another site: Origin, which is there when a script
 * asks, and Sec-Fetch-Site, which is there always. A link from elsewhere may be followed.
 */
#ifndef ERMINE_SERVE_GUARD_H
#define ERMINE_SERVE_GUARD_H

#include <stdbool.h>

/* `host` and `origin` are the headers as they came, NULL when there is none. Names are compared without regard
 * to case; a port that is left out is 80. An empty or missing Host is refused, a missing Origin is not. */
bool er_guard_host(const char *host, int port);
bool er_guard_origin(const char *origin, int port);

/* Sec-Fetch-Site and Sec-Fetch-Mode. */
bool er_guard_fetch(const char *site, const char *mode);

#endif
