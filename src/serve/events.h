/* events.h - a stream of server-sent events with many listeners.
 *
 * Whoever has news posts it once; every client gets it in its own queue and reads at its own speed. A queue is
 * bounded: a client that does not keep up is dropped, and comes back when it can. A client that comes (back) is
 * greeted with the state of things, so nothing has to be remembered for it.
 *
 * The form is that of the HTML standard, section "Server-sent events": `event: NAME`, one `data:` line for each
 * line of the data, a blank line. Threads: any, all functions.
 */
#ifndef ERMINE_SERVE_EVENTS_H
#define ERMINE_SERVE_EVENTS_H

#include "core/buffer.h"

#include <stdbool.h>
#include <sys/types.h>

struct er_events;
struct er_event_client;

enum { ER_EVENTS_QUEUE = 256 * 1024, ER_EVENTS_CLIENTS = 64 };

struct er_events_options {
    size_t queue;                                 /* bytes that may wait for a client; 0: ER_EVENTS_QUEUE */
    int clients;                                  /* at most at once; 0: ER_EVENTS_CLIENTS */
    void (*greet)(void *ctx, struct er_buffer *); /* writes what a client hears first; may be NULL */
    void *ctx;
};

/* Who takes a client's bytes away. The functions are called with the stream locked: they must not call it.
 * drop() is for a client that is too slow: what waits for it is lost, its next read says that it is over. */
struct er_event_carrier {
    void *ctx;
    void (*sleep)(void *ctx); /* nothing to read until wake() */
    void (*wake)(void *ctx);  /* once after each sleep() */
    void (*drop)(void *ctx);
};

/* ER_E_NOMEM. */
enum er_status er_events_new(const struct er_events_options *options, struct er_events **out,
                             struct er_error *err);
/* All clients have left; NULL is allowed. */
void er_events_free(struct er_events *events);

/* To all clients. A name has no line breaks. Memory that is out drops clients. */
void er_events_post(struct er_events *events, const char *name, const char *data);

/* A comment, so that connections that have died are noticed and those that live are kept open. */
void er_events_ping(struct er_events *events);

/* The end of the stream for all clients, now and later. */
void er_events_end(struct er_events *events);

int er_events_clients(struct er_events *events);

/* A new client, whose queue begins with the greeting. ER_E_LIMIT: there are as many as may be; ER_E_NOMEM. */
enum er_status er_events_join(struct er_events *events, const struct er_event_carrier *carrier,
                              struct er_event_client **out, struct er_error *err);
void er_events_leave(struct er_event_client *client);

/* Up to `room` bytes of what waits for the client. 0: nothing, after sleep(). -1: it is over. */
ssize_t er_events_read(struct er_event_client *client, char *out, size_t room);

/* One event in its form. */
void er_event_write(struct er_buffer *out, const char *name, const char *data);

#endif
