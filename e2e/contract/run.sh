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
# The limit of requests has a test of its own; here it would hide the answers behind 429.
ZHIYIN__LIMITS__REQUESTS_PER_S=10000 ZHIYIN__LIMITS__REQUESTS_BURST=10000 \
  "$ZHIYIN" demo --data "$work/data" --http 127.0.0.1:0 --sip 127.0.0.1:0 --rtp 36000-36999 --seed 1 --traffic off > "$work/out" 2> "$work/log" &
pid=$!
tries=0
until grep -q '"ready"' "$work/out"; do
  tries=$((tries + 1))
  [ $tries -lt 150 ] && kill -0 "$pid" || { cat "$work/log" >&2; exit 1; }
  sleep 0.2
done
cat > "$work/ask.py" <<'PY'
"""Facts of the ready line: `http`, `api_key`, or `agent` (a session's token of the first agent)."""
import json, sys, urllib.request

ready = next(json.loads(line) for line in open(sys.argv[1]) if '"ready"' in line)
if sys.argv[2] != "agent":
    print(ready[sys.argv[2]])
else:
    login = next(l for l in ready["logins"] if l["role"] == "agent")
    body = json.dumps({"username": login["username"], "password": login["password"]}).encode()
    ask = urllib.request.Request(ready["http"] + "/api/v1/session", body, {"Content-Type": "application/json"})
    print(json.load(urllib.request.urlopen(ask))["token"])
PY
ask() { python3 "$work/ask.py" "$work/out" "$1"; }
http=$(ask http)
key=$(ask api_key)
agent=$(ask agent)
cd "$work"
# One worker: with two, Python's own parser may fail in threads (SystemError: AST constructor recursion depth mismatch).
check() {
  bearer=$1
  shift
  "$venv/bin/schemathesis" run "$http/api/openapi.json" --header "Authorization: Bearer $bearer" \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
    --phases examples,coverage,fuzzing --max-examples "${EXAMPLES:-15}" --seed 1 --workers 1 --request-timeout 10 \
    --no-color "$@" || { tail -n 40 "$work/log" >&2; exit 1; }
}
# Those that may take away the very right to ask come last; the stream is a WebSocket, `call_me` places a call.
check "$key" --exclude-operation-id revoke_api_key --exclude-operation-id replace_user --exclude-operation-id set_password \
  --exclude-operation-id stream --exclude-operation-id call_me
check "$agent" --include-path-regex '^/api/v1/(me|phone|calls|interactions|customers|directory|live)' --exclude-operation-id change_my_password
check "$agent" --include-operation-id change_my_password --include-operation-id sign_out
check "$key" --include-operation-id replace_user --include-operation-id set_password
check "$key" --include-operation-id revoke_api_key
kill -0 "$pid" || { echo "the server ended during the run" >&2; tail -n 40 "$work/log" >&2; exit 1; }
