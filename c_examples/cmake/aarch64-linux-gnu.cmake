# CMake toolchain for the board aarch64-virt: aarch64-linux-gnu-gcc, which makes code for no
# operating system when it is told so, and gets no C library.
#
#   cmake -S c_examples/crash -B build/crash \
#         --toolchain $PWD/c_examples/cmake/aarch64-linux-gnu.cmake

set(BOARD aarch64-virt CACHE STRING "Board to build for: aarch64-virt")

# try_compile() runs this file again, in a project that does not know it.
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES BOARD)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR cortex-a53)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)

# -mgeneral-regs-only: exception handlers save no others. Without unwind tables in flash the compiler
# writes the same into the debug information, where debuggers find it.
string(JOIN " " CMAKE_C_FLAGS_INIT
  "-mcpu=cortex-a53 -mgeneral-regs-only -mstrict-align -mno-outline-atomics -fno-pie"
  "-fno-stack-protector -fno-asynchronous-unwind-tables -fno-unwind-tables"
  "-ffunction-sections -fdata-sections"
  "-ffreestanding -isystem ${CMAKE_CURRENT_LIST_DIR}/../common/freestanding")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static -no-pie")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE MinSizeRel CACHE STRING "Build type")
endif()
set(CMAKE_C_FLAGS_MINSIZEREL_INIT "-Os -g")
