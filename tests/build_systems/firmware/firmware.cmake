# The firmware itself, without Memfault.
set(folder ${CMAKE_CURRENT_LIST_DIR})
add_executable(firmware ${folder}/main.c)
option(FIRMWARE_WITH_PANICS "Crash at the end, and store a coredump in RAM")
if(FIRMWARE_WITH_PANICS)
  target_compile_definitions(firmware PRIVATE FIRMWARE_WITH_PANICS)
  target_sources(firmware PRIVATE
    ${MEMFAULT_SDK_ROOT}/ports/panics/src/memfault_platform_ram_backed_coredump.c)
endif()
target_compile_options(firmware PRIVATE -Wall -Wextra -Werror -Werror=undef -g)
target_link_options(firmware PRIVATE -Wl,--gc-sections)
if(CMAKE_CROSSCOMPILING)
  target_sources(firmware PRIVATE ${folder}/startup.c)
  target_link_options(firmware PRIVATE -nostartfiles --specs=nano.specs --specs=rdimon.specs
    -T${folder}/cortex_m.ld -Wl,--fatal-warnings)
endif()
