/* listen.h - a socket that waits for connections. */
#ifndef ERMINE_SERVE_LISTEN_H
#define ERMINE_SERVE_LISTEN_H

#include <ermine/status.h>

/* Listens on an IPv4 address ("127.0.0.1") and port (0: one that is free).
 *
 * @param out    closed by the caller; untouched on failure.
 * @param bound   the port.
 * Errors: ER_E_BUSY (the port is in use), ER_E_USAGE (no address, a port that is not within 0..65535 or is the
 * administrator's), ER_E_IO. */
enum er_status er_listen(const char *address, int port, int *out, int *bound, struct er_error *err);

#endif
