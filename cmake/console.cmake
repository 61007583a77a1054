# headwater_console(TARGET): puts the files of the console into TARGET, precompressed, as
# http/console/console_files.cpp reads them.
#
# They come from HEADWATER_CONSOLE_DIST, else from building web/ with node and npm, which is the only
# step of a build that may use the network (npm's registry, with a lock file). Without either, the
# program has one page, web/absent.html, which says how to get the console.
set(HEADWATER_CONSOLE AUTO CACHE STRING
  "The console in the program: ON, OFF, or AUTO: where node 20.19 or newer and npm are there")
set_property(CACHE HEADWATER_CONSOLE PROPERTY STRINGS AUTO ON OFF)
set(HEADWATER_CONSOLE_DIST "" CACHE PATH "A console that is built already (web/dist of a release)")

enable_language(ASM)

# NODE and NPM are empty unless node is there and new enough.
function(headwater_find_node node npm why)
  # Debian 12's own node is too old; tools/setup then puts a newer one here.
  find_program(HEADWATER_NODE node HINTS ${PROJECT_SOURCE_DIR}/build/node/node_modules/.bin)
  find_program(HEADWATER_NPM npm)
  set(${node} "" PARENT_SCOPE)
  set(${npm} "" PARENT_SCOPE)
  if(NOT HEADWATER_NODE OR NOT HEADWATER_NPM)
    set(${why} "node or npm is not there" PARENT_SCOPE)
    return()
  endif()
  execute_process(COMMAND ${HEADWATER_NODE} --version OUTPUT_VARIABLE version
    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  string(REGEX REPLACE "^v" "" version "${version}")
  if(version VERSION_LESS 20.19)
    set(${why} "${HEADWATER_NODE} is version ${version}, and 20.19 is needed" PARENT_SCOPE)
    return()
  endif()
  set(${node} ${HEADWATER_NODE} PARENT_SCOPE)
  set(${npm} ${HEADWATER_NPM} PARENT_SCOPE)
endfunction()

# The one page that says what is not there.
function(headwater_console_absent assets)
  set(page ${PROJECT_SOURCE_DIR}/web/absent.html)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${page})
  file(SHA256 ${page} etag)
  string(SUBSTRING ${etag} 0 20 etag)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/console_absent.S.in ${assets} @ONLY)
endfunction()

function(headwater_console target)
  set(assets ${CMAKE_CURRENT_BINARY_DIR}/console/assets.S)
  set(web ${PROJECT_SOURCE_DIR}/web)
  set(node "")
  if(HEADWATER_CONSOLE_DIST OR NOT HEADWATER_CONSOLE STREQUAL OFF)
    headwater_find_node(node npm why)
  endif()
  if(NOT node)
    if(HEADWATER_CONSOLE_DIST OR HEADWATER_CONSOLE STREQUAL ON)
      message(FATAL_ERROR "The console cannot be built: ${why}")
    elseif(HEADWATER_CONSOLE STREQUAL AUTO)
      message(WARNING "The program will have no console: ${why}")
    endif()
    headwater_console_absent(${assets})
  elseif(HEADWATER_CONSOLE_DIST)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS ${HEADWATER_CONSOLE_DIST}/*)
    list(FILTER files EXCLUDE REGEX "\\.(gz|br|S)$")
    set(copy ${CMAKE_CURRENT_BINARY_DIR}/console)
    add_custom_command(OUTPUT ${assets}
      COMMAND ${CMAKE_COMMAND} -E rm -rf ${copy}
      COMMAND ${CMAKE_COMMAND} -E copy_directory ${HEADWATER_CONSOLE_DIST} ${copy}
      COMMAND ${node} ${web}/pack.mjs ${copy}
      DEPENDS ${files} ${web}/pack.mjs COMMENT "Packing the console" VERBATIM)
  else()
    set(installed ${web}/node_modules/.package-lock.json) # npm's own note of what it installed
    add_custom_command(OUTPUT ${installed}
      COMMAND ${npm} ci --ignore-scripts --no-audit --no-fund --loglevel=error
      COMMAND ${CMAKE_COMMAND} -E touch ${installed}
      DEPENDS ${web}/package.json ${web}/package-lock.json WORKING_DIRECTORY ${web}
      COMMENT "Installing what builds the console" VERBATIM)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${web}/src/* ${web}/public/*)
    set(dist ${CMAKE_CURRENT_BINARY_DIR}/console)
    add_custom_command(OUTPUT ${assets}
      COMMAND ${node} node_modules/typescript/bin/tsc --noEmit
      COMMAND ${node} node_modules/vite/bin/vite.js build --logLevel warn --outDir ${dist} --emptyOutDir
      COMMAND ${node} budget.mjs ${dist}
      COMMAND ${node} pack.mjs ${dist}
      DEPENDS ${installed} ${sources} ${web}/index.html ${web}/vite.config.ts ${web}/tsconfig.json
              ${web}/budget.mjs ${web}/pack.mjs
      WORKING_DIRECTORY ${web} COMMENT "Building the console" VERBATIM)
  endif()
  target_sources(${target} PRIVATE ${assets})
  set_source_files_properties(${assets} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
