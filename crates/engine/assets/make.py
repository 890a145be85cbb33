#!/usr/bin/env python3
"""Makes every file of prompts/: speech by espeak-ng (a separate program, Debian package espeak-ng) and composed music.

    python3 crates/engine/assets/make.py            make what is missing
    python3 crates/engine/assets/make.py --all      make everything again
    python3 crates/engine/assets/make.py --list     print the table for prompts/README.md

Only the standard library is needed. Output: 8 kHz mono µ-law WAV, the form in which telephone calls carry it.
"""
import io
import math
import operator
import os
import struct
import subprocess
import sys
import wave

RATE = 8000
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "prompts")
PEAK = 0.5  # of full scale: speech at a comfortable telephone level
ZH, EN = "cmn-latn-pinyin", "en-us"

# ---- what is said: name -> [(voice, words per minute, text)], parts are joined with half a second of silence ----
ZH_STAFF, EN_STAFF = (ZH + "+f3", 190), (EN + "+f3", 165)
SPEECH = {
    "welcome": [
        (*ZH_STAFF, "您好，欢迎致电知音科技客户服务中心。"),
        (*EN_STAFF, "Hello, and welcome to Zhiyin customer service."),
    ],
    "recording_notice": [
        (*ZH_STAFF, "为了提高服务质量，本次通话可能会被录音。"),
        (*EN_STAFF, "To improve our service, this call may be recorded."),
    ],
    "main_menu": [
        (*ZH_STAFF, "账单查询请按一，技术支持请按二，销售咨询请按三，重听请按星号。"),
        (*EN_STAFF, "For billing, press one. For technical support, press two. For sales, press three. To hear this again, press star."),
    ],
    "invalid_choice": [(*ZH_STAFF, "您的输入有误，请重新输入。"), (*EN_STAFF, "Sorry, that is not a valid choice. Please try again.")],
    "please_hold": [(*ZH_STAFF, "正在为您转接，请稍候。"), (*EN_STAFF, "Please hold while we connect you.")],
    "queue_comfort": [
        (*ZH_STAFF, "坐席全忙，请您耐心等待，我们会尽快为您服务。"),
        (*EN_STAFF, "All our agents are busy. Please stay on the line, we will be with you as soon as possible."),
    ],
    "no_agent": [
        (*ZH_STAFF, "非常抱歉，目前没有空闲的坐席，请您稍后再拨。感谢您的来电，再见。"),
        (*EN_STAFF, "We are sorry, no agent is available at the moment. Please call again later. Goodbye."),
    ],
    "closed": [
        (*ZH_STAFF, "现在是非工作时间。我们的服务时间是每天八点到二十点。"),
        (*EN_STAFF, "We are closed now. Our hours are from eight in the morning to eight in the evening, every day."),
    ],
    "goodbye": [(*ZH_STAFF, "感谢您的来电，再见。"), (*EN_STAFF, "Thank you for calling. Goodbye.")],
    "voicemail_greeting": [
        (*ZH_STAFF, "您好，我们现在无法接听您的电话，请在提示音后留言，挂机结束。"),
        (*EN_STAFF, "We cannot take your call right now. Please leave a message after the tone, and hang up when you are done."),
    ],
    "voicemail_saved": [(*ZH_STAFF, "您的留言已保存。"), (*EN_STAFF, "Your message has been saved.")],
    "echo_test": [
        (*ZH_STAFF, "这是回声测试，您将听到自己的声音。"),
        (*EN_STAFF, "This is an echo test. You will hear your own voice."),
    ],
    "transfer_failed": [(*ZH_STAFF, "转接失败，请稍候。"), (*EN_STAFF, "The transfer did not succeed. Please hold.")],
    "information": [
        (*ZH_STAFF, "欢迎收听知音科技服务信息。我们的人工服务时间为每天八点到二十点，节假日照常服务。"
                    "您可以拨打四零零零进入主菜单，查询账单，申请技术支持，或者咨询新的业务。"
                    "网上客服全年不休，您可以在网站右下角打开聊天窗口，随时与我们联系。"
                    "如果您的设备出现故障，请先检查电源和网线，然后重新启动设备。如仍无法使用，请准备好设备的序列号，再联系我们的工程师。"
                    "账单每月一日生成，您可以在十五日之前完成付款。感谢您选择知音科技。"),
        (*EN_STAFF, "This is the Zhiyin service information line. Our agents are here every day from eight in the morning to eight in the "
                    "evening, including public holidays. Dial four zero zero zero for the main menu, where you can ask about a bill, get "
                    "technical support, or learn about our products. If your device does not work, please check the power and the cable "
                    "first, and then restart it. Keep its serial number at hand when you call. Bills are issued on the first of each "
                    "month and are due on the fifteenth. Thank you for choosing Zhiyin."),
    ],
    "position_before": [(*ZH_STAFF, "您当前排在第")],
    "position_after": [(*ZH_STAFF, "位，请耐心等待。")],
    "queue_exit": [
        (*ZH_STAFF, "不想继续等待，请按一留言，我们会尽快给您回复。"),
        (*EN_STAFF, "If you do not want to wait, press one to leave a message."),
    ],
    "callback_offer": [
        (*ZH_STAFF, "如果希望我们给您回电，请按二，您的排队位置将为您保留。"),
        (*EN_STAFF, "To be called back without losing your place, press two."),
    ],
    "callback_ask": [
        (*ZH_STAFF, "回拨您的来电号码请按一，回拨其他号码请按二，继续等待请按星号。"),
        (*EN_STAFF, "To be called at the number you are calling from, press one. For another number, press two. To keep waiting, press star."),
    ],
    "callback_number": [
        (*ZH_STAFF, "请输入您的电话号码，固定电话请加拨区号，以井号键结束。"),
        (*EN_STAFF, "Please enter the number with its area code, and then press the hash key."),
    ],
    "callback_booked": [
        (*ZH_STAFF, "已为您登记回电，请保持电话畅通，再见。"),
        (*EN_STAFF, "Thank you. We will call you back. Goodbye."),
    ],
    "callback_greeting": [
        (*ZH_STAFF, "您好，这里是知音科技，您预约的回电已接通，正在为您转接。"),
        (*EN_STAFF, "Hello, this is Zhiyin, calling you back as you asked. Please hold the line."),
    ],
    "en_position_before": [(*EN_STAFF, "You are number")],
    "en_position_after": [(*EN_STAFF, "in the queue. Thank you for waiting.")],
    # What simulated customers say, each in a voice of its own.
    "customer_zh_bill": [(ZH + "+m3", 165, "你好，我想查一下我上个月的账单，好像多收了五十块钱，麻烦帮我看一下。")],
    "customer_zh_network": [(ZH + "+f2", 170, "你好，我家里的网从昨天晚上开始就上不去了，路由器的红灯一直在闪。")],
    "customer_zh_refund": [(ZH + "+m7", 160, "我想申请退货，订单号是二零二六一一零八，商品收到的时候包装已经坏了。")],
    "customer_zh_address": [(ZH + "+f4", 165, "您好，我搬家了，想改一下收货地址，下个星期的快递还来得及吗？")],
    "customer_en_bill": [(EN + "+m2", 165, "Hi, I have a question about my last bill. It looks like I was charged twice for the same month.")],
    "customer_en_network": [(EN + "+f2", 170, "Hello, my internet connection has been down since last night, and the router keeps blinking red.")],
    "customer_en_refund": [(EN + "+m4", 160, "Hello. I would like to return an item. The package was already damaged when it arrived.")],
    "customer_en_password": [(EN + "+f4", 165, "Hi there, I can not sign in any more. I think somebody has changed my password.")],
}
DIGITS_ZH = "零一二三四五六七八九"
# The steps in which a waiting time is said: `domain::estimate::Spoken`.
WAITS = {
    "wait_under_1": ("预计等待不到一分钟。", "The estimated wait is less than one minute."),
    "wait_over_30": ("预计等待超过三十分钟。", "The estimated wait is more than thirty minutes."),
    **{f"wait_{n}": (f"预计等待约{zh}分钟。", f"The estimated wait is about {n} minutes.")
       for n, zh in ((2, "两"), (5, "五"), (10, "十"), (15, "十五"), (20, "二十"), (25, "二十五"), (30, "三十"))},
}


