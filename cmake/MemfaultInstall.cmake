# `cmake --install`: the archive, and everything that a firmware compiles itself, in one folder
# <prefix>/lib/memfault_rs. Included by CMakeLists.txt where this project is built on its own.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

if(MEMFAULT_RS_CONFIG_DIRS)
  target_include_directories(memfault_config INTERFACE ${MEMFAULT_RS_CONFIG_DIRS})
else()
  target_compile_definitions(memfault_config_probe PRIVATE MEMFAULT_PLATFORM_CONFIG_DISABLED)
endif()

# What the library was built with.
set(memfault_rs_options ${CMAKE_CURRENT_BINARY_DIR}/memfault_rs_options.txt)
add_custom_command(OUTPUT ${memfault_rs_options}
  COMMAND ${CMAKE_COMMAND} -DPROBE=$<TARGET_OBJECTS:memfault_config_probe>
    -DWRITE=${memfault_rs_options} -P ${MEMFAULT_RS_ROOT}/cmake/MemfaultOptions.cmake
  DEPENDS $<TARGET_OBJECTS:memfault_config_probe> ${MEMFAULT_RS_ROOT}/cmake/MemfaultOptions.cmake
  COMMENT "Writing down the configuration"
  VERBATIM)
add_custom_target(memfault_rs_install_files ALL DEPENDS ${memfault_rs_options})
add_dependencies(memfault_rs_install_files memfault_config_probe memfault_rs_build)

file(STRINGS ${MEMFAULT_RS_ROOT}/Cargo.toml memfault_rs_version REGEX "^version = " LIMIT_COUNT 1)
string(REGEX REPLACE ".*\"([0-9.]+).*" "\\1" memfault_rs_version "${memfault_rs_version}")
configure_file(${MEMFAULT_RS_ROOT}/cmake/memfault_rs-config.cmake.in memfault_rs-config.cmake @ONLY)
# Not of one architecture by the width of a pointer only, as that helper would check: the options of the
# library tell more.
write_basic_package_version_file(memfault_rs-config-version.cmake
  VERSION ${memfault_rs_version} COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)

set(folder ${CMAKE_INSTALL_LIBDIR}/memfault_rs)
install(FILES ${memfault_rs_archive_file} DESTINATION ${folder})
install(DIRECTORY include shim ports DESTINATION ${folder})
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/memfault_rs-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/memfault_rs-config-version.cmake
  ${memfault_rs_options}
  cmake/MemfaultOptions.cmake
  cmake/MemfaultRust.cmake
  cmake/MemfaultTargets.cmake
  DESTINATION ${folder}/cmake)
