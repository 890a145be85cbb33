import { useQuery } from "@tanstack/react-query";
import { interactions } from "@zhiyin/client/api";
import type { InteractionDetail, Waveform } from "@zhiyin/client/model";
import { palettes } from "@zhiyin/client/tokens";
import { Button, Segmented } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import WaveSurfer from "wavesurfer.js";
import { useThemeName } from "../../app/theme.ts";
import { Icon } from "../../parts/Icon.tsx";
import { clock } from "../../parts/time.ts";
import { Failed, Loading } from "../../parts/Views.tsx";

const HEIGHT = 64;
const SKIP_S = 5;
const SPEEDS = [0.75, 1, 1.25, 1.5, 2] as const;
/** Peaks come as 0–127. */
const PEAK_MAX = 127;

function useWave(box: React.RefObject<HTMLDivElement | null>, interaction: string, wave: Waveform) {
  const theme = useThemeName();
  const player = useRef<WaveSurfer | null>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!box.current) return;
    const colours = palettes[theme];
    const audio = new Audio();
    audio.preload = "none";
    audio.src = interactions.recordingUrl(interaction);
    const channel = (colour: string) => ({ waveColor: `${colour}88`, progressColor: colour, height: HEIGHT });
    const surfer = WaveSurfer.create({
      container: box.current,
      media: audio,
      peaks: wave.channels.map((peaks) => peaks.map((peak) => peak / PEAK_MAX)),
      duration: wave.duration_ms / 1000,
      cursorColor: colours.ink,
      cursorWidth: 1,
      barWidth: 2,
      barGap: 1,
      splitChannels: [channel(colours.live), channel(colours.brand)],
    });
    player.current = surfer;
    surfer.on("play", () => setPlaying(true));
    surfer.on("pause", () => setPlaying(false));
    surfer.on("finish", () => setPlaying(false));
    surfer.on("timeupdate", setAt);
    audio.addEventListener("error", () => setFailed(true));
    return () => {
      audio.pause();
      surfer.destroy();
      player.current = null;
    };
  }, [box, interaction, wave, theme]);
  return { player, playing, at, failed };
}

function Wave({ interaction, wave }: { interaction: string; wave: Waveform }) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const [speed, setSpeed] = useState(1);
  const { player, playing, at, failed } = useWave(box, interaction, wave);
  const total = wave.duration_ms / 1000;
  const skip = (seconds: number) => player.current?.setTime(Math.max(0, Math.min(total, at + seconds)));
  const toggle = () => void player.current?.playPause();
  return (
    <section
      className="player"
      aria-label={t("player.label")}
      data-testid="player"
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") skip(-SKIP_S);
        else if (event.key === "ArrowRight") skip(SKIP_S);
      }}
    >
      <div className="player-wave">
        <div className="player-names meta">
          <span className="tone-live">{t("player.customer")}</span>
          <span className="tone-brand">{t("player.agent")}</span>
        </div>
        <div ref={box} className="grow" data-testid="waveform" />
      </div>
      <div className="row player-controls">
        <Button
          type="primary"
          onClick={toggle}
          icon={<Icon name={playing ? "pause" : "play"} size={18} />}
          data-testid="play"
        >
          {t(playing ? "player.pause" : "player.play")}
        </Button>
        <Button onClick={() => skip(-SKIP_S)}>−{SKIP_S} s</Button>
        <Button onClick={() => skip(SKIP_S)}>+{SKIP_S} s</Button>
        <span className="num" data-testid="player-time">
          {clock(at * 1000)} / {clock(wave.duration_ms)}
        </span>
        {failed ? (
          <span className="tone-alert" role="alert">
            {t("player.failed")}
          </span>
        ) : null}
        <span className="grow" />
        <Segmented
          aria-label={t("player.speed")}
          value={speed}
          options={SPEEDS.map((value) => ({ value, label: `${value}×` }))}
          onChange={(value) => {
            setSpeed(value);
            player.current?.setPlaybackRate(value, true);
          }}
        />
      </div>
    </section>
  );
}

/** The recording: customer above, agent below; the waveform comes first, the sound when it is played. */
export function Player({ interaction }: { interaction: InteractionDetail }) {
  const query = useQuery({
    queryKey: ["waveform", interaction.id],
    queryFn: () => interactions.waveform(interaction.id),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (query.isPending) return <Loading lines={3} />;
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <Wave interaction={interaction.id} wave={query.data} />;
}
