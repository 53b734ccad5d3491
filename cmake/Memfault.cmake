# memfault_library(): the SDK as a list of C files, for firmware that compiles them in its own targets.
# New projects use add_subdirectory() and memfault::memfault instead.
#
#   include(third_party/memfault-rs/cmake/Memfault.cmake)
#   set(MEMFAULT_COMPONENTS core util)
#   memfault_library(third_party/memfault-rs MEMFAULT_COMPONENTS
#     MEMFAULT_COMPONENTS_SRCS MEMFAULT_COMPONENTS_INC_FOLDERS)
#   add_executable(app main.c ${MEMFAULT_COMPONENTS_SRCS})
#   target_include_directories(app PRIVATE ${MEMFAULT_COMPONENTS_INC_FOLDERS} config)
cmake_policy(VERSION 3.20) # an older CMake stops here
cmake_policy(SET CMP0057 NEW)

include(${CMAKE_CURRENT_LIST_DIR}/MemfaultRust.cmake)

# memfault_library(<sdk root> <name of a list variable with components> <out: sources> <out: include folder>
#                  [ARCH_ARM_CORTEX_M | ARCH_RISCV | ARCH_XTENSA | ARCH_POSIX])
# One of the sources carries the Rust part. It is built with the include folders, definitions and flags
# of the target that has it among its sources.
function(memfault_library sdk_root components_var src_out inc_out)
  set(arch ARCH_ARM_CORTEX_M)
  if(ARGC GREATER 4)
    set(arch ${ARGV4})
  endif()
  # The library contains what the compiler's architecture needs, so the name is only checked.
  if(NOT arch MATCHES "^ARCH_(ARM_CORTEX_M|RISCV|XTENSA|POSIX)$")
    message(FATAL_ERROR "Unsupported Arch: ${arch}")
  endif()
  get_filename_component(sdk_root ${sdk_root} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
  memfault_rs_check_cargo()
  memfault_rs_check_components("${${components_var}}")

  # The unit exists before anything is built, so that targets of any directory can name it.
  string(MD5 key "${CMAKE_CURRENT_BINARY_DIR} ${src_out}")
  string(SUBSTRING ${key} 0 8 key)
  set(folder ${CMAKE_BINARY_DIR}/memfault-rs-${key})
  set(carrier ${folder}/memfault_rs.c)
  if(NOT EXISTS ${carrier})
    file(WRITE ${carrier} "#error the Rust part of Memfault is not built yet\n")
  endif()

  memfault_rs_shim_sources("${${components_var}}" shim_sources)
  set(${src_out} ${shim_sources} ${carrier} PARENT_SCOPE)
  set(${inc_out} ${sdk_root}/components/include PARENT_SCOPE)
  # Which target compiles the unit is known when all targets are.
  cmake_language(EVAL CODE "cmake_language(DEFER DIRECTORY [[${CMAKE_SOURCE_DIR}]]
    CALL memfault_rs_build_carrier [[${carrier}]] [[${${components_var}}]])")
endfunction()

# Deferred: makes the rule for the unit, with the flags of the first target that compiles it.
function(memfault_rs_build_carrier carrier components)
  memfault_rs_users_of(${carrier} ${CMAKE_SOURCE_DIR} users)
  if("${users}" STREQUAL "") # not `NOT users`: a target may be called "n", which is a false value
    return()
  endif()
  list(GET users 0 user)
  get_filename_component(folder ${carrier} DIRECTORY)
  get_filename_component(key ${folder} NAME)

  set(probe ${key}-probe)
  memfault_rs_add_probe(${probe})
  foreach(property INCLUDE_DIRECTORIES COMPILE_DEFINITIONS COMPILE_OPTIONS)
    # In front: what the probe needs itself stands behind the firmware's flags.
    get_target_property(own ${probe} ${property})
    if(NOT own)
      set(own)
    endif()
    set_property(TARGET ${probe} PROPERTY ${property} $<TARGET_PROPERTY:${user},${property}> ${own})
  endforeach()
  get_target_property(standard ${user} C_STANDARD)
  if(standard)
    set_property(TARGET ${probe} PROPERTY C_STANDARD ${standard})
  endif()

  memfault_rs_add_rust_build(${key}-build
    PROBE ${probe}
    RESULT ${carrier}
    RESULT_OPTIONS --carrier ${carrier}
    COMPONENTS ${components}
    DEFAULT_CARGO_TARGET_DIR ${folder}/cargo)
  foreach(user IN LISTS users)
    add_dependencies(${user} ${key}-build)
    # File-scope assembly has no symbols in the eyes of link-time optimisation.
    set_property(SOURCE ${carrier} TARGET_DIRECTORY ${user} APPEND PROPERTY COMPILE_OPTIONS -fno-lto)
  endforeach()
endfunction()

# Sets <out> to the targets of a directory and the ones below it that have a source file.
function(memfault_rs_users_of source directory out)
  set(users)
  get_property(targets DIRECTORY ${directory} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    get_target_property(sources ${target} SOURCES)
    if(NOT type STREQUAL "INTERFACE_LIBRARY" AND source IN_LIST sources)
      list(APPEND users ${target})
    endif()
  endforeach()
  get_property(subdirectories DIRECTORY ${directory} PROPERTY SUBDIRECTORIES)
  foreach(subdirectory IN LISTS subdirectories)
    memfault_rs_users_of(${source} ${subdirectory} more)
    list(APPEND users ${more})
  endforeach()
  set(${out} ${users} PARENT_SCOPE)
endfunction()
