#include "domain/referrals/connection_event.hpp"

#include "domain/json/json_writer.hpp"

#include <charconv>

namespace headwater::referrals {
namespace {

template <class... Visitors>
struct overloaded : Visitors... {
  using Visitors::operator()...;
};
// clang 14, which builds the fuzz targets, does not deduce aggregates.
template <class... Visitors>
overloaded(Visitors...) -> overloaded<Visitors...>;

const connection_identity& identity_of(const connection_event& event) {
  return std::visit([](const auto& e) -> const connection_identity& { return e.connection; },
                    event);
}

/// `with_time` is false for a registration, whose time is the event's own.
void write_identity(json_writer& out, const connection_identity& who, bool with_time) {
  out.key("connection").begin_object().member("brand_id", who.brand_id);
  if (with_time)
    out.key("created_at").string(to_rfc3339_micros(who.created_at));
  out.key("id")
      .string(who.id)
      .member("provider", to_string(who.provider))
      .key("website")
      .string(who.website)
      .end_object();
}

void append_integer(std::string& out, std::int64_t value) {
  char text[24];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out += name;
  append_json_string(out, text);
}

void append_count(std::string& out, std::string_view name,
                  const std::optional<std::int64_t>& value) {
  if (!value)
    return;
  out += name;
  append_integer(out, *value);
}

/// Writes rows straight into the text, because a batch may have 10,000 of them.
class row_writer {
public:
  void append(std::string& out, const platform_row& entry) {
    const auto& row = entry.row;
    out += '{';
    if (row.batch_id) {
      append_member(out, "\"batch_id\":", *row.batch_id);
      out += ',';
    }
    out += "\"date\":\"";
    out += date_of(row.date);
    out += '"';
    append_count(out, ",\"pageviews\":", row.metrics.pageviews);
    append_member(out, ",\"platform\":", entry.platform);
    if (row.metrics.purchase_revenue) {
      out += ",\"purchase_revenue\":\"";
      append_decimal(out, *row.metrics.purchase_revenue);
      out += '"';
    }
    append_member(out, ",\"raw_page_value\":", row.raw_page_value);
    append_member(out, ",\"raw_referrer_value\":", row.raw_referrer_value);
    append_count(out, ",\"sessions\":", row.metrics.sessions);
    append_count(out, ",\"transactions\":", row.metrics.transactions);
    out += '}';
  }

private:
  /// Most batches cover only a day or two.
  const std::string& date_of(day_number day) {
    if (text_.empty() || day != day_)
      text_ = to_date_string(day);
    day_ = day;
    return text_;
  }

  day_number day_ = 0;
  std::string text_;
};

void append_rows(std::string& out, const std::vector<platform_row>& rows) {
  out += '[';
  row_writer writer;
  for (const auto& row : rows) {
    if (&row != rows.data())
      out += ',';
    writer.append(out, row);
  }
  out += ']';
}

void append_batch(std::string& to, const batch_received& event) {
  json_writer out;
  out.begin_object().member("accepted", static_cast<std::int64_t>(event.accepted));
  out.member("batch_ids", std::span<const std::string>(event.batch_ids));
  write_identity(out, event.connection, true);
  out.member("deduplicated", static_cast<std::int64_t>(event.deduplicated));
  out.member("errors", std::span<const std::string>(event.errors));
  out.member("rejected", static_cast<std::int64_t>(event.rejected));
  out.key("rows");
  to += out.view();
  append_rows(to, event.rows);
  to += '}';
}

std::string encode_batch(const batch_received& event) {
  std::string out;
  out.reserve(encoded_size(event));
  append_batch(out, event);
  return out;
}

} // namespace

std::size_t encoded_size(const batch_received& event) {
  constexpr std::size_t usual_frame = 512;
  constexpr std::size_t usual_row = 180; // without its texts
  auto size = usual_frame + usual_row * event.rows.size();
  for (const auto& [row, platform] : event.rows)
    size += row.raw_referrer_value.size() + row.raw_page_value.size() + platform.size() +
            (row.batch_id ? row.batch_id->size() : 0);
  return size;
}

void append_encoded(std::string& out, const batch_received& event) {
  append_batch(out, event);
}

namespace {

std::string encode_identity_only(const connection_identity& who, bool with_time) {
  json_writer out;
  out.begin_object();
  write_identity(out, who, with_time);
  out.end_object();
  return std::move(out).str();
}

} // namespace

bool batch_received::operator==(const batch_received& other) const {
  return connection == other.connection && accepted == other.accepted &&
         rejected == other.rejected && deduplicated == other.deduplicated &&
         errors == other.errors && batch_ids == other.batch_ids && rows == other.rows;
}

std::string_view type_of(const connection_event& event) noexcept {
  return std::visit(
      overloaded{
          [](const connection_registered&) -> std::string_view { return "connection_registered"; },
          [](const connection_disabled&) -> std::string_view { return "connection_disabled"; },
          [](const connection_reactivated&) -> std::string_view {
            return "connection_reactivated";
          },
          [](const batch_received&) -> std::string_view { return "batch_received"; },
      },
      event);
}

int schema_of(const connection_event&) noexcept {
  return 1;
}

std::string encode(const connection_event& event) {
  return std::visit(
      overloaded{
          [](const connection_registered& e) { return encode_identity_only(e.connection, false); },
          [](const batch_received& e) { return encode_batch(e); },
          [](const auto& e) { return encode_identity_only(e.connection, true); },
      },
      event);
}

connection state_after(const connection_event& event, const event_place& at) {
  connection state{identity_of(event), connection_status::active, at.sequence};
  if (std::holds_alternative<connection_registered>(event))
    state.identity.created_at = at.time;
  if (std::holds_alternative<connection_disabled>(event))
    state.status = connection_status::disabled;
  return state;
}

} // namespace headwater::referrals
