/* http.c - libmicrohttpd with our routes and headers. It is known to this file only.
 *
 * A client of a stream has nothing to send most of the time: its connection is then suspended, which takes it
 * out of the server's waiting, and resumed when something is posted.
 */
#include "serve/http.h"

#include "core/thread.h"
#include "serve/guard.h"
#include "serve/listen.h"

#include <ermine/memory.h>
#include <microhttpd.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { GRACE_MS = 500 }; /* for streams that have been ended to say so */

struct er_http {
    struct er_http_options options;
    struct MHD_Daemon *daemon;
    int port;
    atomic_int listeners;
};

/* A connection that listens to a stream. */
struct listener {
    struct er_http *http;
    struct MHD_Connection *connection;
    struct er_event_client *client;
};

static void listener_sleep(void *ctx)
{
    MHD_suspend_connection(((struct listener *)ctx)->connection);
}

static void listener_wake(void *ctx)
{
    MHD_resume_connection(((struct listener *)ctx)->connection);
}

/* The server finds the connection broken, also while it waits for the other side to read. */
static void listener_drop(void *ctx)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(((struct listener *)ctx)->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info) shutdown(info->connect_fd, SHUT_RDWR);
}

static ssize_t listener_read(void *ctx, uint64_t at, char *out, size_t room)
{
    (void)at;
    const ssize_t got = er_events_read(((struct listener *)ctx)->client, out, room);
    return got < 0 ? MHD_CONTENT_READER_END_OF_STREAM : got;
}

static void listener_free(void *ctx)
{
    struct listener *listener = ctx;
    er_events_leave(listener->client);
    listener->http->listeners--;
    er_free(listener);
}

static struct MHD_Response *text_response(const char *text)
{
    return MHD_create_response_from_buffer(strlen(text), (void *)text, MHD_RESPMEM_MUST_COPY);
}

static struct MHD_Response *stream_response(struct er_http *http, struct MHD_Connection *connection,
                                            struct er_events *events, int *status)
{
    enum { BLOCK = 4096 };
    struct er_error err = {0};
    struct listener *listener = er_alloc(1, sizeof *listener);
    if (!listener) return NULL;
    listener->http = http;
    listener->connection = connection;
    const struct er_event_carrier carrier = {
        .ctx = listener, .sleep = listener_sleep, .wake = listener_wake, .drop = listener_drop};
    if (er_events_join(events, &carrier, &listener->client, &err) != ER_OK) {
        er_free(listener);
        *status = MHD_HTTP_SERVICE_UNAVAILABLE;
        return text_response(err.msg);
    }
    http->listeners++;
    const int stream_s = http->options.stream_s ? http->options.stream_s : ER_HTTP_STREAM_S;
    MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, (unsigned)stream_s);
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, listener_read, listener, listener_free);
    if (!response) listener_free(listener);
    return response;
}

static void no_release(void *owner)
{
    (void)owner;
}

static struct MHD_Response *body_response(const struct er_http_answer *answer)
{
    void (*release)(void *) = answer->release ? answer->release : no_release;
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
        answer->length, (void *)answer->body, release, answer->owner);
    if (!response) release(answer->owner);
    return response;
}

static enum MHD_Result queue(struct MHD_Connection *connection, int status, const char *type,
                             const char *policy, struct MHD_Response *response)
{
    static const char *const header[][2] = {
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cache-Control", "no-store"},
    };
    if (!response) return MHD_NO;
    enum MHD_Result ok = MHD_add_response_header(response, "Content-Type", type);
    if (ok == MHD_YES) ok = MHD_add_response_header(response, "Content-Security-Policy", policy);
    for (size_t i = 0; ok == MHD_YES && i < sizeof header / sizeof *header; i++)
        ok = MHD_add_response_header(response, header[i][0], header[i][1]);
    if (ok == MHD_YES && status == MHD_HTTP_METHOD_NOT_ALLOWED)
        ok = MHD_add_response_header(response, "Allow", "GET, HEAD");
    if (ok == MHD_YES) ok = MHD_queue_response(connection, (unsigned)status, response);
    MHD_destroy_response(response);
    return ok;
}

