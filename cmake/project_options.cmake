# Compiler settings that every target of ours shares, as one interface target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(HEADWATER_CCACHE ccache)
if(HEADWATER_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${HEADWATER_CCACHE})
endif()

set(HEADWATER_SANITIZE "" CACHE STRING "Sanitizers, for example address,undefined or thread")

add_library(headwater_options INTERFACE)
target_compile_options(headwater_options INTERFACE -Wall -Wextra -Wpedantic -Werror -Werror=switch)
target_include_directories(headwater_options INTERFACE ${PROJECT_SOURCE_DIR})

find_program(HEADWATER_MOLD mold)
if(HEADWATER_MOLD)
  target_link_options(headwater_options INTERFACE -fuse-ld=mold)
endif()

if(HEADWATER_SANITIZE)
  target_compile_options(headwater_options INTERFACE
    -fsanitize=${HEADWATER_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(headwater_options INTERFACE -fsanitize=${HEADWATER_SANITIZE})
endif()
