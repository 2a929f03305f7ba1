/* events.c - one lock, a list of clients, a queue of bytes for each. */
#include "serve/events.h"

#include <ermine/memory.h>
#include <pthread.h>
#include <string.h>

struct er_event_client {
    struct er_events *events;
    struct er_event_client *next;
    struct er_event_carrier carrier;
    struct er_buffer queue;
    size_t read; /* bytes of the queue that are gone */
    bool asleep, dropped;
};

struct er_events {
    struct er_events_options options;
    pthread_mutex_t lock;
    /* under the lock */
    struct er_event_client *first;
    int clients;
    bool ended;
};

void er_event_write(struct er_buffer *out, const char *name, const char *data)
{
    er_buffer_format(out, "event: %s\n", name);
    for (const char *line = data;;) {
        const size_t n = strcspn(line, "\r\n");
        er_buffer_text(out, "data: ");
        er_buffer_add(out, line, n);
        er_buffer_char(out, '\n');
        if (!line[n]) break;
        line += n + (line[n] == '\r' && line[n + 1] == '\n') + 1;
    }
    er_buffer_char(out, '\n');
}

enum er_status er_events_new(const struct er_events_options *options, struct er_events **out,
                             struct er_error *err)
{
    struct er_events *events = er_alloc(1, sizeof *events);
    if (!events) return er_fail(err, ER_E_NOMEM, "events: out of memory");
    events->options = *options;
    if (events->options.queue == 0) events->options.queue = ER_EVENTS_QUEUE;
    if (events->options.clients == 0) events->options.clients = ER_EVENTS_CLIENTS;
    pthread_mutex_init(&events->lock, NULL);
    *out = events;
    return ER_OK;
}

void er_events_free(struct er_events *events)
{
    if (!events) return;
    pthread_mutex_destroy(&events->lock);
    er_free(events);
}

/* The functions down to post_text(): the lock is held. */
static void wake(struct er_event_client *client)
{
    if (!client->asleep) return;
    client->asleep = false;
    client->carrier.wake(client->carrier.ctx);
}

static void drop(struct er_event_client *client)
{
    if (client->dropped) return;
    client->dropped = true;
    er_buffer_clear(&client->queue);
    client->read = 0;
    wake(client);
    client->carrier.drop(client->carrier.ctx);
}

static size_t waiting(const struct er_event_client *client)
{
    return client->queue.length - client->read;
}

/* Bytes that are gone make room before the queue grows. */
static void compact(struct er_event_client *client)
{
    if (client->read == 0) return;
    memmove(client->queue.data, client->queue.data + client->read, waiting(client) + 1);
    client->queue.length = waiting(client);
    client->read = 0;
}

static void put(struct er_event_client *client, const char *text, size_t n)
{
    if (client->dropped) return;
    compact(client);
    const bool fits = waiting(client) + n <= client->events->options.queue;
    if (fits) er_buffer_add(&client->queue, text, n);
    if (!fits || client->queue.status != ER_OK)
        drop(client);
    else
        wake(client);
}

static void post_text(struct er_events *events, const char *text, size_t n)
{
    for (struct er_event_client *client = events->first; client; client = client->next) put(client, text, n);
}

void er_events_post(struct er_events *events, const char *name, const char *data)
{
    struct er_buffer text = {0};
    er_event_write(&text, name, data);
    pthread_mutex_lock(&events->lock);
    if (text.status == ER_OK)
        post_text(events, text.data, text.length);
    else
        for (struct er_event_client *client = events->first; client; client = client->next) drop(client);
    pthread_mutex_unlock(&events->lock);
    er_buffer_clear(&text);
}

void er_events_ping(struct er_events *events)
{
    static const char comment[] = ": here\n\n";
    pthread_mutex_lock(&events->lock);
    post_text(events, comment, sizeof comment - 1);
    pthread_mutex_unlock(&events->lock);
}

void er_events_end(struct er_events *events)
{
    pthread_mutex_lock(&events->lock);
    events->ended = true;
    for (struct er_event_client *client = events->first; client; client = client->next) wake(client);
    pthread_mutex_unlock(&events->lock);
}

int er_events_clients(struct er_events *events)
{
    pthread_mutex_lock(&events->lock);
    const int clients = events->clients;
    pthread_mutex_unlock(&events->lock);
    return clients;
}

enum er_status er_events_join(struct er_events *events, const struct er_event_carrier *carrier,
                              struct er_event_client **out, struct er_error *err)
{
    struct er_event_client *client = er_alloc(1, sizeof *client);
    if (!client) return er_fail(err, ER_E_NOMEM, "events: out of memory for a client");
    *client = (struct er_event_client){.events = events, .carrier = *carrier};
    enum er_status status = ER_OK;
    pthread_mutex_lock(&events->lock);
    if (events->clients >= events->options.clients) {
        status = er_fail(err, ER_E_LIMIT, "events: there are %d clients, as many as may be", events->clients);
    } else {
        if (events->options.greet) events->options.greet(events->options.ctx, &client->queue);
        if (client->queue.status != ER_OK) status = er_fail(err, ER_E_NOMEM, "events: out of memory");
    }
    if (status == ER_OK) {
        client->next = events->first;
        events->first = client;
        events->clients++;
    }
    pthread_mutex_unlock(&events->lock);
    if (status == ER_OK) {
        *out = client;
    } else {
        er_buffer_clear(&client->queue);
        er_free(client);
    }
    return status;
}

void er_events_leave(struct er_event_client *client)
{
    struct er_events *events = client->events;
    pthread_mutex_lock(&events->lock);
    struct er_event_client **at = &events->first;
    while (*at != client) at = &(*at)->next;
    *at = client->next;
    events->clients--;
    pthread_mutex_unlock(&events->lock);
    er_buffer_clear(&client->queue);
    er_free(client);
}

ssize_t er_events_read(struct er_event_client *client, char *out, size_t room)
{
    struct er_events *events = client->events;
    ssize_t result = -1;
    pthread_mutex_lock(&events->lock);
    if (!client->dropped && waiting(client) > 0) {
        const size_t n = waiting(client) < room ? waiting(client) : room;
        memcpy(out, client->queue.data + client->read, n);
        client->read += n;
        result = (ssize_t)n;
    } else if (!client->dropped && !events->ended) {
        client->asleep = true;
        client->carrier.sleep(client->carrier.ctx);
        result = 0;
    }
    pthread_mutex_unlock(&events->lock);
    return result;
}