static const char plain[] = "text/plain; charset=utf-8";
static const char nothing_loads[] = "default-src 'none'; frame-ancestors 'none'";

static enum MHD_Result refuse(struct MHD_Connection *connection, int status, const char *why)
{
    return queue(connection, status, plain, nothing_loads, text_response(why));
}

static enum MHD_Result answer_route(struct er_http *http, struct MHD_Connection *connection,
                                    const struct er_http_route *route, bool head)
{
    struct er_http_answer answer = {0};
    route->handler(http->options.ctx, &answer);
    int status = answer.status ? answer.status : MHD_HTTP_OK;
    const char *type = answer.type ? answer.type : plain;
    struct MHD_Response *response;
    if (answer.events) {
        type = "text/event-stream";
        response = head ? text_response("") : stream_response(http, connection, answer.events, &status);
        if (status != MHD_HTTP_OK) type = plain;
    } else {
        response = body_response(&answer);
    }
    return queue(connection, status, type, answer.policy ? answer.policy : nothing_loads, response);
}

static const char *header_of(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result handle(void *ctx, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **state)
{
    struct er_http *http = ctx;
    (void)version;
    (void)upload;
    (void)upload_size;
    (void)state;
    if (!er_guard_host(header_of(connection, "Host"), http->port))
        return refuse(connection, MHD_HTTP_MISDIRECTED_REQUEST,
                      "This server answers to 127.0.0.1 and localhost, with its port, only.\n");
    if (!er_guard_origin(header_of(connection, "Origin"), http->port) ||
        !er_guard_fetch(header_of(connection, "Sec-Fetch-Site"), header_of(connection, "Sec-Fetch-Mode")))
        return refuse(connection, MHD_HTTP_FORBIDDEN, "This server does not answer other sites.\n");
    const bool head = strcmp(method, "HEAD") == 0;
    for (const struct er_http_route *route = http->options.route; route->path; route++) {
        if (strcmp(url, route->path) != 0) continue;
        if (!head && strcmp(method, "GET") != 0)
            return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "There is nothing to send here.\n");
        return answer_route(http, connection, route, head);
    }
    return refuse(connection, MHD_HTTP_NOT_FOUND, "There is no such page.\n");
}

/* A path is compared as it was sent: routes need no %XX, and a %00 that were undone would end it early. */
static size_t keep_escapes(void *ctx, struct MHD_Connection *connection, char *text)
{
    (void)ctx;
    (void)connection;
    return strlen(text);
}

static struct MHD_Daemon *start_daemon(struct er_http *http, int fd)
{
    const struct er_http_options *o = &http->options;
    sigset_t before;
    if (er_signals_block(&before) != 0) return NULL;
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, http,
                         MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
                         (unsigned)(o->connections ? o->connections : ER_HTTP_CONNECTIONS),
                         MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(o->idle_s ? o->idle_s : ER_HTTP_IDLE_S),
                         MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL, MHD_OPTION_END);
    er_signals_restore(&before);
    return daemon;
}

enum er_status er_http_start(const struct er_http_options *options, struct er_http **out,
                             struct er_error *err)
{
    int fd = -1;
    struct er_http *http = er_alloc(1, sizeof *http);
    if (!http) return er_fail(err, ER_E_NOMEM, "server: out of memory");
    http->options = *options;
    enum er_status status = er_listen("127.0.0.1", options->port, &fd, &http->port, err);
    if (status == ER_OK && !(http->daemon = start_daemon(http, fd)))
        status = er_fail(err, ER_E_NOMEM, "server: out of memory, threads or files");
    if (status == ER_OK)
        *out = http;
    else
        er_free(http);
    return status;
}

int er_http_port(const struct er_http *http)
{
    return http->port;
}

void er_http_stop(struct er_http *http)
{
    const struct timespec nap = {.tv_nsec = 2000000};
    if (!http) return;
    for (int i = 0; i < GRACE_MS / 2 && http->listeners > 0; i++) nanosleep(&nap, NULL);
    MHD_stop_daemon(http->daemon);
    er_free(http);
}
