# What `make install` puts where: program, library, headers.
install(TARGETS ermine ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/ermine DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
if(TARGET ermine_program)
  install(TARGETS ermine_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
