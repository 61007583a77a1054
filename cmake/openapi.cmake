# headwater_openapi(TARGET FOLDER [file...]): checks the JSON files in FOLDER, compiles them into
# TARGET, and makes TARGET depend on a check of the names that its sources and the files use.
find_package(Python3 REQUIRED COMPONENTS Interpreter)

function(headwater_openapi target folder)
  set(folder ${CMAKE_CURRENT_SOURCE_DIR}/${folder})
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*.json)
  file(GLOB scripts ${PROJECT_SOURCE_DIR}/cmake/openapi_*.py)
  list(APPEND scripts ${PROJECT_SOURCE_DIR}/cmake/ai_platforms.py)
  set(script Python3::Interpreter -B ${PROJECT_SOURCE_DIR}/cmake/openapi_schemas.py --folder ${folder})

  set(generated ${CMAKE_CURRENT_BINARY_DIR}/openapi_data.cpp)
  add_custom_command(OUTPUT ${generated}
    COMMAND ${script} --output ${generated}
    DEPENDS ${scripts} ${files} COMMENT "Compiling the schemas of OpenAPI" VERBATIM)
  target_sources(${target} PRIVATE ${generated})

  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp)
  set(stamp ${CMAKE_CURRENT_BINARY_DIR}/openapi_check.stamp)
  add_custom_command(OUTPUT ${stamp}
    COMMAND ${script} --used-by ${CMAKE_CURRENT_SOURCE_DIR} ${ARGN} --stamp ${stamp}
    DEPENDS ${scripts} ${files} ${sources} ${ARGN} COMMENT "Checking the names of OpenAPI's schemas" VERBATIM)
  add_custom_target(${target}_openapi DEPENDS ${stamp})
  add_dependencies(${target} ${target}_openapi)
endfunction()
