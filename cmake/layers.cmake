# headwater_layer(NAME [EXCEPT file...] [MAY_USE folder...] [LINK target...] [PRECOMPILE header...])
#
# Declares the static library headwater_NAME from every .cpp below the current folder, links it to
# the folders that it may use, and makes its build depend on two checks: a folder that includes one
# to its right, or a library that is not its own, does not build, nor does one with a hash container
# that a client could flood.
# PRECOMPILE names headers of libraries, never our own: those change too often.
find_package(Python3 REQUIRED COMPONENTS Interpreter)

function(headwater_layer name)
  cmake_parse_arguments(layer "" "" "EXCEPT;MAY_USE;LINK;PRECOMPILE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(TRANSFORM layer_EXCEPT PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  list(REMOVE_ITEM sources ${layer_EXCEPT})
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp)
  add_library(headwater_${name} STATIC ${sources})
  list(TRANSFORM layer_MAY_USE PREPEND headwater_ OUTPUT_VARIABLE used)
  target_link_libraries(headwater_${name} PUBLIC headwater_options ${used} ${layer_LINK})
  headwater_precompile(headwater_${name} ${layer_PRECOMPILE})
  set(stamp ${CMAKE_CURRENT_BINARY_DIR}/layer_check.stamp)
  add_custom_command(OUTPUT ${stamp}
    COMMAND Python3::Interpreter -B ${PROJECT_SOURCE_DIR}/cmake/check_rooms.py --folder ${CMAKE_CURRENT_SOURCE_DIR}
    COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/cmake/check_hashes.py
            --folder ${CMAKE_CURRENT_SOURCE_DIR}
    COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/cmake/check_layer.py
            --folder ${CMAKE_CURRENT_SOURCE_DIR} --stamp ${stamp}
    DEPENDS ${PROJECT_SOURCE_DIR}/cmake/check_hashes.py ${PROJECT_SOURCE_DIR}/cmake/check_rooms.py
            ${PROJECT_SOURCE_DIR}/cmake/rooms.txt ${PROJECT_SOURCE_DIR}/cmake/check_layer.py
            ${sources} ${headers}
    COMMENT "Checking what ${name}/ includes and how it hashes" VERBATIM)
  add_custom_target(headwater_${name}_includes DEPENDS ${stamp})
  add_dependencies(headwater_${name} headwater_${name}_includes)
endfunction()
