/* Routes, refusals and headers as they are on the wire; streams of events to many clients, one of which does not
 * read; a port in use; an end with clients still there. */
#include "t.h"

#include "serve/http.h"
#include "serve/listen.h"
#include "support/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BIG = 3 << 20 };

static struct er_events *events;
static char *big;
static atomic_int released;

static void count_release(void *owner)
{
    (void)owner;
    released++;
}

static void get_small(void *ctx, struct er_http_answer *answer)
{
    (void)ctx;
    *answer = (struct er_http_answer){.type = "text/html; charset=utf-8",
                                      .policy = "frame-ancestors 'none'",
                                      .body = "<p>hello</p>",
                                      .length = 12,
                                      .release = count_release};
}

static void get_big(void *ctx, struct er_http_answer *answer)
{
    (void)ctx;
    answer->body = big;
    answer->length = BIG;
    answer->release = count_release;
}

static void get_nothing(void *ctx, struct er_http_answer *answer)
{
    answer->status = *(int *)ctx;
}

static void get_events(void *ctx, struct er_http_answer *answer)
{
    (void)ctx;
    answer->events = events;
}

static const struct er_http_route routes[] = {
    {"/", get_small}, {"/big", get_big}, {"/nothing", get_nothing}, {"/events", get_events}, {0}};

static bool starts(const struct http_client *client, const char *text)
{
    return client->data && strncmp(client->data, text, strlen(text)) == 0;
}

static void ask(int port, const char *path, const char *more, const char *want, const char *name)
{
    struct http_client client;
    T_OK(http_client_get(&client, port, path, more), "%s: answered", name);
    T_OK(starts(&client, want), "%s: %s, not %.30s", name, want, client.data ? client.data : "nothing");
    T_OK(client.data && strstr(client.data, "\r\nX-Content-Type-Options: nosniff\r\n"), "%s: has the headers",
         name);
    http_client_close(&client);
}

static void the_routes(int port)
{
    static const char *const headers[] = {
        "Content-Type: text/html; charset=utf-8",
        "Content-Security-Policy: frame-ancestors 'none'",
        "X-Content-Type-Options: nosniff",
        "X-Frame-Options: DENY",
        "Referrer-Policy: no-referrer",
        "Cross-Origin-Resource-Policy: same-origin",
        "Cross-Origin-Opener-Policy: same-origin",
        "Cache-Control: no-store",
        "Content-Length: 12",
    };
    struct http_client client;
    T_OK(http_client_get(&client, port, "/", ""), "a page");
    T_OK(starts(&client, "HTTP/1.1 200 OK\r\n"), "200");
    T_OK(client.length > 16 && strcmp(client.data + client.length - 16, "\r\n\r\n<p>hello</p>") == 0,
         "its body");
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        T_OK(strstr(client.data, headers[i]), "header %s", headers[i]);
    http_client_close(&client);

    T_OK(http_client_get(&client, port, "/big", ""), "a large body");
    T_OK(client.length > BIG && memcmp(client.data + client.length - BIG, big, BIG) == 0, "whole");
    T_OK(client.data && strstr(client.data, "Content-Security-Policy: default-src 'none'"),
         "without a policy of its own it may load nothing");
    http_client_close(&client);

    ask(port, "/nothing", "", "HTTP/1.1 418 ", "a status of its own");
    ask(port, "/?a=b", "", "HTTP/1.1 200 ", "a query is no part of the path");
    ask(port, "/absent", "", "HTTP/1.1 404 ", "a path that is not there");
    ask(port, "/big/", "", "HTTP/1.1 404 ", "a path is exact");
    ask(port, "/%00x", "", "HTTP/1.1 404 ", "also behind a NUL");
    ask(port, "/big%00", "", "HTTP/1.1 404 ", "or before one");
    ask(port, "/%2e%2e/etc/passwd", "", "HTTP/1.1 404 ", "no path leads out");
    ask(port, "/", "Origin: http://evil.example\r\n", "HTTP/1.1 403 ", "another site's script");
    ask(port, "/events", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n", "HTTP/1.1 403 ",
        "another site's picture");
    ask(port, "/events", "Origin: null\r\n", "HTTP/1.1 403 ", "a sandbox's script");
}

