//! Talk-off: the DTMF detector listens to all the speech and music that the product ships, over G.711 and with the level
//! changed, and must hear no digit in it.
use media::codec::g711;
use media::dtmf::Detector;
use std::path::Path;

#[test]
fn shipped_speech_and_music_hold_no_digit() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../engine/assets/prompts");
    let (mut seconds, mut heard) = (0, Vec::new());
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "wav") {
            continue;
        }
        let audio = media::wav::read(&std::fs::read(&path).unwrap()).unwrap();
        assert_eq!(audio.rate, 8000);
        for gain in [0.25, 0.5, 1.0, 1.8] {
            let mut detector = Detector::new();
            let pcm: Vec<i16> =
                audio.mono().iter().map(|s| g711::pcm_from_alaw(g711::alaw_from_pcm((f32::from(*s) * gain) as i16))).collect();
            seconds += pcm.len() / 8000;
            heard.extend(pcm.chunks(160).filter_map(|frame| detector.process(frame)).map(|digit| (path.clone(), gain, digit)));
        }
    }
    assert!(seconds > 600, "only {seconds} s of speech found");
    assert!(heard.is_empty(), "{heard:?}");
}
