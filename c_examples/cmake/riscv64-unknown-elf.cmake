# CMake toolchain for the board riscv32-virt: riscv64-unknown-elf-gcc, 32 bits, without a C library.
#
#   cmake -S c_examples/crash -B build/crash \
#         --toolchain $PWD/c_examples/cmake/riscv64-unknown-elf.cmake

set(BOARD riscv32-virt CACHE STRING "Board to build for: riscv32-virt")

# try_compile() runs this file again, in a project that does not know it.
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES BOARD)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv32)
set(CMAKE_C_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)

# -misa-spec: control and status registers are part of "i" there; as an extension they would make
# GCC 12 choose the libgcc of another architecture.
string(JOIN " " CMAKE_C_FLAGS_INIT
  "-march=rv32imac -mabi=ilp32 -misa-spec=2.2 -mcmodel=medany -msmall-data-limit=0"
  "-ffunction-sections -fdata-sections"
  "-ffreestanding -isystem ${CMAKE_CURRENT_LIST_DIR}/../common/freestanding")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE MinSizeRel CACHE STRING "Build type")
endif()
set(CMAKE_C_FLAGS_MINSIZEREL_INIT "-Os -g")
