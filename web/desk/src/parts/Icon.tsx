/** Our own line icons, 20 × 20, drawn in the colour of the text. */
const PATHS = {
  desk: "M3 13a7 7 0 0 1 14 0M3 13v2.5a1.5 1.5 0 0 0 3 0V13a1.5 1.5 0 0 0-3 0Zm11 0v2.5a1.5 1.5 0 0 0 3 0V13a1.5 1.5 0 0 0-3 0Z",
  calls: "M4 5.5h12M4 10h12M4 14.5h7",
  team: "M7 9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM2.5 16c0-2.5 2-4.200 4.5-4.200s4.5 1.700 4.5 4.200M13.5 9.5a2 2 0 1 0 0-4M14 12c2 .2 3.5 1.700 3.5 4",
  people: "M10 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM4 16.5c0-3 2.600-5 6-5s6 2 6 5",
  queues: "M3 5h14M3 10h9M3 15h5M15 12v5M12.5 14.5h5",
  numbers: "M7.5 3 6 17M14 3l-1.5 14M3.5 7.5h13.5M3 12.5h13.5",
  calendar: "M4 5h12v11H4V5ZM4 8.5h12M7.500 3v3.500M12.500 3v3.500M7.500 12l2 1.500 3-3.500",
  trunks: "M3 10h4l2-5 3 10 2-5h3",
  prompts: "M4 8v4h2.5l4 3.5v-11L6.5 8H4ZM13.5 7.5a3.5 3.5 0 0 1 0 5M15.5 5a7 7 0 0 1 0 10",
  codes: "M4 4h5.5l7 7-5.5 5.5-7-7V4ZM7.200 7.200h.1",
  keys: "M8 12a4 4 0 1 1 3.400-1.900L17 15.5V17h-2.5v-1.5H13V14h-1.200L10 12.200A4 4 0 0 1 8 12Z",
  audit: "M10 2.5 4 5v4.5c0 4 2.5 6.5 6 8 3.5-1.5 6-4 6-8V5l-6-2.5ZM7.5 10l2 2 3.5-4",
  phone: "M5.5 3.5 3.5 5c0 6 5.5 11.5 11.5 11.5l1.5-2-3.200-2.600-1.900 1.200A9 9 0 0 1 7 9l1.200-1.900-2.700-3.600Z",
  hangup: "M2.5 12.5v-1.5c4.5-3.600 10.5-3.600 15 0v1.5l-.8 1-3.700-.9V10.400c-2-.6-4-.6-6 0v2.200l-3.700.9-.8-1Z",
  mic: "M10 12.5a2.5 2.5 0 0 0 2.5-2.5V5.5a2.5 2.5 0 0 0-5 0V10a2.5 2.5 0 0 0 2.5 2.5ZM5 10a5 5 0 0 0 10 0M10 15v2.5",
  micOff:
    "M12.5 9V5.5a2.5 2.5 0 0 0-4.800-1M7.5 8v2a2.5 2.5 0 0 0 3.600 2.200M5 10a5 5 0 0 0 7.700 4.200M15 10a5 5 0 0 1-.4 2M10 15v2.5M3.5 3.5l13 13",
  pause: "M7 4.5v11M13 4.5v11",
  play: "M6.5 4.5v11l9-5.5-9-5.5Z",
  transfer: "M3 7h11M11 4l3 3-3 3M17 13H6M9 10l-3 3 3 3",
  keypad: "M5 4.5h.1M10 4.5h.1M15 4.5h.1M5 9h.1M10 9h.1M15 9h.1M5 13.5h.1M10 13.5h.1M15 13.5h.1M10 17.5h.1",
  settings: "M4 6h7M15 6h1M4 14h1M9 14h7M13 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM7 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  help: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM8 8a2 2 0 1 1 2.700 1.900c-.5.2-.7.6-.7 1.100v.3M10 13.700h.1",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5ZM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  copy: "M7 7h9v9H7V7ZM4 12.5V4h8.5",
  down: "M5 8l5 5 5-5",
  inbound: "M15 5 6 14M6 7.5V14h6.5",
  outbound: "M5 15l9-9M7.5 6H14v6.5",
  internal: "M4 10h12M7 7l-3 3 3 3M13 7l3 3-3 3",
  next: "M4 10h12M11 5l5 5-5 5",
  back: "M16 10H4M9 5l-5 5 5 5",
  plus: "M10 4v12M4 10h12",
  search: "M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM13 13l4 4",
  check: "M4 10.5l4 4 8-9",
  close: "M5 5l10 10M15 5 5 15",
  trash: "M4 6h12M8 6V4h4v2M6 6l.6 10.5h6.800L14 6M8.5 9v4.5M11.5 9v4.5",
  bell: "M5 14V9.5a5 5 0 0 1 10 0V14l1.5 1h-13L5 14ZM8.5 17h3",
  signout: "M8 4H4v12h4M12 7l3.5 3-3.5 3M7.5 10h8",
  boards: "M3 4h6v5H3V4ZM11 4h6v8h-6V4ZM3 11h6v5H3v-5ZM11 14h6v2h-6v-2Z",
  wall: "M3 7V4h4M13 4h4v3M17 13v3h-4M7 16H3v-3",
  rules: "M4 5h7M4 10h12M4 15h5M14 5h2M12 3.5v3M12 15h4M11.500 13.500v3",
  webhooks: "M7.5 8.500a3 3 0 1 1 4.300-.6l2.200 4a3 3 0 1 1-1.500 5M5.500 10.500a3 3 0 1 0 2.700 4.500h4.300",
  up: "M5 12l5-5 5 5",
  dots: "M5 10h.1M10 10h.1M15 10h.1",
  ear: "M6 8a4 4 0 1 1 8 0c0 3-3 3.500-3 6a2.500 2.500 0 0 1-4.500 1.500M8.500 8a1.500 1.500 0 1 1 3 0c0 1-1 1.300-1 2.300",
  whisper: "M4 5h9v7H8l-3 3v-3H4V5ZM15.500 7.500a4 4 0 0 1 0 6",
  barge:
    "M7 8.500a2.300 2.300 0 1 0 0-4.600 2.300 2.300 0 0 0 0 4.600ZM2.500 15.500c0-2.500 2-4 4.500-4s4.500 1.500 4.500 4M15 6v6M12 9h6",
  planning: "M3 16.500h14M4.500 16.500v-5M8 16.500V9M11.500 16.500V5.500M15 16.500v-4M3 8l4-3.500 4-2 6 5",
  spark: "M3 14l4-5 3 3 4-6 3 4",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      style={{ flex: "none", display: "block" }}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
