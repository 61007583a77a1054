# headwater_ai_platforms(TARGET SOURCES LIST...): compiles the lists of AI platforms into TARGET.
# SOURCES says where lists that were taken over whole come from.
find_package(Python3 REQUIRED COMPONENTS Interpreter)

function(headwater_ai_platforms target sources)
  list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE lists)
  set(sources ${CMAKE_CURRENT_SOURCE_DIR}/${sources})
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/shipped_platforms.cpp)
  add_custom_command(OUTPUT ${generated}
    COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/cmake/ai_platforms.py
            --output ${generated} --sources ${sources} ${lists}
    DEPENDS ${PROJECT_SOURCE_DIR}/cmake/ai_platforms.py ${sources} ${lists}
    COMMENT "Compiling the list of AI platforms" VERBATIM)
  target_sources(${target} PRIVATE ${generated})
endfunction()