static void other_methods(int port)
{
    struct http_client client;
    char request[256];
    snprintf(request, sizeof request, "HEAD / HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\n\r\n",
             port);
    T_OK(http_client_open(&client, port, request) && http_client_until(&client, NULL), "HEAD");
    T_OK(starts(&client, "HTTP/1.1 200 ") && !strstr(client.data, "hello"), "has no body");
    T_OK(strstr(client.data, "Content-Length: 12\r\n"), "but its length");
    http_client_close(&client);
    snprintf(request, sizeof request,
             "POST / HTTP/1.1\r\nHost: localhost:%d\r\nContent-Length: 3\r\nConnection: close\r\n\r\na=b",
             port);
    T_OK(http_client_open(&client, port, request) && http_client_until(&client, NULL), "POST");
    T_OK(starts(&client, "HTTP/1.1 405 ") && strstr(client.data, "\r\nAllow: GET, HEAD\r\n"), "is refused");
    http_client_close(&client);
}

/* A name that was pointed to 127.0.0.1 by a stranger. */
static void other_hosts(int port)
{
    static const char *const lines[] = {"Host: evil.example\r\n", "Host: 127.0.0.1\r\n", "Host: \r\n", ""};
    struct http_client client;
    char request[256];
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        snprintf(request, sizeof request, "GET / HTTP/1.1\r\n%sConnection: close\r\n\r\n", lines[i]);
        T_OK(http_client_open(&client, port, request) && http_client_until(&client, NULL), "%s", lines[i]);
        T_OK(starts(&client, "HTTP/1.1 4") && !strstr(client.data, "hello"), "refused: %.30s", client.data);
        http_client_close(&client);
    }
}

static bool join(struct http_client *client, int port)
{
    char request[256];
    snprintf(request, sizeof request,
             "GET /events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: text/event-stream\r\n\r\n", port);
    return http_client_open(client, port, request) && http_client_until(client, "event: hello\n");
}

