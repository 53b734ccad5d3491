# The targets that firmware links, for a library that is built along with it (CMakeLists.txt) and for an
# installed one (memfault_rs-config.cmake).
include_guard(GLOBAL)
include(${CMAKE_CURRENT_LIST_DIR}/MemfaultRust.cmake)

# memfault_rs_add_config_targets(): what the firmware decides, and the unit that spells it.
macro(memfault_rs_add_config_targets)
  # Include folders with the firmware's configuration files, definitions, flags. The user adds them any
  # time, and may have made the target before.
  if(NOT TARGET memfault_config)
    add_library(memfault_config INTERFACE)
  endif()
  memfault_rs_add_probe(memfault_config_probe)
  target_link_libraries(memfault_config_probe PRIVATE memfault_config)
endmacro()

# memfault_rs_add_targets(<archive file> <target that makes or checks it> <components>)
function(memfault_rs_add_targets archive_file maker components)
  add_library(memfault_rs_archive STATIC IMPORTED GLOBAL)
  set_target_properties(memfault_rs_archive PROPERTIES IMPORTED_LOCATION ${archive_file})
  add_dependencies(memfault_rs_archive ${maker})

  # The C units that need the firmware's configuration and flags. They and the archive call each
  # other, so each names the other and the linker sees both twice.
  memfault_rs_shim_sources("${components}" shim_sources)
  add_library(memfault_rs_shim STATIC EXCLUDE_FROM_ALL ${shim_sources})
  target_include_directories(memfault_rs_shim PUBLIC ${MEMFAULT_RS_ROOT}/include)
  # A debugger script reads arguments of two of these functions, and the host finds the metrics in the
  # debug information. None of it goes into flash.
  target_compile_options(memfault_rs_shim BEFORE PRIVATE -g)
  target_link_libraries(memfault_rs_shim PUBLIC memfault_config INTERFACE memfault_rs_archive)
  set_property(TARGET memfault_rs_archive PROPERTY INTERFACE_LINK_LIBRARIES memfault_rs_shim)

  add_library(memfault_rs INTERFACE)
  add_library(memfault::memfault ALIAS memfault_rs)
  target_include_directories(memfault_rs INTERFACE ${MEMFAULT_RS_ROOT}/include)
  target_link_libraries(memfault_rs INTERFACE memfault_config memfault_rs_archive)
  # The linker takes nothing from an archive to replace the weak handlers of a start-up file. So that the
  # library's exception handlers win also in firmware that calls no function of the library:
  if(CMAKE_CROSSCOMPILING AND "panics" IN_LIST components)
    target_link_options(memfault_rs INTERFACE LINKER:-u,memfault_fault_handler)
  endif()

  memfault_rs_add_ports()
endfunction()

# Ports, compiled as part of the target that links them.
function(memfault_rs_add_ports)
  set(ports ${MEMFAULT_RS_ROOT}/ports)
  add_library(memfault_rs_ports INTERFACE) # the headers memfault/ports/*.h
  add_library(memfault::ports ALIAS memfault_rs_ports)
  target_include_directories(memfault_rs_ports INTERFACE ${ports}/include)

  add_library(memfault_rs_ram_backed_coredump INTERFACE) # coredumps in RAM that survives a reset
  add_library(memfault::ram_backed_coredump ALIAS memfault_rs_ram_backed_coredump)
  target_sources(memfault_rs_ram_backed_coredump INTERFACE
    ${ports}/panics/src/memfault_platform_ram_backed_coredump.c)
  target_link_libraries(memfault_rs_ram_backed_coredump INTERFACE memfault_rs)

  add_library(memfault_rs_freertos INTERFACE) # lock, clock, timer, tasks of FreeRTOS
  add_library(memfault::freertos ALIAS memfault_rs_freertos)
  foreach(unit core_freertos freertos_ram_regions metrics_freertos panics_freertos
      sdk_metrics_freertos self_test_freertos thread_metrics_freertos)
    target_sources(memfault_rs_freertos INTERFACE ${ports}/freertos/src/memfault_${unit}.c)
  endforeach()
  # The firmware's list of metrics names ports/freertos/config/ from the root folder of the library.
  target_include_directories(memfault_rs_freertos INTERFACE ${MEMFAULT_RS_ROOT})
  target_link_libraries(memfault_rs_freertos INTERFACE memfault_rs memfault_rs_ports)

  add_library(memfault_rs_posix INTERFACE) # lock, clocks, log, timer of programs on a POSIX system
  add_library(memfault::posix ALIAS memfault_rs_posix)
  foreach(unit core metrics_timer retained)
    target_sources(memfault_rs_posix INTERFACE ${ports}/posix/memfault_posix_${unit}.c)
  endforeach()
  target_compile_options(memfault_rs_posix INTERFACE -pthread)
  target_link_options(memfault_rs_posix INTERFACE -pthread)
  target_link_libraries(memfault_rs_posix INTERFACE memfault_rs memfault_rs_ports)
endfunction()
