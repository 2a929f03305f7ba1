# The notes of `ermine new` (cli/new/*.md) are carried inside the program, byte for byte, as the page's assets are in the
# library (page.cmake). Declared in cli/cmd_new.c through cli/new/kinds.def.
file(GLOB new_notes CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/cli/new/*.md)
set(new_assembly "/* Made by cmake/new.cmake: the notes of \`ermine new\`. */\n        .section .rodata\n")
foreach(note IN LISTS new_notes)
  cmake_path(GET note STEM name)
  string(MAKE_C_IDENTIFIER ${name} name)
  string(APPEND new_assembly "        .globl new_${name}, new_${name}_end\nnew_${name}:\n"
    "        .incbin \"${note}\"\nnew_${name}_end:\n        .byte 0\n")
endforeach()
string(APPEND new_assembly "        .section .note.GNU-stack, \"\", %progbits\n")
set(new_sources ${PROJECT_BINARY_DIR}/cli/new.S)
file(CONFIGURE OUTPUT ${new_sources} CONTENT "${new_assembly}" @ONLY)
set_source_files_properties(${new_sources} PROPERTIES OBJECT_DEPENDS "${new_notes}")
