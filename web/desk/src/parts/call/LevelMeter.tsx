import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { levelOf } from "./level.ts";

function watch(stream: MediaStream, show: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let frame = 0;
  const paint = () => {
    analyser.getFloatTimeDomainData(samples);
    show(levelOf(samples));
    frame = requestAnimationFrame(paint);
  };
  paint();
  return () => {
    cancelAnimationFrame(frame);
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  };
}

/** How loud the chosen microphone hears. Opening it also lets the browser tell the devices' names. */
export function LevelMeter({ microphone, onReady }: { microphone: string | null; onReady: () => void }) {
  const { t } = useTranslation();
  const bar = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let stop: (() => void) | null = null;
    let gone = false;
    const open = async () => {
      try {
        if (!navigator.mediaDevices) throw new Error("no microphone on an insecure page");
        const stream = await navigator.mediaDevices.getUserMedia({
          audio: microphone ? { deviceId: { exact: microphone } } : true,
        });
        const show = (level: number) => bar.current?.style.setProperty("transform", `scaleX(${level.toFixed(3)})`);
        stop = watch(stream, show);
        if (gone) stop();
        else onReady();
        setFailed(false);
      } catch {
        setFailed(true);
      }
    };
    void open();
    return () => {
      gone = true;
      stop?.();
    };
  }, [microphone, onReady]);
  if (failed) return <span className="meta tone-alert">{t("device.noMicrophone")}</span>;
  return (
    <div className="level" role="img" aria-label={t("device.level")}>
      <div ref={bar} className="level-fill" style={{ transform: "scaleX(0)" }} />
    </div>
  );
}
