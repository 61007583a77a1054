#include "certificate_files.hpp"
#include "http/tls/tls_channel.hpp"

#include <openssl/err.h>

#include <array>
#include <optional>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace headwater::http::testing {

BOOST_AUTO_TEST_SUITE(tls_channels)

namespace {

/// The two ends of a connection: a channel, and a client of OpenSSL. Neither blocks.
struct two_ends {
  two_ends() {
    int both[2];
    BOOST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, both) == 0);
    near = both[0];
    far = both[1];
    const auto read = tls_context::load(files.make("localhost"));
    BOOST_REQUIRE(read.has_value());
    context = *read;
    own.emplace(*context, near);
    client_context = SSL_CTX_new(TLS_client_method());
    client = SSL_new(client_context);
    SSL_set_fd(client, far);
    SSL_set_connect_state(client);
  }
  ~two_ends() {
    SSL_free(client);
    SSL_CTX_free(client_context);
    ::close(near);
    ::close(far);
  }
  two_ends(const two_ends&) = delete;
  two_ends& operator=(const two_ends&) = delete;

  tls_state agree() {
    tls_step step;
    for (int i = 0; i < 20; ++i) {
      (void)SSL_do_handshake(client);
      ERR_clear_error();
      step = own->shake_hands();
      if (!step.must_wait() && SSL_is_init_finished(client) == 1)
        break;
    }
    return step.state;
  }

  std::string received() {
    std::array<char, 64 * 1024> room;
    const int got = SSL_read(client, room.data(), room.size());
    ERR_clear_error();
    return got > 0 ? std::string(room.data(), static_cast<std::size_t>(got)) : "";
  }

  certificate_files files;
  std::shared_ptr<const tls_context> context;
  int near = -1, far = -1;
  std::optional<tls_channel> own;
  SSL_CTX* client_context = nullptr;
  SSL* client = nullptr;
};

} // namespace

BOOST_AUTO_TEST_CASE(bytes_come_through_both_ways) {
  two_ends ends;
  BOOST_REQUIRE((ends.agree() == tls_state::done));
  char room[16];
  BOOST_TEST((ends.own->read(room, sizeof room).state == tls_state::wants_read));
  BOOST_TEST(SSL_write(ends.client, "hello", 5) == 5);
  const auto read = ends.own->read(room, 3);
  BOOST_TEST((read.state == tls_state::done));
  BOOST_TEST(std::string_view(room, read.bytes) == "hel");
  BOOST_TEST(ends.own->has_pending());
  BOOST_TEST(ends.own->read(room, sizeof room).bytes == 2U);
  BOOST_TEST(!ends.own->has_pending());
  const std::array<std::string_view, 3> pieces{"one", "", "two"};
  BOOST_TEST(ends.own->write(pieces).bytes == 6U);
  BOOST_TEST(ends.received() == "onetwo");
}

