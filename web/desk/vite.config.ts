import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `npm run dev` talks to a running `zhiyin demo`; give its address in ZHIYIN_URL.
const server = process.env.ZHIYIN_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  server: { host: "127.0.0.1", proxy: { "/api": { target: server, ws: true } } },
  build: {
    target: "es2022",
    manifest: true,
    // The first screen needs react, the kit's core and the shell; everything else comes with its page.
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        advancedChunks: {
          groups: [{ name: "react", test: /node_modules\/(react|react-dom|scheduler|react-router|@tanstack)\// }],
        },
      },
    },
  },
});
