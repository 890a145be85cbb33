#!/bin/sh
# Fuzzes the running binary against its own OpenAPI document with schemathesis (PyPI, kept in a cache folder).
# Fails on a server error or an undocumented response.
set -eu
: "${ZHIYIN:?path of the binary}"
cache=${XDG_CACHE_HOME:-$HOME/.cache}/zhiyin
venv=$cache/schemathesis
[ -x "$venv/bin/schemathesis" ] || { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet "schemathesis==4.32.5"; }
work=$(mktemp -d -t zhiyin-contract-XXXXXX)
trap 'kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT
"$ZHIYIN" demo --data "$work/data" --http 127.0.0.1:0 --sip 127.0.0.1:0 --rtp 36000-36999 --seed 1 --traffic off > "$work/out" 2> "$work/log" &
pid=$!
tries=0
until grep -q '"ready"' "$work/out"; do
  tries=$((tries + 1))
  [ $tries -lt 150 ] && kill -0 "$pid" || { cat "$work/log" >&2; exit 1; }
  sleep 0.2
done
ask() { python3 -c 'import json,sys
for line in open(sys.argv[1]):
    if "\"ready\"" in line:
        ready = json.loads(line)
        print(ready[sys.argv[2]])' "$work/out" "$1"; }
http=$(ask http)
key=$(ask api_key)
cd "$work"
"$venv/bin/schemathesis" run "$http/api/openapi.json" --header "Authorization: Bearer $key" \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
  --phases examples,coverage,fuzzing --max-examples "${EXAMPLES:-15}" --seed 1 --workers 2 --request-timeout 10 \
  --exclude-path /api/v1/stream --exclude-path /api/v1/demo/call-me --no-color || { tail -n 40 "$work/log" >&2; exit 1; }
kill -0 "$pid" || { echo "the server ended during the run" >&2; tail -n 40 "$work/log" >&2; exit 1; }
