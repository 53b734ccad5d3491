# The firmware itself, without Memfault.
set(folder ${CMAKE_CURRENT_LIST_DIR})
add_executable(firmware ${folder}/main.c)
target_compile_options(firmware PRIVATE -Wall -Wextra -Werror -Werror=undef -g)
target_link_options(firmware PRIVATE -Wl,--gc-sections)
if(CMAKE_CROSSCOMPILING)
  target_sources(firmware PRIVATE ${folder}/startup.c)
  target_link_options(firmware PRIVATE -nostartfiles --specs=nano.specs --specs=rdimon.specs
    -T${folder}/cortex_m.ld -Wl,--fatal-warnings)
endif()
