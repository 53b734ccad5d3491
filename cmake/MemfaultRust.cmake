# How CMake builds the Rust part; used by CMakeLists.txt and cmake/Memfault.cmake.
include_guard(GLOBAL)

get_filename_component(MEMFAULT_RS_ROOT ${CMAKE_CURRENT_LIST_DIR}/.. ABSOLUTE CACHE)
mark_as_advanced(MEMFAULT_RS_ROOT)

set(MEMFAULT_RS_TARGET "" CACHE STRING
  "Rust target, such as thumbv7em-none-eabi; empty: the one that fits the C compiler and its flags")
set(MEMFAULT_RS_CARGO_TARGET_DIR "" CACHE PATH
  "Folder of cargo's intermediate files; empty: one in each build tree. Trees that share one build in turn")
find_program(MEMFAULT_RS_CARGO cargo PATHS $ENV{HOME}/.cargo/bin NO_CMAKE_FIND_ROOT_PATH
  DOC "The program cargo of a Rust toolchain (1.88 or newer)")

# Stops unless there is a cargo that runs and is new enough.
function(memfault_rs_check_cargo)
  string(CONCAT how "Install Rust 1.88 or newer (https://rustup.rs; Debian: apt-get install cargo-web rustc-web "
    "rust-web-src) or set MEMFAULT_RS_CARGO to the program.")
  if(NOT MEMFAULT_RS_CARGO)
    message(FATAL_ERROR "No cargo found. ${how}")
  endif()
  execute_process(COMMAND ${MEMFAULT_RS_CARGO} --version WORKING_DIRECTORY ${MEMFAULT_RS_ROOT}
    RESULT_VARIABLE result OUTPUT_VARIABLE version ERROR_VARIABLE problem)
  if(NOT "${result}" STREQUAL "0")
    message(FATAL_ERROR "No cargo found: ${MEMFAULT_RS_CARGO} does not run. ${how}\n${problem}")
  endif()
  if(version MATCHES "^cargo ([0-9]+[.][0-9]+)" AND CMAKE_MATCH_1 VERSION_LESS 1.88)
    message(FATAL_ERROR "${MEMFAULT_RS_CARGO} is of Rust ${CMAKE_MATCH_1}, which is too old. ${how}")
  endif()
endfunction()

function(memfault_rs_check_components components)
  set(valid core util panics metrics http demo)
  foreach(component IN LISTS components)
    if(NOT component IN_LIST valid)
      message(FATAL_ERROR "MEMFAULT_RS_COMPONENTS: no component \"${component}\"; valid are ${valid}.")
    endif()
  endforeach()
endfunction()

# The C units of shim/ that belong to any firmware (config_probe.c does not), and those of components.
set(MEMFAULT_RS_SHIM_SOURCES
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_build_id.c
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_cdr_log.c
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_compact_log.c
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_data_export.c
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_events_log.c
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_format.c
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_identity_log.c
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_log.c
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_sdk_assert.c
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_self_test.c
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_task_watchdog.c
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_trace_event.c
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_trace_reasons.c
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_transport_log.c)
set(MEMFAULT_RS_SHIM_SOURCES_demo
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_demo_commands.c
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_demo_log.c
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_demo_watchdog.c)
set(MEMFAULT_RS_SHIM_SOURCES_demo_http
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_demo_http.c)
set(MEMFAULT_RS_SHIM_SOURCES_demo_panics
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_demo_panics.c)
set(MEMFAULT_RS_SHIM_SOURCES_http
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_http.c
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_http_log.c)
set(MEMFAULT_RS_SHIM_SOURCES_metrics
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_metrics.c
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_metrics_builtin.c
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_metrics_log.c)
set(MEMFAULT_RS_SHIM_SOURCES_panics
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_panics_assert_hook.c
  ${MEMFAULT_RS_ROOT}/shim/memfault_rs_panics_log.c)

