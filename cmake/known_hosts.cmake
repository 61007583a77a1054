# headwater_known_hosts(TARGET PASSTHROUGH_LIST WELL_KNOWN_LIST OWN_MAIL_LIST): compiles the lists of hosts that
# the linter knows into TARGET.
find_package(Python3 REQUIRED COMPONENTS Interpreter)

function(headwater_known_hosts target passthrough well_known own_mail)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/known_hosts_data.cpp)
  set(scripts ${PROJECT_SOURCE_DIR}/cmake/known_hosts.py ${PROJECT_SOURCE_DIR}/cmake/ai_platforms.py)
  set(lists ${CMAKE_CURRENT_SOURCE_DIR}/${passthrough} ${CMAKE_CURRENT_SOURCE_DIR}/${well_known}
      ${CMAKE_CURRENT_SOURCE_DIR}/${own_mail})
  list(GET lists 0 passthrough)
  list(GET lists 1 well_known)
  list(GET lists 2 own_mail)
  add_custom_command(OUTPUT ${generated}
    COMMAND Python3::Interpreter -B ${PROJECT_SOURCE_DIR}/cmake/known_hosts.py --output ${generated}
            --passthrough ${passthrough} --well-known ${well_known}
            --own-mail ${own_mail}
    DEPENDS ${scripts} ${lists}
    COMMENT "Compiling the lists of known hosts" VERBATIM)
  target_sources(${target} PRIVATE ${generated})
endfunction()
