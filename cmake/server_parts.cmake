# The files of http/server that need no CAF, for builds without it: what a request's bytes pass
# through before any actor is asked, and what counts and limits clients. The tests under TSan link all
# of them, the fuzz targets the first; the program has them in headwater_http.
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)

set(parts chunk_reader conditional framing gzip host negotiation parser query request router)
if(NOT HEADWATER_BUILD_FUZZ)
  find_package(prometheus-cpp REQUIRED)
  list(APPEND parts account_turns address_limits descriptor_budget error_response metrics response)
endif()
list(TRANSFORM parts REPLACE "(.+)" "${PROJECT_SOURCE_DIR}/http/server/\\1.cpp")
add_library(headwater_server_parts STATIC ${parts})
target_link_libraries(headwater_server_parts PUBLIC headwater_options headwater_domain headwater_store
  Threads::Threads ZLIB::ZLIB)
if(NOT HEADWATER_BUILD_FUZZ)
  target_link_libraries(headwater_server_parts PUBLIC prometheus-cpp::core)
endif()
target_compile_definitions(headwater_server_parts PUBLIC BOOST_ASIO_NO_DEPRECATED)
