// Exports, and that checking them accepts nothing else.

#include "store/audit/export_check.hpp"
#include "store/audit/log_export.hpp"
#include "tests/store/proof_fixture.hpp"

#include <random>
#include <sstream>

namespace headwater::store::testing {
namespace {

std::string export_of(const log_engine& log, const std::optional<stream_name>& stream) {
  std::string out;
  auto done = export_log(
      log.events(), log.tables(), stream,
      [&](std::string_view bytes) -> result<void> {
        out += bytes;
        return {};
      },
      [](std::uint64_t, std::uint64_t) {});
  BOOST_REQUIRE_MESSAGE(done, done.error().message);
  return out;
}

result<checked_export> check(const std::string& text, const note_verifier& key) {
  std::istringstream in{text};
  return check_export(in, key, [](std::uint64_t) {});
}

std::string complaint(const std::string& text) {
  auto checked = check(text, test_key().verifier);
  return checked ? "" : checked.error().message;
}

struct exported_log {
  memory_log log;
  exported_log() {
    filler{log}.add(40);
    cut(log, grown_tree(log), test_key());
    filler{log}.add(1);
  }
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);)
    out.push_back(line + '\n');
  return out;
}

void erase_events(erasable_log& log, const stream_name& stream,
                  std::vector<std::uint64_t> sequences) {
  BOOST_REQUIRE(log.erase_parts(stream, sequences).has_value());
}

/// What exporting all streams is refused for; nothing may have been written by then.
std::string refusal(const log_engine& log) {
  std::string out;
  auto done = export_log(
      log.events(), log.tables(), std::nullopt,
      [&](std::string_view bytes) -> result<void> {
        out += bytes;
        return {};
      },
      [](std::uint64_t, std::uint64_t) {});
  BOOST_REQUIRE(done.has_error());
  BOOST_TEST(out.empty());
  BOOST_TEST((done.error().code == errc::not_found));
  return done.error().message;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines)
    out += line;
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(an_export)

BOOST_AUTO_TEST_CASE(of_a_stream_is_accepted_by_its_key_alone) {
  exported_log of;
  auto text = export_of(of.log, "account/a1");
  auto checked = check(text, test_key().verifier);
  BOOST_REQUIRE_MESSAGE(checked, checked.error().message);
  BOOST_TEST(checked->events == 13U);
  BOOST_TEST(checked->streams == 1U);
  BOOST_TEST(checked->within.size == 40U);
  BOOST_TEST(check(text, test_key("headwater/test", 'x').verifier).has_error());
  BOOST_TEST(check(text, test_key("headwater/other").verifier).has_error());
}

BOOST_AUTO_TEST_CASE(of_all_streams_is_accepted_and_ends_with_the_checkpoint) {
  exported_log of;
  auto checked = check(export_of(of.log, std::nullopt), test_key().verifier);
  BOOST_REQUIRE_MESSAGE(checked, checked.error().message);
  BOOST_TEST(checked->events == 40U);
  BOOST_TEST(checked->streams == 3U);
}

BOOST_AUTO_TEST_CASE(tells_how_many_events_no_checkpoint_covers) {
  exported_log of;
  auto done = export_log(
      of.log.events(), of.log.tables(), "account/a0",
      [](std::string_view) { return result<void>{}; }, [](std::uint64_t, std::uint64_t) {});
  BOOST_TEST(done.value().events == 14U);
  BOOST_TEST(done.value().left_out == 1U);
}

BOOST_AUTO_TEST_CASE(of_what_is_not_covered_is_refused) {
  memory_log log;
  const auto refused = [&](const std::optional<stream_name>& stream) {
    return export_log(
               log.events(), log.tables(), stream, [](std::string_view) { return result<void>{}; },
               [](std::uint64_t, std::uint64_t) {})
        .error();
  };
  filler{log}.add(3);
  BOOST_TEST((refused(std::nullopt).code == errc::not_found));
  cut(log, grown_tree(log), test_key());
  BOOST_TEST(refused("account/none").message == "there is no stream account/none");
  must_append(log, request_of("account/late", 0));
  BOOST_TEST(refused("account/late").message ==
             "no checkpoint covers an event of account/late yet; wait for the next one");
}

BOOST_AUTO_TEST_CASE(of_parts_that_went_waits_until_a_checkpoint_covers_their_erasure) {
  struct {
    stream_name stream;
    std::vector<std::uint64_t> sequences;
  } const firsts[] = {{"account/a", {1, 2}}, {"connection/C", {1}}, {"system", {3}}};
  for (const auto& first : firsts) {
    memory_log log;
    must_append(log, request_of("system", 0, 3));
    must_append(log, request_of("account/a", 0, 2));
    must_append(log, request_of("connection/C", 0, 1));
    must_append(log, request_of("account/b", 0, 1));
    cut(log, grown_tree(log), test_key());
    append_erasure(log, {"a", {}, {"C"}, 1, {3}, {}});
    BOOST_TEST(complaint(export_of(log, std::nullopt)) == ""); // nothing is gone yet
    erase_events(log, first.stream, first.sequences);
    const auto why = refusal(log);
    BOOST_TEST(why.starts_with("the erasure of account a (position 8) has no checkpoint yet"), why);
    BOOST_TEST(complaint(export_of(log, "account/a")) == "");
    cut(log, grown_tree(log), test_key());
    BOOST_TEST(complaint(export_of(log, std::nullopt)) == "");
  }
}

