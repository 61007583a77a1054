#pragma once

// The one way to pass a failure on: each macro evaluates a result<T> once and, if it holds an
// error, returns that error from the function.
//
//   TRY(const auto row, log.get(table, key));    // row is the value of the result
//   CHECK(sync(file));                           // a result<void>, or a value that is not needed
//   CO_TRY(auto reply, co_await ask(x, find));   // the same two in a coroutine
//   CO_CHECK(co_await send(x, change));
//
// TRY and CO_TRY declare a variable, so write them as statements of a block, never after an `if`
// without braces. gcc 12 miscompiles some co_awaits inside a condition: CO_TRY and CO_CHECK name
// the awaited value first, and so are the one home of that workaround.

#include <utility>

#define HEADWATER_JOIN_NOW(a, b) a##b
#define HEADWATER_JOIN(a, b) HEADWATER_JOIN_NOW(a, b)

#define HEADWATER_TRY(name, leave, declaration, ...)                                               \
  auto name = (__VA_ARGS__);                                                                       \
  if (!name) [[unlikely]]                                                                          \
    leave name.error();                                                                            \
  declaration = *std::move(name)

#define HEADWATER_CHECK(name, leave, ...)                                                          \
  do {                                                                                             \
    auto name = (__VA_ARGS__);                                                                     \
    if (!name) [[unlikely]]                                                                        \
      leave name.error();                                                                          \
  } while (false)

#define TRY(declaration, ...)                                                                      \
  HEADWATER_TRY(HEADWATER_JOIN(tried_, __LINE__), return, declaration, __VA_ARGS__)
#define CHECK(...) HEADWATER_CHECK(checked, return, __VA_ARGS__)
#define CO_TRY(declaration, ...)                                                                   \
  HEADWATER_TRY(HEADWATER_JOIN(tried_, __LINE__), co_return, declaration, __VA_ARGS__)
#define CO_CHECK(...) HEADWATER_CHECK(checked, co_return, __VA_ARGS__)
