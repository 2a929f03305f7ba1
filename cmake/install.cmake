# What `make install` puts where: program, library, headers, pkg-config file, manual page,
# completions.
install(TARGETS ermine ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/ermine DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
if(TARGET ermine_program)
  install(TARGETS ermine_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

  # The program writes its own manual page and completions.
  set(texts "")
  foreach(text IN ITEMS "man man/man1/ermine.1" "completion bash bash-completion/completions/ermine"
      "completion zsh zsh/site-functions/_ermine" "completion fish fish/vendor_completions.d/ermine.fish")
    separate_arguments(words UNIX_COMMAND "${text}")
    list(POP_BACK words path)
    set(made ${PROJECT_BINARY_DIR}/share/${path})
    cmake_path(GET made PARENT_PATH folder)
    file(MAKE_DIRECTORY ${folder})
    add_custom_command(OUTPUT ${made} COMMAND ermine_program ${words} > ${made} DEPENDS ermine_program VERBATIM)
    list(APPEND texts ${made})
  endforeach()
  add_custom_target(texts ALL DEPENDS ${texts})
  install(DIRECTORY ${PROJECT_BINARY_DIR}/share/ DESTINATION ${CMAKE_INSTALL_DATAROOTDIR})
endif()

# ermine.pc finds its tree from its own place, so that the tree may be moved (DESTDIR).
file(RELATIVE_PATH ermine_pc_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" ermine_pc_prefix "${ermine_pc_prefix}")
cmake_path(GET OPENBLAS_LIBRARY PARENT_PATH openblas_folder)
set(ermine_pc_libs "${ermine_blas_lock} ${LAPACKE_LIBRARY} ${OPENBLAS_LIBRARY} -Wl,-rpath,${openblas_folder}")
if(XSMM_LIBRARY)
  string(APPEND ermine_pc_libs " -lxsmm -lxsmmnoblas")
endif()
string(APPEND ermine_pc_libs " -ldl")
configure_file(${CMAKE_CURRENT_LIST_DIR}/ermine.pc.in ${PROJECT_BINARY_DIR}/ermine.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/ermine.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
