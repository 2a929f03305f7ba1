/* assets.h - the page's script and style, built in web/ and carried in the library (cmake/page.cmake).
 */
#ifndef ERMINE_NOTE_ASSETS_H
#define ERMINE_NOTE_ASSETS_H

/* Bytes from X to X_end; a NUL follows. */
extern const char er_page_js[], er_page_js_end[], er_page_css[], er_page_css_end[];

#endif