BOOST_AUTO_TEST_CASE(does_not_wait_for_an_erasure_of_what_it_leaves_out_or_of_what_was_lost) {
  memory_log log;
  must_append(log, request_of("account/a", 0, 2));
  append_erasure(log, {"a", {}, {}, 1, {}, {}});
  erase_events(log, "account/a", {1, 2});
  cut(log, grown_tree(log), test_key());
  must_append(log, request_of("account/b", 0, 1));
  append_erasure(log, {"b", {}, {}, 1, {1}, {}});
  erase_events(log, "account/b", {1});
  BOOST_TEST(complaint(export_of(log, std::nullopt)) == "");
  cut(log, grown_tree(log), test_key());
  must_append(log, request_of("account/c", 0, 1));
  erase_events(log, "account/c", {1});
  cut(log, grown_tree(log), test_key());
  BOOST_TEST(complaint(export_of(log, std::nullopt)).find("no account_erased accounts for it") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(with_any_bit_flipped_is_refused) {
  exported_log of;
  for (const auto& stream :
       {std::optional<stream_name>{"account/a1"}, std::optional<stream_name>{}}) {
    const auto good = export_of(of.log, stream);
    const auto seed = std::random_device{}();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::mt19937 random{seed};
    for (std::size_t i = 0; i < good.size(); i += stream ? 1 : 1 + random() % 9) {
      auto text = good;
      text[i] = static_cast<char>(text[i] ^ (1 << random() % 8));
      BOOST_REQUIRE_MESSAGE(check(text, test_key().verifier).has_error(),
                            "byte " << i << " may be changed to " << text[i]);
    }
    for (std::size_t size = 0; size < good.size(); size += 1 + random() % 50)
      BOOST_REQUIRE(check(good.substr(0, size), test_key().verifier).has_error());
  }
}

BOOST_AUTO_TEST_CASE(with_lines_left_out_swapped_or_added_is_refused) {
  exported_log of;
  for (const auto& stream :
       {std::optional<stream_name>{"account/a1"}, std::optional<stream_name>{}}) {
    const auto good = lines_of(export_of(of.log, stream));
    for (std::size_t i = 0; i < good.size(); ++i) {
      auto lines = good;
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
      BOOST_REQUIRE(!complaint(joined(lines)).empty());
      lines = good;
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(i), good[i]);
      BOOST_REQUIRE(!complaint(joined(lines)).empty());
      if (i > 0) {
        lines = good;
        std::swap(lines[i], lines[i - 1]);
        BOOST_REQUIRE(!complaint(joined(lines)).empty());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(tells_whose_events_it_holds_and_from_where_to_where) {
  exported_log of;
  const auto all = check(export_of(of.log, std::nullopt), test_key().verifier);
  BOOST_REQUIRE(all);
  BOOST_TEST(all->names.size() == 3U);
  BOOST_TEST(all->first_position == 1U);
  BOOST_TEST(all->last_position == 40U);
  const auto one = check(export_of(of.log, "account/a1"), test_key().verifier);
  BOOST_TEST(one->names == std::vector<stream_name>{"account/a1"},
             boost::test_tools::per_element());
  std::vector<event_header> headers;
  BOOST_REQUIRE(of.log.read_stream("account/a1", 1, [&](const recorded_event& event) {
    headers.push_back(event.header);
    return result<void>{};
  }));
  headers.resize(one->events); // the later ones have no checkpoint
  BOOST_TEST(one->first_position == headers.front().position);
  BOOST_TEST(one->last_position == headers.back().position);
  BOOST_TEST(one->first_time == headers.front().time);
  BOOST_TEST(one->last_time == headers.back().time);
}

BOOST_AUTO_TEST_CASE(of_another_stream_than_the_wanted_one_is_refused) {
  exported_log of;
  const auto demanded = [&](const std::optional<stream_name>& exported, const char* wanted) {
    std::istringstream in{export_of(of.log, exported)};
    const auto checked =
        check_export(in, test_key().verifier, [](std::uint64_t) {}, {stream_name{wanted}, {}});
    return checked ? "" : checked.error().message;
  };
  BOOST_TEST(demanded("account/a1", "account/a1") == "");
  BOOST_TEST(demanded("account/a1", "account/a0").find("it is not of account/a0") !=
             std::string::npos);
  BOOST_TEST(demanded(std::nullopt, "account/a0").find("it is not of account/a0") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(is_compared_with_a_checkpoint_that_was_kept) {
  exported_log of;
  const auto whole = export_of(of.log, std::nullopt);
  const auto one = export_of(of.log, "account/a1");
  const auto against = [&](const std::string& text, const checkpoint& held) {
    std::istringstream in{text};
    const auto checked = check_export(in, test_key().verifier, [](std::uint64_t) {}, {{}, held});
    return checked ? errc{} : checked.error().code;
  };
  merkle_frontier tree;
  std::vector<checkpoint> kept; // one after each event
  BOOST_REQUIRE(of.log.read_all(1, [&](const recorded_event& event) {
    tree.append(leaf_of(event.chain));
    kept.push_back({"headwater/test", tree.size(), tree.root(), {}});
    return result<void>{};
  }));
  for (std::size_t size = 1; size <= 40; ++size) {
    auto held = kept[size - 1];
    BOOST_TEST((against(whole, held) == errc{}));
    BOOST_TEST((against(one, held) == (size == 40 ? errc{} : errc::validation_error)));
    held.root[0] ^= 1;
    BOOST_TEST((against(whole, held) == errc::corrupt_log));
    if (size == 40)
      BOOST_TEST((against(one, held) == errc::corrupt_log));
  }
  BOOST_TEST((against(whole, kept.at(40)) == errc::validation_error)); // it ends before
}

BOOST_AUTO_TEST_CASE(of_one_stream_does_not_pass_for_one_of_all) {
  exported_log of;
  auto one = lines_of(export_of(of.log, "account/a1"));
  const auto all = lines_of(export_of(of.log, std::nullopt));
  one.back() = all.back();
  BOOST_TEST(complaint(joined(one)) ==
             "line 14: the checkpoint covers 40 events, and the file has others");
}

BOOST_AUTO_TEST_CASE(of_one_stream_has_all_payloads_or_none_as_an_erasure_leaves_it) {
  exported_log of;
  auto lines = lines_of(export_of(of.log, "account/a1"));
  const auto events = lines.size() - 1;
  for (std::size_t bare = 1; bare <= events; ++bare) {
    auto& line = lines[bare - 1];
    line = line.substr(0, line.find(",\"part\":")) + ",\"part\":null,\"salt\":null}\n";
    const auto checked = check(joined(lines), test_key().verifier);
    if (bare < events)
      BOOST_TEST(complaint(joined(lines)) ==
                 "line " + std::to_string(lines.size()) +
                     ": stream account/a1, sequence 1: its payload part is gone, and others of its "
                     "stream are there: an erasure takes all of them; if one was under way, export "
                     "again");
    else
      BOOST_TEST(checked.value().erased == events);
  }
}

BOOST_AUTO_TEST_CASE(cannot_write_to_the_terminal_of_whoever_checks_it) {
  exported_log of;
  auto lines = lines_of(export_of(of.log, "account/a1"));
  lines[1].replace(lines[1].find("account/a1"), 10, "\\u001b[2J\xb4");
  BOOST_TEST(complaint(joined(lines)) ==
             "line 2: stream ?[2J\uFFFD, sequence 2: it follows sequence 0");
}

BOOST_AUTO_TEST_CASE(says_which_line_and_event_is_wrong) {
  exported_log of;
  auto lines = lines_of(export_of(of.log, "account/a1"));
  lines[4].replace(lines[4].find("01HREQUEST"), 3, "02H");
  BOOST_TEST(complaint(joined(lines)) ==
             "line 5: stream account/a1, sequence 5: its payload does not have its hash");
  lines.pop_back();
  BOOST_TEST(complaint(joined({lines.begin(), lines.begin() + 4})) ==
             "line 5: the checkpoint is missing: the file is cut off");
  BOOST_TEST(complaint("") == "line 1: the checkpoint is missing: the file is cut off");
}

BOOST_AUTO_TEST_CASE(with_lines_of_any_length_is_read_whole) {
  for (const std::size_t length : {65'000, 65'535, 65'536, 65'537, 200'000}) {
    memory_log log;
    // So that a line ends near the end of a piece that is read.
    for (std::size_t more = 0; more < 3; ++more) {
      append_request request{"account/a1", more, {{}}};
      request.commands[0].events.push_back(make_event('"' + std::string(length + more, 'x') + '"'));
      must_append(log, std::move(request));
    }
    cut(log, grown_tree(log), test_key());
    BOOST_TEST(complaint(export_of(log, "account/a1")) == "");
  }
}

BOOST_AUTO_TEST_CASE(with_a_line_without_an_end_is_refused_and_not_held_in_memory) {
  struct endless : std::streambuf {
    std::array<char, 1 << 16> piece;
    endless() { piece.fill('x'); }
    int_type underflow() override {
      setg(piece.data(), piece.data(), piece.data() + piece.size());
      return traits_type::to_int_type(piece[0]);
    }
  };
  endless source;
  std::istream in{&source};
  const auto checked = check_export(in, test_key().verifier, [](std::uint64_t) {});
  BOOST_REQUIRE(!checked);
  BOOST_TEST(checked.error().message == "line 1: it is longer than any line of an export");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace headwater::store::testing
