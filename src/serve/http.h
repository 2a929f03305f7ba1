/* http.h - a small web server for this machine: routes, answers, security headers.
 *
 * It listens on 127.0.0.1 only. One thread of its own waits for all connections and calls the handlers, which
 * therefore must be quick: they hand over what others have made. Requests whose Host or Origin is not the
 * server's are refused before (guard.h). Every answer forbids framing, sniffing, caching and reading by other
 * sites.
 */
#ifndef ERMINE_SERVE_HTTP_H
#define ERMINE_SERVE_HTTP_H

#include "serve/events.h"

#include <ermine/status.h>

struct er_http;

/* What a handler answers: a text, or that the client joins a stream of events. A zeroed struct is an empty
 * text with status 200. */
struct er_http_answer {
    int status;         /* 0: 200 */
    const char *type;   /* Content-Type; NULL: plain text in UTF-8 */
    const char *policy; /* Content-Security-Policy; NULL: nothing may be loaded */
    const void *body;   /* `length` bytes; must stay until release(owner) */
    size_t length;
    void (*release)(void *owner); /* called once, from any thread; NULL: the body is for ever */
    void *owner;
    struct er_events *events; /* instead of a body */
};

/* Called in the server's thread. */
typedef void er_http_handler(void *ctx, struct er_http_answer *answer);

/* GET and HEAD of exactly this path, byte by byte: escapes (%2F) are not undone. Other methods of it are refused
 * (405), other paths are not found (404). */
struct er_http_route {
    const char *path;
    er_http_handler *handler;
};

struct er_http_options {
    int port;                          /* 0: any that is free */
    const struct er_http_route *route; /* ended by a NULL path; borrowed */
    void *ctx;                         /* of all handlers */
    int connections;                   /* at most; 0: ER_HTTP_CONNECTIONS */
    int idle_s;                        /* for a connection on which nothing moves; 0: ER_HTTP_IDLE_S */
    int stream_s;                      /* the same for one that joined a stream; 0: ER_HTTP_STREAM_S */
};

/* Requests that never end, and connections kept for a next one, give their places up soon, since who opens
 * ER_HTTP_CONNECTIONS of them shuts everyone else out. A stream on which nothing is posted for ER_HTTP_STREAM_S is
 * cut: er_events_ping() more often than that. */
enum { ER_HTTP_CONNECTIONS = 128, ER_HTTP_IDLE_S = 10, ER_HTTP_STREAM_S = 60 };

/**
 * Starts a server.
 *
 * @param out  stopped by er_http_stop(); untouched on failure.
 * Errors: those of er_listen(); ER_E_NOMEM (memory or threads are out).
 */
enum er_status er_http_start(const struct er_http_options *options, struct er_http **out,
                             struct er_error *err);

int er_http_port(const struct er_http *http);

/* Ends all connections and the thread. Streams of events that clients may have joined must have been ended
 * (er_events_end()), and are left by all when this returns. NULL is allowed. */
void er_http_stop(struct er_http *http);

#endif
