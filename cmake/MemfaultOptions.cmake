# Options of a library as text, out of the object of shim/config_probe.c. A script:
#
#   cmake -DPROBE=OBJECT -DWRITE=FILE -P MemfaultOptions.cmake    writes them, one a line
#   cmake -DPROBE=OBJECT -DCHECK=FILE -P MemfaultOptions.cmake    fails unless they are those of FILE
cmake_minimum_required(VERSION 3.20)

# The records of the object: "n:NAME=16 digits" and "s:NAME=text". Digits go from '0' to '?', so that one
# is a semicolon, which is no separator here.
file(STRINGS ${PROBE} lines REGEX "MFLTCFG:[ns]:[A-Z0-9_]+=")
set(records)
foreach(line IN LISTS lines)
  string(REGEX REPLACE "^.*MFLTCFG:" "" record "${line}")
  string(REPLACE ";" "@" record "${record}")
  list(APPEND records "${record}")
endforeach()
list(SORT records)

if(WRITE)
  list(JOIN records "\n" text)
  file(WRITE ${WRITE} "${text}\n")
  return()
endif()

file(STRINGS ${CHECK} wanted)
if(wanted STREQUAL records)
  return()
endif()
set(names)
foreach(record IN LISTS wanted)
  if(NOT record IN_LIST records)
    string(REGEX REPLACE "^[ns]:([A-Z0-9_]+)=.*" "\\1" name "${record}")
    list(APPEND names ${name})
  endif()
endforeach()
foreach(record IN LISTS records)
  if(NOT record IN_LIST wanted)
    string(REGEX REPLACE "^[ns]:([A-Z0-9_]+)=.*" "\\1" name "${record}")
    list(APPEND names ${name})
  endif()
endforeach()
list(REMOVE_DUPLICATES names)
list(JOIN names ", " names)
message(FATAL_ERROR "The installed Memfault library was built with other values of ${names}. Build and "
  "install it with this firmware's configuration (MEMFAULT_RS_CONFIG_DIRS) and compiler flags.")