# Sets <out> to the C units of a library with some components.
function(memfault_rs_shim_sources components out)
  set(sources ${MEMFAULT_RS_SHIM_SOURCES})
  foreach(component IN LISTS components)
    list(APPEND sources ${MEMFAULT_RS_SHIM_SOURCES_${component}})
    if("demo" IN_LIST components) # what joins demo and this one
      list(APPEND sources ${MEMFAULT_RS_SHIM_SOURCES_demo_${component}})
    endif()
  endforeach()
  set(${out} ${sources} PARENT_SCOPE)
endfunction()

# memfault_rs_add_probe(<name>): an OBJECT library of the one unit that spells the configuration.
function(memfault_rs_add_probe name)
  add_library(${name} OBJECT ${MEMFAULT_RS_ROOT}/shim/config_probe.c)
  target_include_directories(${name} PRIVATE ${MEMFAULT_RS_ROOT}/include)
  # The object is read for its bytes: it must be one, and its warnings are nobody's. Behind the
  # flags of the firmware, of which -flto and -Werror may be part.
  target_compile_options(${name} PRIVATE -fno-lto -w)
  set_target_properties(${name} PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
endfunction()

# memfault_rs_add_rust_build(<target> PROBE <object library> RESULT <file> RESULT_OPTIONS <xtask options>
#                            DEFAULT_CARGO_TARGET_DIR <folder> COMPONENTS <names>...)
# The target <target> makes RESULT with `cargo xtask archive`, again when the configuration or a source
# file changes.
function(memfault_rs_add_rust_build target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PROBE;RESULT;DEFAULT_CARGO_TARGET_DIR" "RESULT_OPTIONS;COMPONENTS")
  set(target_dir ${arg_DEFAULT_CARGO_TARGET_DIR})
  if(MEMFAULT_RS_CARGO_TARGET_DIR)
    set(target_dir ${MEMFAULT_RS_CARGO_TARGET_DIR})
  elseif(DEFINED ENV{MEMFAULT_RS_CARGO_TARGET_DIR})
    set(target_dir $ENV{MEMFAULT_RS_CARGO_TARGET_DIR})
  endif()
  list(JOIN arg_COMPONENTS "," features)
  set(options ${arg_RESULT_OPTIONS})
  if(MEMFAULT_RS_TARGET)
    list(APPEND options --target ${MEMFAULT_RS_TARGET})
  endif()
  if(CMAKE_OBJCOPY)
    list(APPEND options --objcopy ${CMAKE_OBJCOPY})
  endif()
  # The tool itself needs none of its optional parts here.
  set(xtask ${MEMFAULT_RS_CARGO} run --quiet --manifest-path ${MEMFAULT_RS_ROOT}/Cargo.toml
    --package xtask --no-default-features --target-dir ${target_dir} --)
  add_custom_command(OUTPUT ${arg_RESULT}
    # The job server of an outer make is not open for cargo, which would say so.
    COMMAND ${CMAKE_COMMAND} -E env --unset=MAKEFLAGS --unset=MFLAGS
      ${xtask} archive --quiet --no-shim --config-object $<TARGET_OBJECTS:${arg_PROBE}>
      --features ${features} --target-dir ${target_dir} --depfile ${arg_RESULT}.d ${options}
    # An unchanged result keeps its time, which make would take for stale forever.
    COMMAND ${CMAKE_COMMAND} -E touch ${arg_RESULT}
    DEPENDS $<TARGET_OBJECTS:${arg_PROBE}>
      ${MEMFAULT_RS_ROOT}/Cargo.toml ${MEMFAULT_RS_ROOT}/Cargo.lock ${MEMFAULT_RS_ROOT}/archive/Cargo.toml
    DEPFILE ${arg_RESULT}.d
    WORKING_DIRECTORY ${MEMFAULT_RS_ROOT}
    COMMENT "Building the Rust part of Memfault"
    VERBATIM)
  add_custom_target(${target} DEPENDS ${arg_RESULT})
  add_dependencies(${target} ${arg_PROBE})
endfunction()
