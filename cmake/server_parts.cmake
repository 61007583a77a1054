# The files of http/ that need no CAF, for builds without it: what a request's bytes pass through
# before any actor is asked, and what counts and limits clients. The tests under TSan link all
# of them, the fuzz targets the first; the program has them in headwater_http.
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)

set(parts server/chunk_reader server/conditional server/framing server/gzip server/host server/negotiation
  server/parser server/proxy_header server/query server/request server/router
  addresses/counted_address addresses/forwarded addresses/networks)
if(NOT HEADWATER_BUILD_FUZZ)
  find_package(OpenSSL 3.0 REQUIRED)
  find_package(prometheus-cpp REQUIRED)
  list(APPEND parts server/account_turns server/descriptor_budget server/error_response server/metrics
    server/response server/shared_body addresses/address_limits addresses/connection_counts tls/tls_context)
endif()
list(TRANSFORM parts REPLACE "(.+)" "${PROJECT_SOURCE_DIR}/http/\\1.cpp")
add_library(headwater_server_parts STATIC ${parts})
# clang 14 cannot compile a coroutine with this one of UBSan's checks.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  set_source_files_properties(${PROJECT_SOURCE_DIR}/http/server/proxy_header.cpp PROPERTIES
    SKIP_UNITY_BUILD_INCLUSION ON COMPILE_OPTIONS -fno-sanitize=function)
endif()
target_link_libraries(headwater_server_parts PUBLIC headwater_options headwater_domain headwater_store
  Threads::Threads ZLIB::ZLIB)
if(NOT HEADWATER_BUILD_FUZZ)
  target_link_libraries(headwater_server_parts PUBLIC OpenSSL::SSL prometheus-cpp::core)
endif()
target_compile_definitions(headwater_server_parts PUBLIC BOOST_ASIO_NO_DEPRECATED)
# As in http/CMakeLists.txt.
target_compile_options(headwater_server_parts PUBLIC "$<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>")
# TSan knows no fences; Asio's locks order all that its fences do between threads.
if(HEADWATER_SANITIZE STREQUAL "thread")
  target_compile_definitions(headwater_server_parts PUBLIC BOOST_ASIO_DISABLE_FENCED_BLOCK)
endif()
