# The script and the style sheet of the page are built in web/ and carried inside the library, so that the program
# is one file and a page needs no network. npm makes them (cmake/page.sh) whenever a source of web/ is newer.
enable_language(ASM)
set(web ${PROJECT_SOURCE_DIR}/web)
set(assets ${PROJECT_BINARY_DIR}/web)
file(GLOB_RECURSE web_sources CONFIGURE_DEPENDS ${web}/src/* ${web}/*.json ${web}/*.mjs)
list(FILTER web_sources EXCLUDE REGEX "/(node_modules|dist)/")

file(CONFIGURE OUTPUT ${assets}/assets.S CONTENT [[
/* Made by cmake/page.cmake: the page's script and style, byte for byte. Declared in src/note/assets.h. */
        .section .rodata
        .globl er_page_js, er_page_js_end, er_page_css, er_page_css_end
er_page_js:
        .incbin "@assets@/page.js"
er_page_js_end:
        .byte 0
er_page_css:
        .incbin "@assets@/page.css"
er_page_css_end:
        .byte 0
        .section .note.GNU-stack, "", %progbits
]] @ONLY)
set_source_files_properties(${assets}/assets.S PROPERTIES OBJECT_DEPENDS "${assets}/page.js;${assets}/page.css")
add_custom_command(OUTPUT ${assets}/page.js ${assets}/page.css
  COMMAND sh ${PROJECT_SOURCE_DIR}/cmake/page.sh ${web} ${assets}
  DEPENDS ${web_sources} ${PROJECT_SOURCE_DIR}/cmake/page.sh
  COMMENT "page: script and style (npm)" VERBATIM)
add_custom_target(page DEPENDS ${assets}/page.js ${assets}/page.css)
set(ermine_page_sources ${assets}/assets.S)
