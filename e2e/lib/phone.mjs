// A small SIP telephone for tests (RFC 3261 over UDP, G.711 mu-law, RFC 4733): it calls, is called, registers,
// sends tones and digits, and keeps every sample it hears. Deliberately plain: one transaction at a time.
import { createHash, randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { muLawDecode, muLawEncode, share, tone } from "./tone.mjs";
import { within } from "./zhiyin.mjs";

const md5 = (s) => createHash("md5").update(s).digest("hex");
const token = () => randomBytes(6).toString("hex");

export class Phone {
  /** `events`: on incoming INVITE `onInvite(call)`; `offerEvents: false` leaves telephone-event out of the SDP. */
  static async open({ ip = "127.0.0.1", user = "caller", server, name = user, offerEvents = true, password }) {
    const phone = new Phone();
    Object.assign(phone, { ip, user, name, offerEvents, password, waiters: [], calls: new Map(), cseq: 0 });
    [phone.serverHost, phone.serverPort] = server.split(":");
    phone.sip = await bind(ip, (bytes, from) => phone.#receive(bytes.toString("latin1"), from));
    phone.port = phone.sip.address().port;
    return phone;
  }
  get contact() {
    return `<sip:${this.user}@${this.ip}:${this.port}>`;
  }
  send(text) {
    // What was under way when the test ended has nobody left to reach.
    if (this.closed) return;
    this.sip.send(Buffer.from(text, "latin1"), Number(this.serverPort), this.serverHost);
  }
  /** Sends a request until a final response comes (resends each 500 ms), answering one digest challenge. */
  async request(method, uri, { headers = "", body = "", dialog, cseq = ++this.cseq, onProvisional, onSend, auth = "" } = {}) {
    const branch = `z9hG4bK${token()}`;
    onSend?.({ via: `Via: SIP/2.0/UDP ${this.ip}:${this.port};branch=${branch};rport`, cseq });
    const d = dialog ?? { id: token(), from: `"${this.name}" <sip:${this.user}@${this.serverHost}>;tag=${token()}`, to: `<${uri}>` };
    const text =
      `${method} ${uri} SIP/2.0\r\nVia: SIP/2.0/UDP ${this.ip}:${this.port};branch=${branch};rport\r\nMax-Forwards: 70\r\nFrom: ${d.from}\r\nTo: ${d.to}\r\n` +
      `${d.route ?? ""}Call-ID: ${d.id}\r\nCSeq: ${cseq} ${method}\r\nContact: ${this.contact}\r\n${auth}${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
    const response = await this.#transact(text, branch, method, onProvisional);
    if ([401, 407].includes(response.status) && !auth && this.password) {
      if (method === "INVITE") this.#ackFailure(text, response);
      const again = this.#authorise(response, method, uri);
      return this.request(method, uri, { headers, body, dialog: d, onProvisional, onSend, auth: again });
    }
    if (method === "INVITE" && response.status >= 300) this.#ackFailure(text, response);
    return { ...response, dialog: { ...d, to: response.header("To") }, cseq };
  }
  #ackFailure(request, response) {
    const ack = request.split("\r\n\r\n")[0].replace(/^INVITE/, "ACK").replace(/CSeq: (\d+) INVITE/, "CSeq: $1 ACK").replace(/^To: .*$/m, `To: ${response.header("To")}`);
    this.send(`${ack.split("\r\n").filter((l) => !/^(Content-|Authorization|Proxy-Auth)/i.test(l)).join("\r\n")}\r\nContent-Length: 0\r\n\r\n`);
  }
  async #transact(text, branch, method, onProvisional) {
    this.send(text);
    let provisional = false;
    const resend = setInterval(() => !provisional && this.send(text), 500);
    try {
      return await within(
        new Promise((resolve) => {
          this.waiters.push({
            branch,
            take: (r) => {
              provisional = true;
              if (r.status >= 200) resolve(r);
              else onProvisional?.(r);
              return r.status >= 200;
            },
          });
        }),
        60_000,
        `a final response to ${method}`,
      );
    } finally {
      clearInterval(resend);
    }
  }
  #authorise(response, method, uri) {
    const challenge = response.header("WWW-Authenticate") ?? response.header("Proxy-Authenticate");
    const get = (k) => new RegExp(`${k}="?([^",]+)`).exec(challenge)?.[1];
    const [realm, nonce, cnonce] = [get("realm"), get("nonce"), token()];
    const hash = md5([md5(`${this.user}:${realm}:${this.password}`), nonce, "00000001", cnonce, "auth", md5(`${method}:${uri}`)].join(":"));
    const name = response.status === 401 ? "Authorization" : "Proxy-Authorization";
    return `${name}: Digest username="${this.user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${hash}", algorithm=MD5, cnonce="${cnonce}", qop=auth, nc=00000001\r\n`;
  }
  register(expires = 300) {
    return this.request("REGISTER", `sip:${this.serverHost}:${this.serverPort}`, { headers: `Expires: ${expires}\r\n`, dialog: { id: (this.registration ??= token()), from: `<sip:${this.user}@${this.serverHost}>;tag=${token()}`, to: `<sip:${this.user}@${this.serverHost}>` } });
  }
  /** Calls a number; resolves when answered with a `Leg`, rejects with the final status. */
  async dial(number, options) {
    return (await this.start(number, options)).answered;
  }
  /** Begins a call: `leg.answered` settles as `dial` does, `leg.cancel()` gives up before. */
  async start(number, { headers = "", onProvisional } = {}) {
    const media = await Media.open(this.ip);
    const uri = `sip:${number}@${this.serverHost}:${this.serverPort}`;
    const dialog = { id: token(), from: `"${this.name}" <sip:${this.user}@${this.serverHost}>;tag=${token()}`, to: `<${uri}>` };
    const leg = new Leg(this, media);
    let sent;
    leg.cancel = () => this.send(`CANCEL ${uri} SIP/2.0\r\n${sent.via}\r\nMax-Forwards: 70\r\nFrom: ${dialog.from}\r\nTo: <${uri}>\r\nCall-ID: ${dialog.id}\r\nCSeq: ${sent.cseq} CANCEL\r\nContent-Length: 0\r\n\r\n`);
    this.calls.set(dialog.id, leg);
    leg.answered = this.request("INVITE", uri, { headers: `Content-Type: application/sdp\r\n${headers}`, body: media.sdp(this.offerEvents), dialog, onProvisional, onSend: (what) => (sent = what) }).then((ok) => {
      if (ok.status >= 300) {
        media.close();
        this.calls.delete(dialog.id);
        throw Object.assign(new Error(`call to ${number}: ${ok.status}`), { status: ok.status });
      }
      ok.dialog.route = route(ok, true);
      leg.confirm(ok, ok.dialog, ok.cseq);
      return leg;
    });
    leg.answered.catch(() => {});
    return leg;
  }
  /** Resolves with the next incoming call: `{from, invite, ring(), answer(), reject(status)}`. */
  incoming(ms = 20_000) {
    return within(new Promise((resolve) => (this.onInvite = resolve)), ms, `a call to ${this.user}`);
  }
  #receive(text, from) {
    const message = parse(text);
    if (message.status) {
      const n = this.waiters.findIndex((w) => message.header("Via").includes(w.branch));
      if (n >= 0 && this.waiters[n].take(message)) this.waiters.splice(n, 1);
      else if (n < 0 && message.status === 200 && / INVITE/.test(message.header("CSeq"))) this.calls.get(message.header("Call-ID"))?.sendAck();
      return;
    }
    const leg = this.calls.get(message.header("Call-ID"));
    if (message.method === "INVITE" && !leg) this.#invited(message, from);
    else if (message.method === "INVITE") leg.reinvited(message);
    else if (message.method === "ACK") leg?.onAck?.();
    else if (message.method === "BYE") {
      this.reply(message, "200 OK");
      leg?.ended("far");
    } else if (message.method === "CANCEL") {
      this.reply(message, "200 OK");
      leg?.cancelled?.();
    } else this.reply(message, "200 OK");
  }
  reply(request, status, { tag = "", headers = "", body = "" } = {}) {
    const keep = request.head.filter((l) => /^(via|from|to|call-id|cseq|record-route):/i.test(l)).map((l) => (/^to:/i.test(l) && tag && !/;tag=/.test(l) ? `${l};tag=${tag}` : l));
    this.send(`SIP/2.0 ${status}\r\n${keep.join("\r\n")}\r\nContact: ${this.contact}\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`);
  }
  async #invited(invite) {
    const [media, tag] = [await Media.open(this.ip), token()];
    const leg = new Leg(this, media);
    this.calls.set(invite.header("Call-ID"), leg);
    leg.cancelled = () => {
      this.reply(invite, "487 Request Terminated", { tag });
      leg.ended("cancelled");
    };
    const call = {
      invite,
      leg,
      from: invite.header("From"),
      ring: () => this.reply(invite, "180 Ringing", { tag }),
      reject: (status = "486 Busy Here") => this.reply(invite, status, { tag }),
      answer: async () => {
        media.aim(invite.body);
        this.reply(invite, "200 OK", { tag, headers: "Content-Type: application/sdp\r\n", body: media.sdp(this.offerEvents) });
        await within(new Promise((resolve) => (leg.onAck = resolve)), 5000, "the ACK");
        leg.dialog = { id: invite.header("Call-ID"), from: `${invite.header("To")};tag=${tag}`, to: invite.header("From"), route: route(invite, false) };
        leg.target = /<([^>]+)>/.exec(invite.header("Contact"))[1];
        return leg;
      },
    };
    this.reply(invite, "100 Trying");
    if (this.onInvite) this.onInvite(call);
    else call.reject("480 Temporarily Unavailable");
  }
  close() {
    this.closed = true;
    for (const leg of this.calls.values()) leg.media.close();
    this.sip.close();
  }
}

/** One call of a Phone. */
export class Leg {
  constructor(phone, media) {
    this.phone = phone;
    this.media = media;
    this.over = new Promise((resolve) => (this.end = resolve));
  }
  confirm(response, dialog, cseq) {
    this.dialog = dialog;
    this.target = /<([^>]+)>/.exec(response.header("Contact"))[1];
    this.cseq = cseq;
    this.media.aim(response.body);
    this.sendAck = () => this.phone.send(`ACK ${this.target} SIP/2.0\r\nVia: SIP/2.0/UDP ${this.phone.ip}:${this.phone.port};branch=z9hG4bK${token()};rport\r\nMax-Forwards: 70\r\nFrom: ${dialog.from}\r\nTo: ${dialog.to}\r\n${dialog.route ?? ""}Call-ID: ${dialog.id}\r\nCSeq: ${this.cseq} ACK\r\nContent-Length: 0\r\n\r\n`);
    this.sendAck();
  }
  reinvited(message) {
    this.media.aim(message.body);
    this.lastOffer = message.body;
    const held = /a=(sendonly|inactive)/.exec(message.body ?? "")?.[1];
    const direction = held === "sendonly" ? "recvonly" : held === "inactive" ? "inactive" : "sendrecv";
    this.phone.reply(message, "200 OK", { headers: "Content-Type: application/sdp\r\n", body: this.media.sdp(this.phone.offerEvents, direction) });
  }
  /** Sends a re-INVITE with this direction (`sendonly` holds). */
  async reinvite(direction) {
    const ok = await this.phone.request("INVITE", this.target, { dialog: this.dialog, headers: "Content-Type: application/sdp\r\n", body: this.media.sdp(this.phone.offerEvents, direction) });
    if (ok.status === 200) this.confirm(ok, this.dialog, ok.cseq);
    return ok.status;
  }
  info(type, body) {
    return this.phone.request("INFO", this.target, { dialog: this.dialog, headers: `Content-Type: ${type}\r\n`, body });
  }
  refer(to) {
    return this.phone.request("REFER", this.target, { dialog: this.dialog, headers: `Refer-To: <${to}>\r\n` });
  }
  ended(by) {
    this.media.close();
    this.phone.calls.delete(this.dialog?.id);
    this.end(by);
  }
  async hangUp() {
    const response = await this.phone.request("BYE", this.target, { dialog: this.dialog });
    this.ended("own");
    return response.status;
  }
}

/** RTP of one call: a paced sender and a listener that keeps every sample with its arrival time. */
export class Media {
  static async open(ip) {
    const media = new Media();
    Object.assign(media, { ip, heard: [], packets: 0, lost: 0, sequence: Math.floor(Math.random() * 65536), timestamp: Math.floor(Math.random() * 2 ** 31), ssrc: randomBytes(4), source: silence, queue: [] });
    media.socket = await bind(ip, (packet) => media.#receive(packet));
    media.port = media.socket.address().port;
    return media;
  }
  sdp(events, direction = "sendrecv") {
    const v = `o=test 1 ${(this.version = (this.version ?? 0) + 1)} IN IP4 ${this.ip}`;
    const dtmf = events ? ["a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16"] : [];
    return ["v=0", v, "s=-", `c=IN IP4 ${this.ip}`, "t=0 0", `m=audio ${this.port} RTP/AVP 0${events ? " 101" : ""}`, "a=rtpmap:0 PCMU/8000", ...dtmf, "a=ptime:20", `a=${direction}`, ""].join("\r\n");
  }
  aim(sdp) {
    if (!sdp || this.closed) return;
    this.remote = { host: /c=IN IP4 (\S+)/.exec(sdp)[1], port: Number(/m=audio (\d+)/.exec(sdp)[1]) };
    this.started ??= performance.now();
    this.sent ??= 0;
    this.clock ??= setInterval(() => this.#pace(), 5);
  }
  /** What is said from now on: a function (n) → Int16Array of 160 samples, or a steady tone's frequency. */
  say(source) {
    if (typeof source === "number") {
      const wave = tone(source, 1);
      this.source = (n) => Int16Array.from({ length: 160 }, (_, i) => wave[(n * 160 + i) % 8000]);
    } else this.source = source ?? silence;
  }
  #pace() {
    const due = Math.floor((performance.now() - this.started) / 20);
    for (; this.sent < due; this.sent++) {
      const special = this.queue.shift();
      if (special) this.#packet(special.payload, special.type, special.marker, special.timestamp ?? this.timestamp);
      else this.#packet(encode(this.source(this.sent)), 0, this.sent === 0, this.timestamp);
      this.timestamp = (this.timestamp + 160) >>> 0;
    }
  }
  #packet(payload, type, marker, timestamp) {
    const packet = Buffer.alloc(12 + payload.length);
    packet[0] = 0x80;
    packet[1] = (marker ? 0x80 : 0) | type;
    packet.writeUInt16BE(this.sequence++ & 0xffff, 2);
    packet.writeUInt32BE(timestamp >>> 0, 4);
    this.ssrc.copy(packet, 8);
    payload.copy(packet, 12);
    this.socket.send(packet, this.remote.port, this.remote.host);
  }
  /** One digit as RFC 4733 events: 100 ms, three end packets, all with the first packet's timestamp. */
  rfc4733(digit) {
    const event = "0123456789*#ABCD".indexOf(digit);
    const start = (this.timestamp + this.queue.length * 160) >>> 0;
    for (let k = 1; k <= 7; k++) {
      const payload = Buffer.from([event, (k >= 5 ? 0x80 : 0) | 10, 0, 0]);
      payload.writeUInt16BE(Math.min(k, 5) * 160, 2);
      this.queue.push({ payload, type: 101, marker: k === 1, timestamp: start });
    }
    return this.silent(5);
  }
  /** One digit as a tone in the audio, 100 ms. */
  inband(frequencies) {
    const wave = tone(frequencies, 0.1, 8000, 16_000);
    for (let k = 0; k < 5; k++) this.queue.push({ payload: encode(wave.subarray(k * 160, k * 160 + 160)), type: 0, marker: false });
    return this.silent(5);
  }
  silent(packets) {
    for (let k = 0; k < packets; k++) this.queue.push({ payload: Buffer.alloc(160, 0xff), type: 0, marker: false });
  }
  #receive(packet) {
    if (packet.length < 12 || (packet[0] & 0xc0) !== 0x80) return;
    if ((packet[1] & 0x7f) !== 0) {
      this.events = (this.events ?? 0) + 1;
      return;
    }
    const sequence = packet.readUInt16BE(2);
    if (this.last !== undefined) this.lost += Math.max(0, ((sequence - this.last) & 0xffff) - 1) % 30_000;
    this.last = sequence;
    this.packets++;
    this.firstAt ??= performance.now();
    this.heard.push({ at: performance.now(), samples: Int16Array.from(packet.subarray(12), muLawDecode) });
    if (this.heard.length > 20_000) this.heard.shift();
    for (const check of this.checks ?? []) check();
  }
  /** The last `ms` of what was heard, in order of arrival. */
  recent(ms = 500) {
    const frames = this.heard.slice(-Math.round(ms / 20));
    const out = new Int16Array(frames.reduce((n, f) => n + f.samples.length, 0));
    let at = 0;
    for (const f of frames) {
      out.set(f.samples, at);
      at += f.samples.length;
    }
    return out;
  }
  share(frequency, ms = 500) {
    return share(this.recent(ms), frequency);
  }
  /** Resolves with the time (performance.now) when `test(this)` first holds on an arriving packet. */
  hears(test, ms = 10_000, what = "the expected sound") {
    return within(
      new Promise((resolve) => {
        this.checks = [...(this.checks ?? []), () => test(this) && resolve(performance.now())];
      }),
      ms,
      what,
    );
  }
  close() {
    this.closed = true;
    clearInterval(this.clock);
    try {
      this.socket.close();
    } catch {
      // Closed already.
    }
  }
}

const silence = () => new Int16Array(160);
const encode = (samples) => Buffer.from(Uint8Array.from(samples, muLawEncode));

function bind(ip, onMessage) {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: "udp4", recvBufferSize: 1 << 20 });
    socket.on("message", onMessage);
    socket.once("error", reject);
    socket.bind(0, ip, () => resolve(socket));
  });
}

/** Route headers from Record-Route: reversed for the caller, as they stand for the called (RFC 3261 §12.1). */
function route(message, reverse) {
  const all = message.head.filter((l) => /^record-route:/i.test(l)).map((l) => `Route: ${l.slice(13).trim()}\r\n`);
  return (reverse ? all.reverse() : all).join("");
}

function parse(text) {
  const [top, ...rest] = text.split("\r\n\r\n");
  const head = top.split("\r\n");
  const first = head[0].split(" ");
  return {
    status: first[0] === "SIP/2.0" ? Number(first[1]) : undefined,
    method: first[0],
    head: head.slice(1),
    body: rest.join("\r\n\r\n"),
    header: (name) => head.slice(1).find((l) => l.toLowerCase().startsWith(`${name.toLowerCase()}:`))?.slice(name.length + 1).trim(),
  };
}