static void pause_ms(long ms)
{
    const struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

static void wait_for_clients(int n)
{
    for (int i = 0; i < 1000 && er_events_clients(events) != n; i++) pause_ms(10);
    T_EQ_INT(er_events_clients(events), n, "clients of the stream");
}

static void many_clients(int port)
{
    enum { CLIENTS = 20 };
    struct http_client client[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) T_OK(join(&client[i], port), "client %d is greeted", i);
    T_OK(strstr(client[0].data, "\r\nContent-Type: text/event-stream\r\n"), "as a stream of events");
    wait_for_clients(CLIENTS);
    for (int n = 0; n < 5; n++) {
        char text[64];
        snprintf(text, sizeof text, "%d", n);
        er_events_post(events, "count", text);
        snprintf(text, sizeof text, "event: count\ndata: %d\n\n", n);
        for (int i = 0; i < CLIENTS; i++)
            T_OK(http_client_until(&client[i], text), "client %d hears %d", i, n);
    }
    for (int i = 0; i < CLIENTS; i++) http_client_close(&client[i]);
    for (int i = 0; i < 3; i++) { /* that a client has gone shows when something is sent */
        er_events_ping(events);
        pause_ms(20);
    }
    wait_for_clients(0);
}

/* It joins and reads no more, until all that lies between is full. */
static void a_slow_client(int port)
{
    struct http_client slow, quick;
    static char news[32 * 1024 + 1];
    memset(news, 'x', sizeof news - 1);
    T_OK(join(&slow, port) && join(&quick, port), "two clients");
    wait_for_clients(2);
    for (int i = 0; i < 2000 && er_events_clients(events) == 2; i++) {
        char end[32];
        er_events_post(events, "much", news);
        snprintf(end, sizeof end, "data: %d\n", i);
        er_events_post(events, "end", end);
        if (!http_client_until(&quick, end)) break;
        free(quick.data);
        quick.data = NULL;
        quick.length = 0;
    }
    wait_for_clients(1);
    er_events_post(events, "last", "1");
    T_OK(http_client_until(&quick, "event: last\n"), "the quick one hears what comes after");
    http_client_until(&slow, NULL);
    T_OK(slow.ended && !strstr(slow.data, "event: last\n"), "the slow one's connection was closed");
    http_client_close(&slow);
    T_OK(join(&slow, port), "and it can come back");
    http_client_close(&slow);
    http_client_close(&quick);
}

static void a_port_in_use(int port)
{
    struct er_error err;
    struct er_http *second = NULL;
    int fd, bound;
    const struct er_http_options options = {.port = port, .route = routes};
    T_STATUS(er_http_start(&options, &second, &err), ER_E_BUSY, "a port in use");
    char number[16];
    snprintf(number, sizeof number, "%d", port);
    T_OK(strstr(err.msg, number), "is named: %s", err.msg);
    T_STATUS(er_listen("127.0.0.1", 65536, &fd, &bound, &err), ER_E_USAGE, "a port out of range");
    T_STATUS(er_listen("127.0.0.1", -1, &fd, &bound, &err), ER_E_USAGE, "a negative port");
    T_STATUS(er_listen("localhost", 0, &fd, &bound, &err), ER_E_USAGE, "a name is no address");
}

/* Connections that begin a request and never end it take all places, but not for long; a stream stays. */
static void half_requests(int *status)
{
    enum { PLACES = 4 };
    struct er_error err;
    struct er_http *http = NULL;
    const struct er_http_options options = {
        .route = routes, .ctx = status, .connections = PLACES, .idle_s = 1, .stream_s = 60};
    T_STATUS(er_http_start(&options, &http, &err), ER_OK, "a small server");
    if (!http) return;
    const int port = er_http_port(http);
    struct http_client stream, half[3 * PLACES], asker;
    T_OK(join(&stream, port), "a client of the stream");
    for (int i = 0; i < 3 * PLACES; i++)
        T_OK(http_client_open(&half[i], port, "GET / HT"), "half a request, %d", i);
    T_OK(http_client_get(&asker, port, "/nothing", "") && starts(&asker, "HTTP/1.1 418 "),
         "then a whole one is answered");
    http_client_close(&asker);
    T_OK(http_client_until(&half[0], NULL) && half[0].ended, "the half ones are closed");
    er_events_post(events, "still", "1");
    T_OK(http_client_until(&stream, "event: still\n"), "the stream, silent for longer, is not");
    for (int i = 0; i < 3 * PLACES; i++) http_client_close(&half[i]);
    http_client_close(&stream);
    for (int i = 0; i < 3; i++) {
        er_events_ping(events);
        pause_ms(20);
    }
    wait_for_clients(0);
    er_http_stop(http);
}

static void say_hello(void *ctx, struct er_buffer *out)
{
    (void)ctx;
    er_event_write(out, "hello", "{}");
}

int main(void)
{
    int status = 418;
    struct er_error err;
    struct er_http *http = NULL;
    const struct er_events_options stream = {.greet = say_hello, .queue = 64 * 1024};
    const struct er_http_options options = {.route = routes, .ctx = &status};
    big = malloc(BIG);
    if (!big) return 1;
    for (size_t i = 0; i < BIG; i++) big[i] = (char)(i * i % 251 + 1);
    T_STATUS(er_events_new(&stream, &events, &err), ER_OK, "a stream");
    T_STATUS(er_http_start(&options, &http, &err), ER_OK, "a server");
    if (!http) return t_done();
    const int port = er_http_port(http);
    T_OK(port > 0, "on port %d", port);
    the_routes(port);
    other_methods(port);
    other_hosts(port);
    many_clients(port);
    a_slow_client(port);
    a_port_in_use(port);
    half_requests(&status);
    struct http_client last;
    T_OK(join(&last, port), "a client that is there at the end");
    er_events_end(events);
    er_http_stop(http);
    T_OK(http_client_until(&last, NULL) && strstr(last.data, "\r\n0\r\n"), "sees the stream end");
    http_client_close(&last);
    T_EQ_INT(er_events_clients(events), 0, "and all have left");
    T_EQ_INT(released, 4, "every body was released once"); /* GET /, /big, /?a=b, HEAD / */
    T_STATUS(er_http_start(&(struct er_http_options){.port = port, .route = routes}, &http, &err), ER_OK,
             "the port is free again");
    er_http_stop(http);
    er_events_free(events);
    free(big);
    return t_done();
}
