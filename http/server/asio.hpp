#pragma once

// The Asio types of this folder, with io_context's concrete executor: a type-erased executor costs
// an allocation and two virtual calls for each asynchronous operation.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace headwater::http {

namespace asio = boost::asio;

using executor = asio::io_context::executor_type;
using socket = asio::basic_stream_socket<asio::ip::tcp, executor>;

template <class T>
using awaitable = asio::awaitable<T, executor>;

/// Completion token that throws boost::system::system_error.
inline constexpr asio::use_awaitable_t<executor> use_awaitable{};

/// Completion token that returns the error code as a value.
inline constexpr asio::as_tuple_t<asio::use_awaitable_t<executor>> as_result{};

} // namespace headwater::http
