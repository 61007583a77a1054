#include "store/audit/export_check.hpp"

#include "domain/core/text.hpp"
#include "domain/core/try.hpp"
#include "domain/json/canonical_reader.hpp"
#include "store/audit/erasures.hpp"
#include "store/audit/event_proof.hpp"
#include "store/audit/stored_tree.hpp"
#include "store/log/event_checks.hpp"
#include "store/log/event_codec.hpp"

#include <algorithm>
#include <istream>
#include <map>
#include <vector>

namespace headwater::store {
namespace {

constexpr std::uint64_t lines_between_reports = 1000;
constexpr std::string_view last_line_begin = R"({"checkpoint":)";

/// The message may quote the file, which anyone may have written.
error at_line(std::uint64_t line, const std::string& why) {
  auto text = to_valid_utf8(why);
  std::ranges::replace_if(
      text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, '?');
  return {errc::corrupt_log, "line " + std::to_string(line) + ": " + text};
}

/// Reads what append_event() wrote, and nothing else.
bool read_event_line(std::string_view line, recorded_event& out) {
  canonical_reader in{line};
  std::string part;
  std::string salt;
  if (!in.literal(R"({"chain":)") || !in.digest_text(out.chain) || !in.literal(R"(,"header":)") ||
      !in.raw_value(out.header_text) || !in.literal(R"(,"part":)") || !in.raw_value(part) ||
      !in.literal(R"(,"salt":)") || !in.raw_value(salt) || !in.literal("}") || !in.finished() ||
      !read_header(out.header_text, out.header))
    return false;
  out.part.reset();
  if (part == "null" && salt == "null")
    return true;
  if (salt.size() < 2)
    return false;
  const auto digits = std::string_view{salt}.substr(1, salt.size() - 2);
  const auto bytes = from_hex(digits);
  if (!bytes || bytes->size() != sizeof(event_salt) || '"' + to_hex(*bytes) + '"' != salt)
    return false;
  out.part.emplace();
  std::copy(bytes->begin(), bytes->end(), out.part->salt.begin());
  out.part->text = std::move(part);
  return true;
}

/// The hashes of an array as write_path() writes it; nothing if it is not one.
std::optional<std::vector<digest>> read_path(std::string_view text) {
  std::vector<digest> out;
  if (text == "[]")
    return out;
  for (char before = '['; !text.empty() && text.front() == before; before = ',') {
    constexpr std::size_t quoted = 2 * sizeof(digest) + 2;
    canonical_reader in{text.substr(1, quoted)};
    if (!in.digest_text(out.emplace_back()) || !in.finished())
      return std::nullopt;
    text.remove_prefix(1 + quoted);
    if (text == "]")
      return out;
  }
  return std::nullopt;
}

class export_checker {
public:
  export_checker(const note_verifier& key, const export_demand& demand)
      : key_(key), demand_(demand) {}

  result<void> add(std::string_view line) {
    ++line_;
    if (ended_)
      return at_line(line_, "nothing may come after the checkpoint");
    if (line.starts_with(last_line_begin))
      return end(line);
    recorded_event event;
    if (!read_event_line(line, event))
      return at_line(line_, "it is not an event as an export has it");
    if (auto good = check(event); !good)
      return at_line(line_, good.error().message);
    return {};
  }

  result<checked_export> finish() {
    if (!ended_)
      return at_line(line_ + 1, "the checkpoint is missing: the file is cut off");
    return out_;
  }

private:
  struct stream_end {
    std::uint64_t sequence = 0;
    digest chain{};
  };

