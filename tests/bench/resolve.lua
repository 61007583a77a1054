-- wrk script: resolves one visit from a mapped partner.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"url":"https://www.shop.example/rooms?from=list","referrer":"https://www.partner-site.com/deals","session":null}'
