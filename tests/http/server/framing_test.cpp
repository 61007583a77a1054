#include "http/server/framing.hpp"
#include "http/server/parser.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>
#include <string>

namespace headwater::http {
namespace {

struct attack {
  const char* name;
  std::string head;
};

std::ostream& operator<<(std::ostream& out, const attack& of) {
  return out << of.name;
}

/// What the session does with a head: scan, parse, check. Empty: accepted.
std::string verdict_of(const std::string& bytes, request_head& head, std::string& arena) {
  std::size_t resume = 0;
  const auto scan = scan_head(bytes, resume);
  if (scan.state == head_state::incomplete)
    return "incomplete";
  if (scan.state == head_state::malformed)
    return std::string(scan.reason);
  std::string body;
  parser one(head, arena, body, {1024, 1024, 10});
  if (is_other_version(std::string_view(bytes).substr(0, scan.length)))
    return "version";
  if (!one.parse_head(std::string_view(bytes).substr(0, scan.length)))
    return "Malformed request";
  if (const auto fault = framing_fault(head))
    return std::to_string(fault->status) + " " + std::string(fault->message);
  if (const auto fault = split_target(head))
    return std::string(*fault);
  return {};
}

std::string verdict_of(const std::string& bytes) {
  request_head head;
  std::string arena;
  return verdict_of(bytes, head, arena);
}

const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n";
const std::string post = "POST / HTTP/1.1\r\nHost: a\r\n";

const std::vector<attack> attacks{
    {"no host", "GET / HTTP/1.1\r\n\r\n"},
    {"two hosts", get + "Host: a\r\n\r\n"},
    {"two origins", get + "Origin: https://a.example\r\norigin: https://b.example\r\n\r\n"},
    {"two tokens", get + "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n"},
    {"two keys", get + "X-API-Key: a\r\nX-Api-Key: a\r\n\r\n"},
    {"the same origin twice", get + "Origin: null\r\nOrigin: null\r\n\r\n"},
    {"empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"},
    {"host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"},
    {"host with userinfo", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"},
    {"host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},
    {"host with a long port", "GET / HTTP/1.1\r\nHost: a:999999\r\n\r\n"},
    {"host with a named port", "GET / HTTP/1.1\r\nHost: a:http\r\n\r\n"},
    {"open bracket in the host", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"},
    {"host with a broken escape", "GET / HTTP/1.1\r\nHost: a%zz\r\n\r\n"},
    {"absolute form with a broken escape", "GET http://a%zz/ HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"two hosts on 1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"},
    {"both lengths", post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {"both lengths, other order", post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"},
    {"two equal lengths", post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\n"},
    {"two lengths", post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n"},
    {"list of lengths", post + "Content-Length: 3, 3\r\n\r\n"},
    {"negative length", post + "Content-Length: -1\r\n\r\n"},
    {"length with a plus", post + "Content-Length: +3\r\n\r\n"},
    {"hexadecimal length", post + "Content-Length: 0x10\r\n\r\n"},
    {"empty length", post + "Content-Length:\r\n\r\n"},
    {"length beyond 64 bits", post + "Content-Length: 99999999999999999999\r\n\r\n"},
    {"a coding that nobody knows", post + "Transfer-Encoding: xchunked\r\n\r\n"},
    {"an unknown coding and chunked", post + "Transfer-Encoding: cow, chunked\r\n\r\n"},
    {"no coding", post + "Transfer-Encoding:\r\n\r\n"},
    {"chunked and nothing", post + "Transfer-Encoding: chunked,\r\n\r\n"},
    {"nothing and chunked", post + "Transfer-Encoding: ,chunked\r\n\r\n"},
    {"gzip and nothing", post + "Transfer-Encoding: gzip,\r\n\r\n"},
    {"chunked with a parameter", post + "Transfer-Encoding: chunked;q=1\r\n\r\n"},
    {"gzip and chunked in two fields",
     post + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {"gzip with a length", post + "Transfer-Encoding: gzip\r\nContent-Length: 3\r\n\r\n"},
    {"gzip on 1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n"},
    {"chunked twice", post + "Transfer-Encoding: chunked, chunked\r\n\r\n"},
    {"two chunked fields",
     post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {"chunked with a tail", post + "Transfer-Encoding: chunkedx\r\n\r\n"},
    {"chunked in quotes", post + "Transfer-Encoding: \"chunked\"\r\n\r\n"},
    {"vertical tab before chunked", post + "Transfer-Encoding: \x0b"
                                           "chunked\r\n\r\n"},
    {"chunked on 1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"},
    {"space before the colon", get + "X : y\r\n\r\n"},
    {"tab before the colon", get + "Content-Length\t: 3\r\n\r\n"},
    {"no name", get + ": y\r\n\r\n"},
    {"no colon", get + "nonsense\r\n\r\n"},
    {"continuation line", get + "X: y\r\n z\r\n\r\n"},
    {"continuation line first", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
    {"bare LF", "GET / HTTP/1.1\nHost: a\n\n"},
    {"bare LF in a field", get + "X: y\nContent-Length: 3\r\n\r\n"},
    {"bare CR in a field", get + "X: y\rz\r\n\r\n"},
    {"NUL in a field", get + std::string("X: y\0z\r\n\r\n", 10)},
    {"escape in a field", get + "X: \x1b[31m\r\n\r\n"},
    {"NUL in a name", get + std::string("X\0: y\r\n\r\n", 9)},
    {"delete in the target", "GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"UTF-8 in the target", "GET /\xc3\xbc HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"no version", "GET /\r\nHost: a\r\n\r\n"},
    {"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"lower-case protocol", "GET / http/1.1\r\nHost: a\r\n\r\n"},
    {"version 2.0", "PRI * HTTP/2.0\r\n\r\n"},
    {"fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"target without a slash", "GET a HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"absolute form without a host", "GET http:///a HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"absolute form with userinfo", "GET http://u:p@h/a HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"absolute form of another scheme", "GET ftp://h/a HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"asterisk of GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(framing)

BOOST_DATA_TEST_CASE(each_attack_is_refused, boost::unit_test::data::make(attacks), one) {
  const auto verdict = verdict_of(one.head);
  BOOST_TEST(verdict != "");
  BOOST_TEST(verdict != "incomplete");
  BOOST_TEST(!verdict.starts_with("501"));
}

BOOST_AUTO_TEST_CASE(known_codings_other_than_chunked_are_501) {
  for (const auto list :
       {"gzip", "GZip", "x-gzip", "deflate", "compress", "identity", "gzip, chunked",
        "gzip ,\tdeflate , chunked", "chunked, gzip", "identity,chunked", "gzip;q=1, chunked"})
    BOOST_TEST(verdict_of(post + "Transfer-Encoding: " + list + "\r\n\r\n") ==
                   "501 The only transfer coding is chunked",
               list);
}

BOOST_AUTO_TEST_CASE(plain_requests_are_accepted) {
  for (const auto& head :
       {get + "\r\n", post + "Content-Length: 3\r\n\r\n",
        post + "Transfer-Encoding: Chunked\r\n\r\n", std::string("GET / HTTP/1.0\r\n\r\n"),
        get + "X: caf\xc3\xa9\ty\r\n\r\n", get + "Empty:\r\n\r\n",
        std::string("OPTIONS * HTTP/1.1\r\nHost: a:80\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nhost: a.example\r\n\r\n")})
    BOOST_TEST(verdict_of(head) == "", head);
}

BOOST_AUTO_TEST_CASE(other_versions_are_told_from_nonsense) {
  for (const auto head : {"GET / HTTP/2.1\r\n", "PRI * HTTP/2.0\r\n", "GET / HTTP/0.9\r\n"})
    BOOST_TEST(is_other_version(head), head);
  for (const auto head :
       {"GET / HTTP/1.1\r\n", "GET / HTTP/1.0\r\n", "GET / HTTP/1.2\r\n", "GET /\r\n",
        "nonsense\r\n", "GET / HTTP/11\r\n", "GET / http/2.0\r\n", "GET / HTTP/x.y\r\n"})
    BOOST_TEST(!is_other_version(head), head);
}

BOOST_AUTO_TEST_CASE(later_minor_versions_are_found) {
  BOOST_TEST(later_minor_version("GET / HTTP/1.2\r\n").value() == 13);
  BOOST_TEST(later_minor_version("GET / HTTP/1.9\r\nA: HTTP/1.1\r\n").value() == 13);
  for (const auto head : {"GET / HTTP/1.1\r\n", "GET / HTTP/1.0\r\n", "GET / HTTP/2.0\r\n",
                          "GET / HTTP/1.10\r\n", "GET / HTTP/1.x\r\n", "GET /\r\n"})
    BOOST_TEST(!later_minor_version(head), head);
}

BOOST_AUTO_TEST_CASE(needless_escapes_of_a_path_are_undone) {
  BOOST_TEST(without_needless_escapes("/%6Civez/%7euser%2D%5F%2e") == "/livez/~user-_.");
  for (const auto path : {"/plain", "/a%2Fb", "/a%20b", "/100%25", "/%c3%A9", "/%", "/%4", "/%zz",
                          "/%2541", "/a%2Bb", "/%00"})
    BOOST_TEST(without_needless_escapes(path) == path);
}

BOOST_AUTO_TEST_CASE(absolute_form_gives_path_and_query) {
  request_head head;
  std::string arena;
  BOOST_TEST(verdict_of("GET http://h:80/a/b?c=d HTTP/1.1\r\nHost: h\r\n\r\n", head, arena) == "");
  BOOST_TEST(head.path == "/a/b");
  BOOST_TEST(head.query == "c=d");
  BOOST_TEST(verdict_of("GET https://h?c HTTP/1.1\r\nHost: h\r\n\r\n", head, arena) == "");
  BOOST_TEST(head.path == "/");
  BOOST_TEST(head.query == "c");
}

BOOST_AUTO_TEST_CASE(scan_resumes_at_every_split) {
  const auto whole = get + "X-Long: value\r\n\r\n";
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    std::size_t resume = 0;
    BOOST_TEST((scan_head(std::string_view(whole).substr(0, cut), resume).state ==
                head_state::incomplete));
    const auto scan = scan_head(whole, resume);
    BOOST_TEST((scan.state == head_state::complete));
    BOOST_TEST(scan.length == whole.size());
  }
}

BOOST_AUTO_TEST_CASE(field_names_are_lowered_and_values_trimmed) {
  request_head head;
  std::string arena;
  BOOST_TEST(verdict_of(get + "X-API-Key:   AbC \t\r\n\r\n", head, arena) == "");
  BOOST_TEST(head.value("x-api-key") == "AbC");
}

BOOST_AUTO_TEST_CASE(close_wins_over_keep_alive) {
  const auto stays = [](const std::string& version, const std::string& fields) {
    request_head head;
    std::string arena;
    BOOST_TEST(verdict_of("GET / HTTP/" + version + "\r\nHost: a\r\n" + fields + "\r\n", head,
                          arena) == "");
    return head.keep_alive;
  };
  for (const auto fields :
       {"Connection: close\r\n", "Connection: close, keep-alive\r\n",
        "Connection: keep-alive, Close\r\n", "Connection: keep-alive\r\nConnection: close\r\n",
        "Connection: upgrade ,close\r\n"})
    for (const auto version : {"1.1", "1.0"})
      BOOST_TEST(!stays(version, fields), fields);
  BOOST_TEST(stays("1.1", ""));
  BOOST_TEST(stays("1.1", "Connection: closed, x-close\r\n"));
  BOOST_TEST(stays("1.0", "Connection: Keep-Alive\r\n"));
  BOOST_TEST(!stays("1.0", ""));
}

BOOST_AUTO_TEST_CASE(a_head_request_is_known_before_it_is_parsed) {
  for (const auto bytes : {"HEAD / HTTP/1.1\r\n", "HEAD\t/", "HEAD\r\n", "HEAD  ", "HEAD"})
    BOOST_TEST(is_head_request(bytes), bytes);
  for (const auto bytes : {"GET / HTTP/1.1\r\n", "HEADER / HTTP/1.1\r\n", "head / HTTP/1.1\r\n",
                           " HEAD / HTTP/1.1\r\n", "HEA", ""})
    BOOST_TEST(!is_head_request(bytes), bytes);
}

BOOST_AUTO_TEST_CASE(content_codings_but_identity_are_seen) {
  const auto is_coded = [](std::vector<header_field> fields) {
    request_head head;
    head.fields = std::move(fields);
    return has_content_coding(head);
  };
  for (const auto value : {"gzip", "GZIP", "identity, br", "unknown", "identity;x"})
    BOOST_TEST(is_coded({{"content-encoding", value}}), value);
  for (const auto value : {"", "identity", "Identity , identity", " ,"})
    BOOST_TEST(!is_coded({{"content-encoding", value}}), value);
  BOOST_TEST(is_coded({{"content-encoding", "identity"}, {"content-encoding", "gzip"}}));
  BOOST_TEST(!is_coded({{"accept-encoding", "gzip"}}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::http
