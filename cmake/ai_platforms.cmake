# headwater_ai_platforms(TARGET LIST...): compiles the lists of AI platforms into TARGET.
find_package(Python3 REQUIRED COMPONENTS Interpreter)

function(headwater_ai_platforms target)
  list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE lists)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/shipped_platforms.cpp)
  add_custom_command(OUTPUT ${generated}
    COMMAND Python3::Interpreter ${PROJECT_SOURCE_DIR}/cmake/ai_platforms.py
            --output ${generated} ${lists}
    DEPENDS ${PROJECT_SOURCE_DIR}/cmake/ai_platforms.py ${lists}
    COMMENT "Compiling the list of AI platforms" VERBATIM)
  target_sources(${target} PRIVATE ${generated})
endfunction()
