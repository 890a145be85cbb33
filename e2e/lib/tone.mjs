// Tones and their measurement: G.711 (ITU-T G.711), Goertzel shares, WAV.
const BIAS = 0x84;

export function muLawEncode(sample) {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(32635, Math.abs(sample)) + BIAS;
  let exponent = 7;
  for (let mask = 0x4000; (magnitude & mask) === 0 && exponent > 0; mask >>= 1) exponent--;
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff;
}
export function muLawDecode(byte) {
  const b = ~byte & 0xff;
  const value = (((b & 0x0f) << 3) + BIAS) << ((b >> 4) & 7);
  return b & 0x80 ? BIAS - value : value - BIAS;
}
export function aLawDecode(byte) {
  const b = byte ^ 0x55;
  const exponent = (b >> 4) & 7;
  let value = (b & 0x0f) << 4;
  value = exponent === 0 ? value + 8 : (value + 0x108) << (exponent - 1);
  return b & 0x80 ? value : -value;
}

/** `seconds` of summed sine waves as 16-bit samples. */
export function tone(frequencies, seconds, rate = 8000, amplitude = 10_000) {
  const hz = [frequencies].flat();
  return Int16Array.from({ length: Math.round(seconds * rate) }, (_, n) => (hz.reduce((s, f) => s + Math.sin((2 * Math.PI * f * n) / rate), 0) * amplitude) / hz.length);
}

/** Share of the signal's energy at one frequency (1 = a pure sine there), by Goertzel. */
export function share(samples, frequency, rate = 8000) {
  const n = samples.length;
  if (n === 0) return 0;
  const c = 2 * Math.cos((2 * Math.PI * frequency) / rate);
  let [s1, s2, energy] = [0, 0, 0];
  for (const x of samples) {
    const s = x + c * s1 - s2;
    s2 = s1;
    s1 = s;
    energy += x * x;
  }
  return energy === 0 ? 0 : (2 * (s1 * s1 + s2 * s2 - c * s1 * s2)) / (n * energy);
}

/** A 16-bit WAV file, channels interleaved. */
export function wav(channels, rate = 8000) {
  const frames = channels[0].length;
  const out = Buffer.alloc(44 + frames * channels.length * 2);
  out.write("RIFF", 0);
  out.writeUInt32LE(out.length - 8, 4);
  out.write("WAVEfmt ", 8);
  out.writeUInt32LE(16, 16);
  out.writeUInt16LE(1, 20);
  out.writeUInt16LE(channels.length, 22);
  out.writeUInt32LE(rate, 24);
  out.writeUInt32LE(rate * channels.length * 2, 28);
  out.writeUInt16LE(channels.length * 2, 32);
  out.writeUInt16LE(16, 34);
  out.write("data", 36);
  out.writeUInt32LE(frames * channels.length * 2, 40);
  for (let f = 0; f < frames; f++) channels.forEach((c, i) => out.writeInt16LE(c[f], 44 + (f * channels.length + i) * 2));
  return out;
}

/** Reads a WAV of 16-bit PCM (format 1) or G.711 (7 mu-law, 6 A-law): `{rate, channels: [Int16Array…]}`. */
export function readWav(bytes) {
  let [at, format, count, rate, bits, data] = [12, 0, 0, 0, 0, undefined];
  while (at + 8 <= bytes.length) {
    const id = bytes.toString("latin1", at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    if (id === "fmt ") [format, count, rate, bits] = [bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 12), bytes.readUInt16LE(at + 22)];
    if (id === "data") data = bytes.subarray(at + 8, at + 8 + size);
    at += 8 + size + (size & 1);
  }
  if (!data) throw new Error("no data chunk");
  const width = bits / 8;
  const frames = Math.floor(data.length / (width * count));
  const decode = format === 7 ? (o) => muLawDecode(data[o]) : format === 6 ? (o) => aLawDecode(data[o]) : (o) => data.readInt16LE(o);
  return { rate, channels: Array.from({ length: count }, (_, c) => Int16Array.from({ length: frames }, (_, f) => decode((f * count + c) * width))) };
}

export const DTMF = { 1: [697, 1209], 2: [697, 1336], 3: [697, 1477], 4: [770, 1209], 5: [770, 1336], 6: [770, 1477], 7: [852, 1209], 8: [852, 1336], 9: [852, 1477], "*": [941, 1209], 0: [941, 1336], "#": [941, 1477] };
