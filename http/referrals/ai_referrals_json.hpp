#pragma once

// The JSON of the AI-referrals family. Pure functions.

#include "actors/protocol/interfaces.hpp"
#include "domain/referrals/platforms/platform_list.hpp"

#include <string>
#include <vector>

namespace headwater::http {

/// A connection with its side facts and totals: id, brand_id, website, provider, status,
/// created_at, last_pushed_at, last_push_error, rows, first_date, last_date.
[[nodiscard]] std::string connection_as_json(const actors::described_connection& of);

/// {"items":[{"sequence","time","batch_ids","batch_id_count","accepted","rejected","deduplicated",
/// "errors","principal","request_id"}],"total"}
[[nodiscard]] std::string batches_as_json(const actors::batch_list& page);

/// {"accepted","rejected","deduplicated","errors"}
[[nodiscard]] std::string push_as_json(const actors::push_outcome& of);

/// {"version","platforms":[{"name","entries":[...]}]}. An entry of the shipped list is
/// {"kind","value","source":"shipped","provenance":{"source","revision","since","reason"}}, one of
/// the brand {"kind","value","source":"brand","created_at","updated_at"}. Shipped platforms come
/// first, in the order of the data, then the brand's by name; under one name the shipped entries
/// come first.
[[nodiscard]] std::string platforms_as_json(const referrals::platform_list& shipped,
                                            const std::vector<accounts::brand_platform>& own);

} // namespace headwater::http
