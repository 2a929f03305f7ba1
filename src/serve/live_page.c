/* live_page.c - the page of the present version, made once for all who ask. */
#include "serve/live_state.h"

#include <ermine/memory.h>
#include <string.h>

void er_live_page_release(struct er_live_page *page)
{
    if (!page || atomic_fetch_sub(&page->holders, 1) > 1) return;
    er_free(page->html);
    er_free(page);
}

void er_live_publish(struct er_live_note *live)
{
    live->version++;
    for (int i = 0; i < 2; i++) {
        er_live_page_release(live->page[i]);
        live->page[i] = NULL;
    }
    er_live_news_page(live, live->version);
}

/* A figure in error is shown in its place: the page is whole all the same. */
static enum er_status write_note(const struct er_note *note, const struct er_note_result *result,
                                 const struct er_page_options *options, char **html, struct er_error *err)
{
    enum er_status status = er_note_page(note, result, options, html, err);
    return status == ER_E_INPUT && *html ? ER_OK : status;
}

/* Before any text could be read the reason is the page, a note of its own. */
static enum er_status write_reason(struct er_live_note *live, const struct er_page_options *options,
                                   char **html, struct er_error *err)
{
    struct er_buffer text = {0};
    char *markdown = NULL;
    struct er_note *note = NULL;
    pthread_mutex_lock(&live->news.lock);
    er_buffer_format(&text, "~~~~\n%s\n~~~~\n", live->news.error);
    pthread_mutex_unlock(&live->news.lock);
    enum er_status status = er_buffer_take(&text, &markdown, err);
    if (status == ER_OK) status = er_note_parse(markdown, strlen(markdown), "ermine watch", &note, err);
    if (status == ER_OK) status = write_note(note, NULL, options, html, err);
    er_note_free(note);
    er_free(markdown);
    return status;
}

/* The lock is held. */
static enum er_status write_page(struct er_live_note *live, const struct er_page_options *options,
                                 char **html, struct er_error *err)
{
    if (!live->text) return write_reason(live, options, html, err);
    struct er_note_result *shown = er_alloc(live->studies, sizeof *shown);
    if (!shown) return er_fail(err, ER_E_NOMEM, "out of memory for the page");
    for (int64_t i = 0; i < live->studies; i++)
        if (live->result[i])
            shown[i] = er_live_result_shown(live->result[i], er_note_study(live->text->note, i, NULL));
    enum er_status status = write_note(live->text->note, shown, options, html, err);
    er_free(shown);
    return status;
}

/* Makes the page of the present version. The lock is held. */
static enum er_status make_page(struct er_live_note *live, enum er_live_form form, struct er_error *err)
{
    const struct er_page_options options = {
        .live = live->version, .bare = form == ER_LIVE_BARE, .memory = live->memory};
    struct er_live_page *page = er_alloc(1, sizeof *page);
    if (!page) {
        er_fail(err, ER_E_NOMEM, "out of memory for the page");
        return ER_E_NOMEM;
    }
    enum er_status status = write_page(live, &options, &page->html, err);
    if (status != ER_OK) {
        er_free(page);
        return status;
    }
    atomic_init(&page->holders, 1);
    page->length = strlen(page->html);
    live->page[form] = page;
    return ER_OK;
}

enum er_status er_live_page(struct er_live_note *live, enum er_live_form form, struct er_live_page **out,
                            struct er_error *err)
{
    pthread_mutex_lock(&live->lock);
    enum er_status status = live->page[form] ? ER_OK : make_page(live, form, err);
    if (status == ER_OK) {
        *out = live->page[form];
        atomic_fetch_add(&(*out)->holders, 1);
    }
    pthread_mutex_unlock(&live->lock);
    return status;
}