  result<void> check(const recorded_event& event) {
    const auto& header = event.header;
    const auto wrong = [&](std::string_view why) {
      return corrupt_event(header.stream, header.sequence, why);
    };
    if (demand_.stream && header.stream != *demand_.stream)
      return wrong("it is not of " + *demand_.stream);
    auto& before = streams_[header.stream];
    if (header.sequence != before.sequence + 1)
      return wrong("it follows sequence " + std::to_string(before.sequence));
    if (header.position <= last_.position)
      return wrong("its position does not follow that of the event before");
    if (header.time < last_.time)
      return wrong("time runs back before it");
    if (event.part && hash_part(event.part->salt, event.part->text) != header.payload_hash)
      return wrong("its payload does not have its hash");
    before = {header.sequence, next_chain(before.chain, event.header_text)};
    if (before.chain != event.chain)
      return wrong("its chain value is not that of its past");
    if (header.position == tree_.size() + 1) {
      tree_.append(leaf_of(event.chain));
      if (demand_.held && demand_.held->size == tree_.size())
        CHECK(compare_held(tree_.root()));
    }
    if (out_.events == 0) {
      out_.first_position = header.position;
      out_.first_time = header.time;
    }
    last_ = header;
    last_chain_ = event.chain;
    ++out_.events;
    if (event.part)
      return note_erasure(event);
    ++out_.erased;
    bare_.push_back(header);
    return {};
  }

  /// Takes erasures from the system stream, which names them after the events were written.
  result<void> note_erasure(const recorded_event& event) {
    if (event.header.type != accounts::account_erased_type)
      return {};
    auto read = event;
    if (!decode_part(read))
      return corrupt_event(event.header.stream, event.header.sequence,
                           "its payload part is not canonical");
    return erasures_.add(read);
  }

  /// Checks that missing parts were erased: exactly if the export contains the system stream, which
  /// says what was. One of another stream shows only that all are gone, as an erasure leaves it.
  [[nodiscard]] result<void> check_bare() const {
    if (streams_.contains(system_stream)) {
      for (const auto& header : bare_)
        if (!erasures_.covers(header))
          return lost_part(header);
    } else if (!bare_.empty() && bare_.size() < out_.events) {
      return corrupt_event(bare_.front().stream, bare_.front().sequence,
                           "its payload part is gone, and others of its stream are there: an "
                           "erasure takes all of them; if one was under way, export again");
    }
    return {};
  }

  result<void> end(std::string_view line) {
    canonical_reader in{line};
    std::string note;
    std::string inclusion;
    if (!in.literal(last_line_begin) || !in.string(note) || !in.literal(R"(,"inclusion":)") ||
        !in.raw_value(inclusion) || !in.literal("}") || !in.finished())
      return at_line(line_, "it is not the last line of an export");
    auto says = parse_checkpoint(note, key_);
    if (!says)
      return at_line(line_, says.error().message);
    if (out_.events == 0)
      return at_line(line_, "there is no event before the checkpoint");
    auto proven = inclusion == "null" ? check_all(*says) : check_last(*says, inclusion);
    if (!proven)
      return at_line(line_, proven.error().message);
    if (auto erased = check_bare(); !erased)
      return at_line(line_, erased.error().message);
    CHECK(check_held(*says, inclusion == "null"));
    out_.streams = streams_.size();
    for (const auto& [name, end] : streams_)
      out_.names.push_back(name);
    out_.last_position = last_.position;
    out_.last_time = last_.time;
    out_.within = std::move(*says);
    ended_ = true;
    return {};
  }

  [[nodiscard]] result<void> compare_held(const digest& root) const {
    if (root == demand_.held->root)
      return {};
    return error{errc::corrupt_log, "the given checkpoint of " +
                                        std::to_string(demand_.held->size) +
                                        " events has another root: it is of another history"};
  }

  /// Whether the checkpoint that is held was compared, by the tree of all events or by its size.
  [[nodiscard]] result<void> check_held(const checkpoint& says, bool has_all) const {
    if (!demand_.held)
      return {};
    const auto held = std::to_string(demand_.held->size);
    if (demand_.held->size == says.size)
      return compare_held(says.root);
    if (demand_.held->size > says.size)
      return error{errc::validation_error, "the export ends with the checkpoint of " +
                                               std::to_string(says.size) +
                                               " events, before the given one of " + held +
                                               "; export it again to compare them"};
    if (has_all)
      return {}; // as its size was reached
    return error{errc::validation_error,
                 "an export of one stream has nothing to compare the given checkpoint of " + held +
                     " events with, as its own is of " + std::to_string(says.size) +
                     "; an export of all streams has"};
  }

