# What `make install` puts where: program, library, headers, pkg-config file.
install(TARGETS ermine ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/ermine DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
if(TARGET ermine_program)
  install(TARGETS ermine_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

# ermine.pc finds its tree from its own place, so that the tree may be moved (DESTDIR).
file(RELATIVE_PATH ermine_pc_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" ermine_pc_prefix "${ermine_pc_prefix}")
set(ermine_pc_libs "")
if(XSMM_LIBRARY)
  set(ermine_pc_libs "-lxsmm -lxsmmnoblas -ldl")
endif()
configure_file(${CMAKE_CURRENT_LIST_DIR}/ermine.pc.in ${PROJECT_BINARY_DIR}/ermine.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/ermine.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
