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

# A unity build (CMAKE_UNITY_BUILD; all presets but dev and tsan have it) compiles eight files of a
# folder as one: half the time, since headers and templates are read once. gcc then takes types in
# anonymous namespaces for those of a header.
if(CMAKE_UNITY_BUILD)
  target_compile_options(headwater_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()

if(HEADWATER_SANITIZE)
  target_compile_options(headwater_options INTERFACE
    -fsanitize=${HEADWATER_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  # The option's old name, because ccache looks for changes of the file under no other.
  target_compile_options(headwater_options INTERFACE
    "$<$<CXX_COMPILER_ID:Clang>:-fsanitize-blacklist=${PROJECT_SOURCE_DIR}/cmake/sanitize.ignore>")
  # With sanitizers gcc 12 takes inactive members of a variant for uninitialised ones (GCC PR 105562)
  # and a std::string's own buffer for one that is too short.
  target_compile_options(headwater_options INTERFACE
    "$<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized;-Wno-array-bounds;-Wno-stringop-overflow;-Wno-stringop-overread;-Wno-restrict>")
  target_link_options(headwater_options INTERFACE -fsanitize=${HEADWATER_SANITIZE})
endif()

option(HEADWATER_PRECOMPILE "Read the headers of libraries once for each folder" ON)

# headwater_precompile(TARGET header...): a third of a file's time goes into reading the headers of
# libraries. gcc alone; `cmake --preset dev -DHEADWATER_PRECOMPILE=OFF` shows where a file lacks an
# #include.
function(headwater_precompile target)
  if(HEADWATER_PRECOMPILE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND ARGN)
    target_precompile_headers(${target} PRIVATE ${ARGN})
    # What ccache needs to cache files that use a precompiled header, beside CCACHE_SLOPPINESS.
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()

set(headwater_std_headers <algorithm> <array> <chrono> <cstdint> <functional> <map> <memory> <mutex>
  <optional> <set> <span> <string> <string_view> <unordered_map> <unordered_set> <variant> <vector>
  <boost/system/result.hpp>)
set(headwater_actor_headers <caf/actor_system.hpp> <caf/allowed_unsafe_message_type.hpp> <caf/event_based_actor.hpp>
  <caf/scoped_actor.hpp> <caf/send.hpp> <caf/stateful_actor.hpp> <caf/typed_actor.hpp>
  <caf/typed_event_based_actor.hpp> <caf/typed_response_promise.hpp> <spdlog/spdlog.h>)
set(headwater_http_headers <boost/asio/as_tuple.hpp> <boost/asio/awaitable.hpp> <boost/asio/basic_stream_socket.hpp>
  <boost/asio/io_context.hpp> <boost/asio/ip/tcp.hpp> <boost/asio/use_awaitable.hpp>)
