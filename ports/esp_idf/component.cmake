# This library as a component of ESP-IDF; included by CMakeLists.txt of the root folder. The application
# sets these in its CMakeLists.txt, above include($ENV{IDF_PATH}/tools/cmake/project.cmake):
#
#   MEMFAULT_RS_COMPONENTS              list of components; default core util
#   MEMFAULT_PLATFORM_EXTRA_INCLUDES    folder with memfault_platform_config.h and the .def files
if(NOT MEMFAULT_RS_COMPONENTS)
  set(MEMFAULT_RS_COMPONENTS core util)
endif()
get_filename_component(root ${CMAKE_CURRENT_LIST_DIR}/../.. ABSOLUTE)

idf_component_register(INCLUDE_DIRS ${root}/include ${root}/ports/include
  SRCS ${CMAKE_CURRENT_LIST_DIR}/component.c)

# ESP-IDF first runs all components as scripts, to find out what they require.
if(NOT CMAKE_BUILD_EARLY_EXPANSION)
  if(CONFIG_IDF_TARGET_ARCH_XTENSA)
    message(FATAL_ERROR "memfault-rs: Rust has no target for Xtensa cores, only for the RISC-V ones")
  endif()
  include(${root}/cmake/Memfault.cmake)
  memfault_library(${root} MEMFAULT_RS_COMPONENTS memfault_sources memfault_includes ARCH_RISCV)
  target_sources(${COMPONENT_LIB} PRIVATE ${memfault_sources})
  target_include_directories(${COMPONENT_LIB} PUBLIC ${MEMFAULT_PLATFORM_EXTRA_INCLUDES})
endif()
