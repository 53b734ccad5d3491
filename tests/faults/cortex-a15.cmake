# CMake toolchain for QEMU's "virt" with a Cortex-A15; THUMB=ON compiles the C code to Thumb instructions.
option(THUMB "Thumb instead of Arm instructions" OFF)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES THUMB)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)

set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR cortex-a15)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_C_FLAGS_INIT "-mcpu=cortex-a15 -mfloat-abi=soft -ffunction-sections -fdata-sections -Os -g")
if(THUMB)
  # Enums of four bytes show a reason that is not extended right.
  string(APPEND CMAKE_C_FLAGS_INIT " -mthumb -fno-short-enums")
else()
  string(APPEND CMAKE_C_FLAGS_INIT " -marm")
endif()