  /// For all streams: the events are exactly those of the checkpoint.
  result<void> check_all(const checkpoint& says) const {
    if (out_.events != says.size || tree_.size() != says.size)
      return error{errc::corrupt_log, "the checkpoint covers " + std::to_string(says.size) +
                                          " events, and the file has others"};
    if (tree_.root() != says.root)
      return error{errc::corrupt_log, "the events give another root than the checkpoint has"};
    return {};
  }

  /// For one stream: its last event is in the tree.
  result<void> check_last(const checkpoint& says, std::string_view inclusion) const {
    if (streams_.size() != 1)
      return error{errc::corrupt_log, "there are events of several streams, and a path for one"};
    event_proof last{last_.stream, last_.sequence, last_.position, last_chain_, {}};
    json_writer expected;
    write_proof(expected, last);
    const auto whole = std::move(expected).str();
    constexpr std::string_view empty = R"("path":[])";
    const auto at = whole.find(empty);
    const auto path_at = at + empty.size() - 2;
    canonical_reader in{inclusion};
    std::string text;
    if (!in.literal(whole.substr(0, path_at)) || !in.raw_value(text) ||
        !in.literal(whole.substr(path_at + 2)) || !in.finished())
      return error{errc::corrupt_log, "the inclusion is not that of the last event"};
    const auto path = read_path(text);
    if (!path)
      return error{errc::corrupt_log, "the path of the inclusion is not one of hashes"};
    auto shown =
        verify_inclusion(leaf_of(last_chain_), last_.position - 1, says.size, *path, says.root);
    return shown ? shown : result<void>{error{errc::corrupt_log, shown.error().message}};
  }

  const note_verifier& key_;
  const export_demand& demand_;
  std::map<stream_name, stream_end> streams_;
  merkle_frontier tree_; ///< built as long as the events start at position 1 and have no gap
  event_header last_;
  digest last_chain_{};
  std::uint64_t line_ = 0;
  bool ended_ = false;
  checked_export out_;
  erasures erasures_;
  std::vector<event_header> bare_; ///< of events without a part
};

/// Longer than the event of any import or push that a server accepts. Keeps a hostile file from
/// taking all memory.
constexpr std::size_t longest_line = std::size_t{256} << 20;

enum class line_read : std::uint8_t { whole, none, cut_off, too_long };

/// The next line, without its end.
line_read read_line(std::istream& file, std::string& line) {
  line.clear();
  std::array<char, 64 * 1024> piece{};
  for (;;) {
    // Stops at a line end, which it consumes but does not return, and when the piece is full.
    file.getline(piece.data(), piece.size());
    const auto count = static_cast<std::size_t>(file.gcount());
    const bool is_full = file.fail() && count == piece.size() - 1;
    if (file.eof() || (file.fail() && !is_full)) {
      line.append(piece.data(), count);
      return line.empty() ? line_read::none : line_read::cut_off;
    }
    line.append(piece.data(), is_full ? count : count - 1);
    if (!is_full)
      return line_read::whole;
    file.clear(file.rdstate() & ~std::ios::failbit);
    if (line.size() > longest_line)
      return line_read::too_long;
  }
}

} // namespace

result<checked_export> check_export(std::istream& file, const note_verifier& key,
                                    const std::function<void(std::uint64_t)>& tell,
                                    const export_demand& demand) {
  export_checker checker{key, demand};
  std::string line;
  std::uint64_t bytes = 0;
  for (std::uint64_t count = 1;; ++count) {
    const auto read = read_line(file, line);
    if (read == line_read::none)
      break;
    if (read == line_read::cut_off)
      return at_line(count, "it does not end: the file is cut off");
    if (read == line_read::too_long)
      return at_line(count, "it is longer than any line of an export");
    bytes += line.size() + 1;
    if (auto good = checker.add(line); !good)
      return good.error();
    if (count % lines_between_reports == 0)
      tell(bytes);
  }
  if (file.bad())
    return error{errc::io_failed, "the export cannot be read"};
  return checker.finish();
}

} // namespace headwater::store
