# CMake toolchain for the boards of the examples: arm-none-eabi-gcc with newlib-nano.
#
#   cmake -S c_examples/basic -B build/basic -DBOARD=mps2-an385 \
#         --toolchain $PWD/c_examples/cmake/arm-none-eabi.cmake
#
# BOARD chooses the processor: mps2-an385 (Cortex-M3), mps2-an386 (Cortex-M4), mps2-an500 (M7),
# mps2-an505 (M33), microbit (M0). HARD_FLOAT=ON passes floats in FPU registers (an386 and an500
# only); the library is then built for thumbv7em-none-eabihf.

set(BOARD mps2-an385 CACHE STRING "Board to build for: mps2-an385 an386 an500 an505, or microbit")
option(HARD_FLOAT "Use the FPU and the hard-float calling convention" OFF)

# try_compile() runs this file again, in a project that does not know these two.
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES BOARD HARD_FLOAT)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

set(cpu_of_mps2-an385 cortex-m3)
set(cpu_of_mps2-an386 cortex-m4)
set(cpu_of_mps2-an500 cortex-m7)
set(cpu_of_mps2-an505 cortex-m33)
set(cpu_of_microbit cortex-m0)
if(NOT DEFINED cpu_of_${BOARD})
  message(FATAL_ERROR "BOARD=${BOARD}: no such board; see ${CMAKE_CURRENT_LIST_FILE}")
endif()

set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR ${cpu_of_${BOARD}})
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)

set(CMAKE_C_FLAGS_INIT "-mcpu=${CMAKE_SYSTEM_PROCESSOR} -mthumb -ffunction-sections -fdata-sections")
if(HARD_FLOAT AND BOARD STREQUAL "mps2-an386")
  string(APPEND CMAKE_C_FLAGS_INIT " -mfloat-abi=hard -mfpu=fpv4-sp-d16")
elseif(HARD_FLOAT AND BOARD STREQUAL "mps2-an500")
  string(APPEND CMAKE_C_FLAGS_INIT " -mfloat-abi=hard -mfpu=fpv5-sp-d16")
elseif(HARD_FLOAT)
  message(FATAL_ERROR "HARD_FLOAT: the core of ${BOARD} has no FPU")
else()
  string(APPEND CMAKE_C_FLAGS_INIT " -mfloat-abi=soft")
endif()
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE MinSizeRel CACHE STRING "Build type")
endif()
set(CMAKE_C_FLAGS_MINSIZEREL_INIT "-Os -g")
