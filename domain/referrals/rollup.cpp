#include "domain/referrals/rollup.hpp"

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

namespace headwater::referrals {
namespace {

constexpr char block_version = 1;

/// How the count of known rows of a metric is written: two bits for each metric.
enum known_form : std::uint8_t { all_null = 0, in_each_row = 1, counted = 2, form_bits = 3 };

known_form form_of(const metric_sum& metric, std::int64_t rows) {
  if (metric == metric_sum{})
    return all_null;
  return metric.known == rows ? in_each_row : counted;
}

void append_cell(std::string& out, const rollup_cell& cell) {
  append_signed_varint(out, cell.rows);
  unsigned forms = 0;
  for (std::size_t i = 0; i < metric_count; ++i)
    forms |= form_of(cell.metrics[i], cell.rows) << 2 * i;
  out.push_back(static_cast<char>(forms));
  for (const auto& metric : cell.metrics) {
    const auto form = form_of(metric, cell.rows);
    if (form == all_null)
      continue;
    append_signed_varint(out, metric.sum);
    if (form == counted)
      append_signed_varint(out, metric.known);
  }
}

void read_cell(varint_reader& from, rollup_cell& cell) {
  cell.rows = static_cast<std::int64_t>(from.signed_varint());
  const unsigned forms = from.byte();
  for (std::size_t i = 0; i < metric_count; ++i) {
    auto& metric = cell.metrics[i];
    const auto form = forms >> 2 * i & form_bits;
    if (form == all_null) {
      metric = {};
      continue;
    }
    metric.sum = from.signed_varint();
    metric.known = form == counted ? static_cast<std::int64_t>(from.signed_varint()) : cell.rows;
  }
}

/// A cell with its platform and page.
struct placed_cell {
  std::string_view platform;
  page_id page;
  rollup_cell cell;

  [[nodiscard]] auto place() const { return std::tie(platform, page); }
};

/// Reads the cells of a block one by one, across its platforms.
class cell_cursor {
public:
  explicit cell_cursor(std::string_view block) : reader_(block) {
    valid_ = reader_.next_platform();
  }
  [[nodiscard]] bool valid() const { return valid_; }
  [[nodiscard]] bool good() const { return reader_.verdict().has_value(); }
  [[nodiscard]] auto place() const { return std::tuple{reader_.platform(), reader_.page()}; }
  [[nodiscard]] const rollup_reader& at() const { return reader_; }
  void next() { valid_ = reader_.next_cell() || reader_.next_platform(); }

private:
  rollup_reader reader_;
  bool valid_;
};

/// Adds up sorted cells with the same platform and page, in place.
void add_up(std::vector<placed_cell>& cells) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (kept > 0 && cells[kept - 1].place() == cells[i].place())
      cells[kept - 1].cell.add(cells[i].cell);
    else
      cells[kept++] = cells[i];
  }
  cells.resize(kept);
}

/// The cells of all blocks, in order. Nothing if one is unreadable.
std::optional<std::vector<placed_cell>> cells_of(std::span<const std::string_view> blocks) {
  std::vector<placed_cell> out;
  for (const auto block : blocks) {
    cell_cursor from{block};
    for (; from.valid(); from.next())
      out.push_back({from.at().platform(), from.at().page(), from.at().cell()});
    if (!from.good())
      return std::nullopt;
  }
  if (blocks.size() > 1)
    std::ranges::stable_sort(out, {}, &placed_cell::place);
  add_up(out);
  return out;
}

} // namespace

metric_amounts amounts_of(const row_metrics& metrics) {
  return {metrics.pageviews, metrics.sessions, metrics.transactions,
          metrics.purchase_revenue ? std::optional{metrics.purchase_revenue->millionths}
                                   : std::nullopt};
}

// Why each metric has a count beside its sum: a push replaces rows, so a cell must be able to take
// back what an old row had added. From sums alone it could not tell whether any row that is left
// has a value: 5 - 5 is 0 if another row says 0, but null if all others say null. Counting the rows
// with a value makes a cell a group under addition, where a change is a cell like any other, its
// numbers perhaps negative, and changes can be added in any order and grouping.
void rollup_cell::add(const metric_amounts& row, int sign) {
  rows += sign;
  for (std::size_t i = 0; i < metric_count; ++i)
    if (row[i]) {
      metrics[i].known += sign;
      metrics[i].sum += revenue_sum{sign} * *row[i];
    }
}

void rollup_cell::add(const rollup_cell& other) {
  rows += other.rows;
  for (std::size_t i = 0; i < metric_count; ++i) {
    metrics[i].known += other.metrics[i].known;
    metrics[i].sum += other.metrics[i].sum;
  }
}

rollup_writer::rollup_writer() : out_(1, block_version) {}

void rollup_writer::add(std::string_view platform, page_id page, const rollup_cell& cell) {
  if (cell.empty())
    return;
  if (platform != platform_ || cells_.empty()) {
    end_group();
    platform_ = platform;
  }
  append_varint(cells_, page - page_);
  append_cell(cells_, cell);
  page_ = page;
}

void rollup_writer::end_group() {
  if (!cells_.empty()) {
    append_varint(out_, platform_.size());
    out_ += platform_;
    append_varint(out_, cells_.size());
    out_ += cells_;
  }
  cells_.clear();
  page_ = 0;
}

std::string rollup_writer::finish() && {
  end_group();
  return std::move(out_);
}

rollup_reader::rollup_reader(std::string_view block)
    : block_(block), good_(block_.byte() == block_version) {}

bool rollup_reader::next_platform() {
  if (!good_ || block_.at_end())
    return false;
  platform_ = block_.text();
  group_ = varint_reader{block_.text()};
  page_ = 0;
  good_ = block_.good() && next_cell();
  return good_;
}

bool rollup_reader::next_cell() {
  if (group_.at_end())
    return false;
  page_ += group_.varint();
  read_cell(group_, cell_);
  good_ = group_.good();
  return good_;
}

result<void> rollup_reader::verdict() const {
  if (good_ && block_.good())
    return {};
  return error{errc::corrupt_log, "Rollup: cut short or of an unknown form"};
}

std::optional<std::string> merge_rollups(std::span<const std::string_view> blocks) {
  if (blocks.empty())
    return rollup_writer{}.finish();
  // Usually there is one long block and some short changes: the changes are sorted, and the long
  // block is read through once.
  const auto longest = std::ranges::max_element(blocks, {}, &std::string_view::size);
  std::vector<std::string_view> others{blocks.begin(), longest};
  others.insert(others.end(), longest + 1, blocks.end());
  const auto changes = cells_of(others);
  if (!changes)
    return std::nullopt;
  rollup_writer out;
  cell_cursor base{*longest};
  auto change = changes->begin();
  while (base.valid() || change != changes->end()) {
    if (!base.valid() || (change != changes->end() && change->place() < base.place())) {
      out.add(change->platform, change->page, change->cell);
      ++change;
      continue;
    }
    auto cell = base.at().cell();
    if (change != changes->end() && change->place() == base.place()) {
      cell.add(change->cell);
      ++change;
    }
    out.add(base.at().platform(), base.at().page(), cell);
    base.next();
  }
  if (!base.good())
    return std::nullopt;
  return std::move(out).finish();
}

} // namespace headwater::referrals
