# The files of http/server that need no CAF, for builds without it: what a request's bytes pass
# through before any actor is asked. The fuzz targets link them; the program has them in headwater_http.
find_package(ZLIB REQUIRED)

set(parts chunk_reader conditional framing gzip host negotiation parser query request router)
list(TRANSFORM parts REPLACE "(.+)" "${PROJECT_SOURCE_DIR}/http/server/\\1.cpp")
add_library(headwater_server_parts STATIC ${parts})
target_link_libraries(headwater_server_parts PUBLIC headwater_options headwater_domain headwater_store ZLIB::ZLIB)
target_compile_definitions(headwater_server_parts PUBLIC BOOST_ASIO_NO_DEPRECATED)
