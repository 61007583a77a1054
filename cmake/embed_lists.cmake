# headwater_embed_lists(TARGET FILE...): compiles the lists of sources and public suffixes into TARGET.
find_package(Python3 REQUIRED COMPONENTS Interpreter)

function(headwater_embed_lists target)
  list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE files)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/shipped_lists.cpp)
  add_custom_command(OUTPUT ${generated}
    COMMAND Python3::Interpreter -B ${PROJECT_SOURCE_DIR}/cmake/embed_lists.py --output ${generated} ${files}
    DEPENDS ${PROJECT_SOURCE_DIR}/cmake/embed_lists.py ${files}
    COMMENT "Embedding the lists of sources and public suffixes" VERBATIM)
  target_sources(${target} PRIVATE ${generated})
  # A list is one literal, longer than the 65,536 characters that every compiler has to take.
  set_source_files_properties(${generated} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON
    COMPILE_OPTIONS -Wno-overlength-strings)
endfunction()