BOOST_AUTO_TEST_CASE(pieces_make_records_of_at_most_16_kib) {
  two_ends ends;
  BOOST_REQUIRE((ends.agree() == tls_state::done));
  const std::string large(40'000, 'x');
  for (const auto& pieces : {std::array<std::string_view, 2>{"head", large},
                             std::array<std::string_view, 2>{large, "tail"}}) {
    const auto step = ends.own->write(pieces);
    BOOST_TEST((step.state == tls_state::done));
    BOOST_TEST(step.bytes == 16'384U);
    BOOST_TEST(ends.received() ==
               (std::string(pieces[0]) + std::string(pieces[1])).substr(0, 16'384));
  }
}

BOOST_AUTO_TEST_CASE(a_full_socket_is_waited_for_and_nothing_is_lost) {
  two_ends ends;
  BOOST_REQUIRE((ends.agree() == tls_state::done));
  const std::string sent = [] {
    std::string all;
    while (all.size() < 4'000'000)
      all += std::to_string(all.size()) + ",";
    return all;
  }();
  std::string got;
  std::string_view rest = sent;
  int waits = 0;
  while (!rest.empty()) {
    const std::array<std::string_view, 1> pieces{rest};
    const auto step = ends.own->write(pieces);
    if (step.state == tls_state::done) {
      rest.remove_prefix(step.bytes);
      continue;
    }
    BOOST_REQUIRE((step.state == tls_state::wants_write));
    ++waits;
    while (SSL_pending(ends.client) > 0 || got.size() < sent.size()) {
      const auto more = ends.received();
      if (more.empty())
        break;
      got += more;
    }
  }
  while (got.size() < sent.size()) {
    const auto more = ends.received();
    BOOST_REQUIRE(!more.empty());
    got += more;
  }
  BOOST_TEST((got == sent));
  BOOST_TEST(waits > 0);
}

BOOST_AUTO_TEST_CASE(a_client_that_only_changes_its_keys_is_ended) {
  two_ends ends;
  BOOST_REQUIRE((ends.agree() == tls_state::done));
  char room[16];
  const auto change = [&](int times) {
    for (int i = 0; i < times; ++i) {
      BOOST_REQUIRE(SSL_key_update(ends.client, SSL_KEY_UPDATE_NOT_REQUESTED) == 1);
      BOOST_REQUIRE(SSL_do_handshake(ends.client) == 1);
    }
  };
  for (int round = 0; round < 4; ++round) { // with data between them there is no limit
    change(30);
    BOOST_TEST(SSL_write(ends.client, "hello", 5) == 5);
    BOOST_TEST((ends.own->read(room, sizeof room).state == tls_state::done));
  }
  change(40);
  BOOST_TEST((ends.own->read(room, sizeof room).state == tls_state::failed));
}

BOOST_AUTO_TEST_CASE(close_notify_ends_a_connection_in_both_directions) {
  two_ends ends;
  BOOST_REQUIRE((ends.agree() == tls_state::done));
  BOOST_TEST(!ends.own->is_ended());
  BOOST_TEST((ends.own->close().state == tls_state::done));
  BOOST_TEST(ends.received() == "");
  BOOST_TEST((SSL_get_shutdown(ends.client) & SSL_RECEIVED_SHUTDOWN) != 0);
  (void)SSL_shutdown(ends.client);
  char room[16];
  BOOST_TEST(ends.own->is_ended());
  BOOST_TEST((ends.own->read(room, sizeof room).state == tls_state::ended));
}

BOOST_AUTO_TEST_CASE(an_end_without_close_notify_is_a_failure) {
  two_ends ends;
  BOOST_REQUIRE((ends.agree() == tls_state::done));
  ::shutdown(ends.far, SHUT_RDWR);
  char room[16];
  BOOST_TEST((ends.own->read(room, sizeof room).state == tls_state::failed));
  BOOST_TEST(ends.own->is_ended());
  const std::array<std::string_view, 1> pieces{"x"};
  BOOST_TEST((ends.own->write(pieces).state == tls_state::failed));
  BOOST_TEST((ends.own->close().state == tls_state::failed));
}

BOOST_AUTO_TEST_CASE(a_detached_channel_touches_no_socket) {
  two_ends ends;
  BOOST_REQUIRE((ends.agree() == tls_state::done));
  ends.own->detach();
  const std::array<std::string_view, 1> pieces{"x"};
  BOOST_TEST((ends.own->write(pieces).state == tls_state::failed));
  BOOST_TEST(ends.received() == "");
}

BOOST_AUTO_TEST_CASE(plain_http_is_recognised) {
  const std::pair<std::string, bool> cases[] = {
      {"GET / HTTP/1.1\r\n\r\n", true},
      {"DELETE / HTTP/1.1\r\n\r\n", true},
      {std::string("\x16\x03\x01\x00\x00nonsense", 13), false},
      {std::string(20, '\0'), false}};
  for (const auto& [sent, is_http] : cases) {
    two_ends ends;
    BOOST_REQUIRE(::write(ends.far, sent.data(), sent.size()) > 0);
    BOOST_TEST((ends.own->shake_hands().state == tls_state::failed));
    BOOST_TEST(ends.own->is_plain_http() == is_http);
  }
}

BOOST_AUTO_TEST_CASE(only_http_1_1_is_agreed_on) {
  const auto offering = [](std::string_view protocols) {
    two_ends ends;
    SSL_set_alpn_protos(ends.client, reinterpret_cast<const unsigned char*>(protocols.data()),
                        static_cast<unsigned>(protocols.size()));
    if (ends.agree() != tls_state::done)
      return std::string("refused");
    const unsigned char* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ends.client, &chosen, &size);
    return std::string(reinterpret_cast<const char*>(chosen), size);
  };
  BOOST_TEST(offering("\x02h2\x08http/1.1") == "http/1.1");
  BOOST_TEST(offering("\x02h2") == "refused");
}

BOOST_AUTO_TEST_CASE(tls_1_1_is_refused_and_1_2_and_1_3_are_spoken) {
  const std::pair<int, bool> cases[] = {
      {TLS1_1_VERSION, false}, {TLS1_2_VERSION, true}, {TLS1_3_VERSION, true}};
  for (const auto& [version, is_spoken] : cases) {
    two_ends ends;
    SSL_set_security_level(ends.client, 0);
    SSL_set_min_proto_version(ends.client, version);
    SSL_set_max_proto_version(ends.client, version);
    BOOST_TEST((ends.agree() == tls_state::done) == is_spoken);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http::testing