def number_zh(n):
    tens, ones = divmod(n, 10)
    return ("" if tens == 0 else "十" if tens == 1 else DIGITS_ZH[tens] + "十") + (DIGITS_ZH[ones] if ones else "")


for wait, (zh, en) in WAITS.items():
    SPEECH[wait] = [(*ZH_STAFF, zh)]
    SPEECH["en_" + wait] = [(*EN_STAFF, en)]
for number in range(1, 21):
    SPEECH[f"number_{number}"] = [(*ZH_STAFF, number_zh(number))]
    SPEECH[f"en_number_{number}"] = [(*EN_STAFF, str(number))]


# ---- signal ----
def speak(voice, speed, text):
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "--stdout", text]
    done = subprocess.run(command, check=True, capture_output=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    with wave.open(io.BytesIO(done.stdout)) as file:
        raw = file.readframes(file.getnframes())
        samples = struct.unpack(f"<{len(raw) // 2}h", raw)
        return trim(resample([s / 32768 for s in samples], file.getframerate()))


def resample(samples, rate):
    """Windowed sinc, 24 zero crossings each side, at 94 % of the new Nyquist frequency."""
    cutoff = 0.94 * RATE / rate
    half = math.ceil(24 / cutoff)
    divisor = math.gcd(rate, RATE)
    up, down = RATE // divisor, rate // divisor
    filters = []
    for phase in range(up):
        taps = []
        for k in range(1 - half, half + 1):
            x = k - phase / up
            window = math.cos(math.pi * x / (2 * half)) ** 2 if abs(x) < half else 0
            taps.append((math.sin(math.pi * cutoff * x) / (math.pi * cutoff * x) if abs(x) > 1e-9 else 1) * window)
        total = sum(taps)
        filters.append([t / total for t in taps])
    padded = [0.0] * half + samples + [0.0] * (2 * half)
    count = len(samples) * up // down
    out = []
    for n in range(count):
        base, phase = divmod(n * down, up)
        start = base + 1
        out.append(sum(map(operator.mul, filters[phase], padded[start:start + 2 * half])))
    return out


def trim(samples, floor=0.004, keep=RATE // 25):
    """Cuts silence at both ends down to 40 ms."""
    loud = [i for i, s in enumerate(samples) if abs(s) > floor]
    if not loud:
        return samples
    return samples[max(0, loud[0] - keep):loud[-1] + keep]


def level(samples, peak):
    top = max(map(abs, samples)) or 1
    return [s * peak / top for s in samples]


def music():
    """Thirty seconds in G: four chords, a bass note and a slow melody of soft plucks that start over without a seam."""
    beat = 0.625
    bars = 12
    length = int(bars * 4 * beat * RATE)
    out = [0.0] * length
    chords = [("G3", "B3", "D4"), ("E3", "G3", "B3"), ("C3", "E3", "G3"), ("D3", "F#3", "A3")]
    melody = ["D5", "B4", "G4", "A4", "B4", "G4", "E4", "G4", "E5", "D5", "C5", "G4", "A4", "B4", "C5", "A4",
              "G4", "B4", "D5", "E5", "D5", "B4", "G4", "E4"]
    names = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}

    def hz(note):
        semitone = names[note[0]] + (1 if "#" in note else 0) + 12 * (int(note[-1]) + 1)
        return 440 * 2 ** ((semitone - 69) / 12)

    def pluck(note, start, seconds, loudness):
        frequency, first = hz(note), int(start * RATE)
        for i in range(int(seconds * RATE)):
            t = i / RATE
            envelope = min(t / 0.02, 1) * math.exp(-2.2 * t / seconds * 1.6) * min((seconds - t) / 0.05, 1)
            tone = sum(math.sin(2 * math.pi * frequency * h * t) / h ** 2.2 for h in (1, 2, 3) if frequency * h < 3400)
            # Wrapping round at the end lets the last notes ring into the first bar.
            out[(first + i) % length] += loudness * envelope * tone

    for bar in range(bars):
        chord = chords[bar % 4]
        pluck(chord[0], bar * 4 * beat, 3.4 * beat, 0.5)
        for step, note in enumerate((0, 1, 2, 1, 2, 1, 0, 1)):
            pluck(chord[note], (bar * 4 + step / 2) * beat, 1.4 * beat, 0.22)
        for step in range(2):
            pluck(melody[(bar * 2 + step) % len(melody)], (bar * 4 + step * 2) * beat, 2.2 * beat, 0.35)
    return level(out, 0.2)


def ulaw(sample):
    value = max(-32635, min(32635, int(round(sample * 32767))))
    sign = 0x80 if value < 0 else 0
    value = abs(value) + 132
    segment = value.bit_length() - 8
    return ~(sign | segment << 4 | value >> segment + 3 & 15) & 0xFF


def write(name, samples):
    data = bytes(map(ulaw, samples))
    header = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data) + len(data) % 2, b"WAVE", b"fmt ", 16, 7, 1, RATE, RATE, 1, 8,
                         b"data", len(data))
    with open(os.path.join(FOLDER, name + ".wav"), "wb") as file:
        file.write(header + data + b"\0" * (len(data) % 2))


def make(name):
    if name == "hold_music":
        return music()
    samples = []
    for index, (voice, speed, text) in enumerate(SPEECH[name]):
        samples += ([0.0] * (RATE // 2) if index else []) + level(speak(voice, speed, text), PEAK)
    return samples


def table():
    for name in ["hold_music", *SPEECH]:
        path = os.path.join(FOLDER, name + ".wav")
        seconds = (os.path.getsize(path) - 44) / RATE
        text = " / ".join(text for *_, text in SPEECH[name]) if name in SPEECH else "(music, starts over without a seam)"
        print(f"| `{name}` | {seconds:.1f} | {text if len(text) < 160 else text[:157] + '…'} |")


def main():
    if "--list" in sys.argv:
        return table()
    os.makedirs(FOLDER, exist_ok=True)
    for name in ["hold_music", *SPEECH]:
        if "--all" in sys.argv or not os.path.exists(os.path.join(FOLDER, name + ".wav")):
            write(name, make(name))
            print("made", name)


if __name__ == "__main__":
    main()
